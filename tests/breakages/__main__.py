"""Break the product on purpose, in one place at a time, and report the breakages that the tests do not notice.

Run it with `python -m tests.breakages [--only PATTERN…] [--jobs N]`. `--stale` runs no test: it looks whether every
breakage still finds its place, which takes a second.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path
from queue import SimpleQueue

from tests.breakages.breakage import Breakage
from tests.breakages.catalog import BREAKAGES
from tests.breakages.copies import ALL_PASSED, PROOF_SECONDS, ROOT, Copy, is_applicable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen breakages and give the exit status: 0 where every one of them is caught."""
    options = _parser().parse_args(arguments)
    chosen = _chosen(options.only)
    unused = [pattern for pattern in options.only if not any(fnmatchcase(one.id, pattern) for one in chosen)]
    if unused:
        _say(f"No breakage has the id {', '.join(unused)}.")
        return 1
    return _report_stale(chosen) if options.stale else _run(chosen, options.jobs, proved=not options.unproved)


def _chosen(patterns: Sequence[str]) -> list[Breakage]:
    """Give the breakages whose ids match one of the patterns, and all of them if there is no pattern."""
    return [one for one in BREAKAGES if not patterns or any(fnmatchcase(one.id, pattern) for pattern in patterns)]


def _report_stale(chosen: Sequence[Breakage]) -> int:
    """Name the breakages whose place or tests are gone from the working tree; give 0 if there is none."""
    stale = [breakage.id for breakage in chosen if not is_applicable(breakage, ROOT)]
    _say(*(f"STALE  {id}" for id in stale), f"{len(chosen)} looked at, {len(stale)} stale")
    return 1 if stale else 0


def _run(chosen: Sequence[Breakage], jobs: int, *, proved: bool) -> int:
    """Run breakages and give 0 if every one of them is caught."""
    with ExitStack() as stack:
        copies = [
            Copy(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="breakages-")))) for _ in range(jobs)
        ]
        if proved and not _pass_unbroken(copies[0], chosen):
            return 1
        verdicts = Counter(_verdicts(copies, chosen))
    _say(f"{verdicts['CAUGHT']} caught, {verdicts['MISSED']} missed, {verdicts['STALE']} stale")
    return 0 if verdicts["CAUGHT"] == len(chosen) else 1


def _parser() -> argparse.ArgumentParser:
    """Give the grammar of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.breakages", description="Break the product, one fault at a time."
    )
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="PATTERN", help="run the breakages with these ids only (`aws-*`)"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="run so many breakages at once (1)")
    parser.add_argument(
        "--unproved", action="store_true", help="do not run the tests once without a breakage before all else"
    )
    parser.add_argument("--stale", action="store_true", help="run no test: name the breakages that fit no more")
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
