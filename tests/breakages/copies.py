"""Copy the repository, and break the copy in one place at a time."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.breakages.breakage import Breakage

ROOT: Final = Path(__file__).parents[2]
UNTRACKED: Final = ("gateway/explorer/assets",)
"""Built files that the tests use and Git does not hold."""

PATIENCE_SECONDS: Final = 300
"""The longest that the tests of one breakage may take."""

PROOF_SECONDS: Final = 3600
"""The longest that all tests may take without a breakage."""

ALL_PASSED: Final = 0
SOME_FAILED: Final = 1


class Copy:
    """Hold one copy of the working tree.

    Args:
        folder: An empty folder for the copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in UNTRACKED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name)

    def verdict(self, breakage: Breakage) -> str:
        """Break the copy, run the tests, mend the copy, and say CAUGHT, MISSED or STALE.

        Only failed tests catch a breakage. A run that ends in another way, by a signal for instance, is MISSED, and the
        verdict names pytest's exit status.
        """
        path = self._folder / breakage.file
        if not is_applicable(breakage, self._folder):
            return "STALE"
        with _broken(path, breakage):
            status = self.status(breakage.tests)
        if status == SOME_FAILED:
            return "CAUGHT"
        return "MISSED" if status == ALL_PASSED else f"MISSED (pytest: {status})"

    def status(self, tests: Sequence[str], seconds: float = PATIENCE_SECONDS) -> int | None:
        """Run tests and give pytest's exit status; give None where it does not end in time."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        try:
            done = subprocess.run(command, cwd=self._folder, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return None
        return done.returncode


def is_applicable(breakage: Breakage, folder: Path) -> bool:
    """Tell whether the right text stands once in the file, and the files of the tests exist."""
    path = folder / breakage.file
    tests = (folder / test.partition("::")[0] for test in breakage.tests)
    return path.is_file() and path.read_text("utf-8").count(breakage.old) == 1 and all(map(Path.is_file, tests))


@contextmanager
def _broken(path: Path, breakage: Breakage) -> Iterator[None]:
    """Put the fault into the file while the block runs."""
    right = path.read_text("utf-8")
    try:
        _write(path, right.replace(breakage.old, breakage.new))
        yield
    finally:
        _write(path, right)


def _write(path: Path, text: str) -> None:
    """Write a module and remove its compiled form: Python compares only seconds and sizes."""
    path.write_text(text, "utf-8")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
