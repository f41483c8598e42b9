"""Environments of other programs: made once from a lock with hashes, and again when the lock has changed."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

INSTALL_SECONDS: Final = 900
_SHOWN_CHARACTERS: Final = 400


class LockedEnvironmentError(Exception):
    """An environment could not be made; the message says which, and the installer's last words."""


def locked_environment(lock: Path, home: Path) -> Path:
    """Make an environment from its lock, unless it stands as the lock has it.

    Args:
        lock: Requirements with hashes, as `uv pip compile --generate-hashes` writes them.
        home: The environment's folder; an environment of another lock is replaced.

    Returns:
        The folder of the environment's programs.

    Raises:
        LockedEnvironmentError: The packages could not be fetched.
    """
    mark, wanted = home / ".ready", hashlib.sha256(lock.read_bytes()).hexdigest()
    if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
        print(f"Installing {lock.stem} into an environment of its own …", flush=True)
        uv = [sys.executable, "-m", "uv"]
        _run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)], lock.stem)
        # The lock is whole: packages that it leaves out on purpose (`.excludes`) are not resolved.
        into = ["--python", str(home / "bin" / "python"), "--no-deps", "--require-hashes", "-r", str(lock)]
        _run([*uv, "pip", "install", "--quiet", *into], lock.stem)
        mark.write_text(wanted, encoding="utf-8")
    return home / "bin"


def _run(command: list[str], name: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise LockedEnvironmentError(f"installing {name} took longer than {INSTALL_SECONDS} seconds") from error
    if done.returncode:
        raise LockedEnvironmentError(f"installing {name} failed: {done.stderr.strip()[-_SHOWN_CHARACTERS:]}")
