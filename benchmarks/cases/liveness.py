"""The gateway's liveness probe while clients ask for large answers all the time."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median

from benchmarks import processes
from benchmarks.cases import answers
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table
from benchmarks.peers import node_servers
from benchmarks.peers.node_servers import Load, LoadResult

CLIENTS, PROBES_PER_SECOND, SECONDS = 8, 50, 10
MOST_MILLISECONDS = 50.0


def measure(options: RunOptions) -> BenchmarkResult:
    """Probe idle, then under the load, as often as the options say."""
    node_servers.install()
    idle, busy = [], []
    with ExitStack() as stack:
        with node_servers.on_core(node_servers.LOAD_CORE):
            aws = stack.enter_context(processes.start_sandbox({answers.REGION: answers.ESTATE}))
        with node_servers.on_core(node_servers.SERVER_CORE):
            gateway = stack.enter_context(processes.start_gateway(aws.url, answers.REGION))
        probe = Load(f"{gateway.url}/livez", 1, SECONDS, rate=PROBES_PER_SECOND)
        questions = answers.load(f"{gateway.url}/graphql", answers.LARGE, CLIENTS, SECONDS)
        node_servers.run_load(questions)
        for _ in range(options.rounds):
            idle += node_servers.run_load(probe)
            busy.append(tuple(node_servers.run_load(probe, questions)))
    return result(idle, busy)


def result(idle: Sequence[LoadResult], busy: Sequence[tuple[LoadResult, ...]]) -> BenchmarkResult:
    """Sum up the probe's latencies in milliseconds.

    Args:
        idle: The probes without a load.
        busy: The probe and the load of each other run.
    """
    probes = [probe for probe, _ in busy]
    rows = [_row("idle", idle), _row(f"{CLIENTS} clients", probes)]
    worst = median(probe.p99 for probe in probes)
    answered = sum(questions.answers for _, questions in busy)
    goal = Goal(
        f"p99 of /livez at most {MOST_MILLISECONDS:.0f} ms beside {CLIENTS} clients",
        f"{worst:.0f} ms while {answered} large answers were given",
        worst <= MOST_MILLISECONDS and answered > 0,
    )
    figures = {
        "idle": [asdict(run) for run in idle],
        "busy": [{"probe": asdict(probe), "questions": asdict(asked)} for probe, asked in busy],
    }
    return BenchmarkResult([Table(["/livez", "p50 ms", "p99 ms", "longest ms"], rows)], [goal], figures)


def _row(name: str, runs: Sequence[LoadResult]) -> list[str]:
    return [
        name,
        *(f"{median(values):.0f}" for values in zip(*((run.p50, run.p99, run.longest) for run in runs), strict=True)),
    ]


CASE = BenchmarkCase(
    "liveness",
    f"/livez, asked {PROBES_PER_SECOND} times a second, while {CLIENTS} clients ask for the large answer.",
    "A slice of the loop is one level of one answer and its JSON, some milliseconds; a probe waits for a few of them.",
    measure,
)
