"""Break the product in a hundred ways, one at a time, and report the breakages that the tests do not notice.

Run it with `python -m tests.breakages [--only ID…] [--jobs N]`.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from tests.breakages.breakage import Breakage
from tests.breakages.catalog import BREAKAGES
from tests.breakages.copies import ALL_PASSED, PROOF_SECONDS, Copy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen breakages and give the exit status: 0 where every one of them is caught."""
    given = _parser().parse_args(arguments)
    chosen = [breakage for breakage in BREAKAGES if not given.only or breakage.id in given.only]
    unknown = set(given.only) - {breakage.id for breakage in BREAKAGES}
    if unknown:
        _say(f"No breakage has the id {', '.join(sorted(unknown))}.")
        return 1
    with ExitStack() as stack:
        copies = [
            Copy(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="breakages-")))) for _ in range(given.jobs)
        ]
        if not given.unproved and not _pass_unbroken(copies[0], chosen):
            return 1
        verdicts = Counter(_verdicts(copies, chosen))
    _say(f"{verdicts['CAUGHT']} caught, {verdicts['MISSED']} missed, {verdicts['STALE']} stale")
    return 0 if verdicts["CAUGHT"] == len(chosen) else 1


def _parser() -> argparse.ArgumentParser:
    """Give the grammar of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.breakages", description="Break the product, one fault at a time."
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="run these breakages only")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="run so many breakages at once (1)")
    parser.add_argument(
        "--unproved", action="store_true", help="do not run the tests once without a breakage before all else"
    )
    return parser


def _pass_unbroken(copy: Copy, chosen: Sequence[Breakage]) -> bool:
    """Tell whether the tests pass without a breakage: a test that always fails catches nothing."""
    tests = list(dict.fromkeys(test for breakage in chosen for test in breakage.tests))
    if copy.status(tests, PROOF_SECONDS) == ALL_PASSED:
        return True
    _say("The tests do not pass without a breakage; mend them first. They are:", *tests)
    return False


def _verdicts(copies: Sequence[Copy], chosen: Sequence[Breakage]) -> Iterator[str]:
    """Run each breakage in a copy that is free, say its verdict, and give the verdict's first word."""
    with ThreadPoolExecutor(len(copies)) as pool:
        for breakage, (verdict, seconds) in zip(chosen, pool.map(_runner(copies), chosen), strict=True):
            _say(f"{verdict}  {breakage.id}  ({seconds:.1f} s)")
            yield verdict.split()[0]


def _runner(copies: Sequence[Copy]) -> Callable[[Breakage], tuple[str, float]]:
    """Give a function that runs one breakage and gives its verdict and its seconds."""
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def run(breakage: Breakage) -> tuple[str, float]:
        copy, begun = free.get(), time.monotonic()
        try:
            return copy.verdict(breakage), time.monotonic() - begun
        finally:
            free.put(copy)

    return run


def _say(*lines: str) -> None:
    """Write lines at once, so that a pipe shows them while the run goes on."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
