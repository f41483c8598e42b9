"""Runs foreign JavaScript clients, which npm installs once, from the committed lock."""

import asyncio
import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "javascript"
INSTALL_SECONDS = 240
RUN_SECONDS = 60


@pytest.fixture(scope="session")
def node_packages() -> Path:
    """The folder of the scripts, with their packages beside them.

    A machine without npm skips what needs it: the gateway itself runs without. A failed installation is an error.
    """
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed (Debian: apt-get install npm)")
    install_packages(FOLDER)
    return FOLDER


def install_packages(folder: Path) -> None:
    """Install the locked packages of a folder beside it, unless they are there; a failed installation is an error."""
    command = ["npm", "ci", "--loglevel=error"]
    make_once(
        folder / "node_modules",
        [folder / "package-lock.json"],
        lambda: subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_SECONDS, capture_output=True),
    )


def make_once(folder: Path, sources: Iterable[Path], make: Callable[[], object]) -> None:
    """Make a folder of what is not committed, unless it was made from sources of this very content."""
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
    mark = folder / ".ready"
    # One process of the suite makes it; the others wait for it.
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.is_file() or mark.read_text() != digest:
            make()
            mark.write_text(digest)


async def run_node(script: Path, *arguments: str) -> str:
    """Run a script to its end and give what it writes.

    Raises:
        AssertionError: It failed, or did not end in time; the message is what it wrote to its error stream.
    """
    process = await asyncio.create_subprocess_exec(
        "node",
        str(script),
        *arguments,
        cwd=FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(RUN_SECONDS):
            out, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        out, errors = await process.communicate()
        raise AssertionError(f"{script.name} did not end: {out.decode()}{errors.decode()}") from None
    assert process.returncode == 0, errors.decode()
    return out.decode()
