"""`make bench`: measures the rows that are asked for, side by side with the peers, and keeps the numbers."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine
from benchmarks.cases import (
    answers,
    chaos,
    concurrent_clients,
    executors,
    first_read,
    idle_deployments,
    idle_traffic,
    imports,
    liveness,
    memory,
    one_model,
    registry_reads,
    relations,
    retention,
    screens,
    sizing,
    subscribers,
    warm_queries,
    worker_processes,
)
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.peers.readers import PeerError
from benchmarks.processes import StartError
from benchmarks.report import Report, as_text

CASES = {
    row.name: row
    for row in (
        first_read.CASE,
        warm_queries.CASE,
        answers.CASE,
        executors.CASE,
        liveness.CASE,
        worker_processes.CASE,
        concurrent_clients.CASE,
        memory.CASE,
        one_model.FIRST_CASE,
        one_model.GROWTH_CASE,
        screens.CASE,
        relations.CASE,
        imports.CASE,
        registry_reads.CASE,
        idle_deployments.CASE,
        idle_traffic.CASE,
        subscribers.CASE,
        chaos.CASE,
        retention.CASE,
        sizing.CASE,
    )
}
RESULTS = Path(__file__).parent / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the rows that the arguments name, all unless given.

    Args:
        arguments: The arguments after the program's name; None for those of the process.

    Returns:
        The exit status: 1 if a row could not be measured, else 0, also if a goal is not met.
    """
    options = _parser().parse_args(arguments)
    rows = [CASES[name] for name in options.rows or CASES]
    report = Report(
        begun=datetime.now(UTC).replace(microsecond=0),
        setting=machine.describe_machine() | {"command": _command(options)},
        predictions={row.name: row.prediction for row in rows},
        titles={row.name: row.title for row in rows},
        words={word: text for word in ("change", "expected") if (text := getattr(options, word))},
    )
    # The predictions are written down before the first measurement.
    report.save(RESULTS)
    for row in rows:
        _measure(row, RunOptions(options.rounds, options.seed), report)
        page = report.save(RESULTS)
    print(f"Kept in benchmarks/results/{page.name}, and beside it as JSON.")
    return 1 if report.failures else 0


def _measure(row: BenchmarkCase, options: RunOptions, report: Report) -> None:
    print(f"{row.name} …", flush=True)
    before = machine.load_average()
    try:
        result = row.measure(options)
    except (StartError, PeerError) as error:
        report.failures[row.name] = str(error)
        print(f"{row.name} could not be measured: {error}", file=sys.stderr)
        return
    report.results[row.name] = result
    report.loads[row.name] = before, machine.load_average()
    print(f"\n{as_text(row.title, result)}\n", flush=True)


def _command(options: argparse.Namespace) -> str:
    """Give the command that repeats this measurement; the text about a change stands beside it."""
    return f'make bench ARGS="{" ".join([*options.rows, f"--rounds {options.rounds} --seed {options.seed}"])}"'


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"which to measure: {', '.join(CASES)}; all unless given"
    )
    parser.add_argument(
        "--rounds", type=int, default=RunOptions.rounds, help="how often peers are measured side by side"
    )
    parser.add_argument("--seed", type=int, default=RunOptions.seed, help="what random choices begin with (chaos)")
    parser.add_argument("--change", metavar="TEXT", help="what has changed since the last run; kept with the numbers")
    parser.add_argument("--expected", metavar="TEXT", help="what you expect of that change; kept with the numbers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
