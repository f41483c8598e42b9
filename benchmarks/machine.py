"""Facts of the measurement: the machine, its load, the versions, the commit."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.processes import ROOT

PACKAGES = ("aiobotocore", "boto3", "graphql-core", "strawberry-graphql", "uvicorn", "uvloop", "moto")


def describe_machine() -> dict[str, str]:
    """Describe the machine and the versions on it, in words."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()} of memory, {platform.system()}",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "commit": _commit(),
    }


def load_average() -> float:
    """Load: processes that wanted a core, on average over the last minute."""
    return os.getloadavg()[0]


def resident_bytes(pid: int) -> tuple[int, int]:
    """The bytes of memory that the process with this pid holds, and the most that it has held, by Linux's pages."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return _kilobytes(fields["VmRSS"]), _kilobytes(fields["VmHWM"])


def cpu_seconds(pid: int) -> float:
    """The processor time, in seconds, of the process with this pid so far, the kernel's for it included."""
    # The second field is the program's name in brackets, which may hold any character.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kilobytes(field: str) -> int:
    return int(field.split(maxsplit=1)[0]) * 1024


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**30} GiB"


def _commit() -> str:
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}, with changes not committed" if changed else commit


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
