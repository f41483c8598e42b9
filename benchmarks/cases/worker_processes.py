"""Warm answers of one gateway with one process and with two, on all cores of the machine."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median

from benchmarks import processes, queries
from benchmarks.cases import answers
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table, alternating_order, format_ratio, ratio
from benchmarks.peers import node_servers
from benchmarks.peers.node_servers import LoadResult

WORKERS = (1, 2)
CLIENTS, SECONDS, WARM_UP_SECONDS = 16, 6, 4

Runs = Mapping[tuple[str, int], Sequence[LoadResult]]
"""All runs by the size of the answer and the number of processes."""


def measure(options: RunOptions) -> BenchmarkResult:
    """Ask both in turn, for the options' rounds; the load and the sandbox take a part of one core."""
    node_servers.install()
    runs: dict[tuple[str, int], list[LoadResult]] = {}
    with ExitStack() as stack:
        with node_servers.on_core(node_servers.LOAD_CORE):
            aws = stack.enter_context(processes.start_sandbox({answers.REGION: answers.ESTATE}))
        urls = {str(workers): _start(stack, aws.url, workers) for workers in WORKERS}
        for size in (answers.LARGE, answers.SMALL):
            for name in alternating_order(list(urls), options.rounds):
                load = answers.load(urls[name], size, CLIENTS, SECONDS)
                runs.setdefault((size, int(name)), []).extend(node_servers.run_load(load))
    return result(runs)


def _start(stack: ExitStack, aws_url: str, workers: int) -> str:
    """Start a gateway of so many processes and let each of them learn the account; give its /graphql address."""
    gateway = stack.enter_context(processes.start_gateway(aws_url, answers.REGION, server={"workers": workers}))
    for _ in range(4 * workers):
        gateway.ask(queries.NESTED, {"first": answers.MODELS})
    url = f"{gateway.url}/graphql"
    node_servers.run_load(answers.load(url, answers.LARGE, CLIENTS, WARM_UP_SECONDS))
    return url


def result(runs: Runs) -> BenchmarkResult:
    """Sum up responses a second of the runs, and the factor by which two processes give more than one."""
    rows = [_row(runs, size, workers) for size, workers in runs]
    refused = sum(run.refused for results in runs.values() for run in results)
    return BenchmarkResult(
        tables=[Table(["answer, processes", "a second", "times one process", "p50 ms", "p99 ms"], rows)],
        goals=[Goal("every request is answered", f"{refused} refused", refused == 0)],
        figures={f"{size} / {workers}": [asdict(run) for run in results] for (size, workers), results in runs.items()},
        notes=[f"{CLIENTS} clients; on a machine of two cores the load generator and the sandbox share them."],
    )


def _row(runs: Runs, size: str, workers: int) -> list[str]:
    results, one = runs[size, workers], runs[size, WORKERS[0]]
    times = ratio([run.per_second for run in results], [run.per_second for run in one])
    return [
        f"{size}, {workers}",
        f"{median(run.per_second for run in results):.1f}",
        format_ratio(times),
        f"{median(run.p50 for run in results):.0f}",
        f"{median(run.p99 for run in results):.0f}",
    ]


CASE = BenchmarkCase(
    "processes",
    f"A warm nested answer of {answers.MODELS} models and of 5 for {CLIENTS} clients, with `server.workers` 1 and 2.",
    "Two processes on two cores give more than one, but not twice as much: the load generator takes a part of a core, "
    "and each process looks at the account by itself.",
    measure,
)
