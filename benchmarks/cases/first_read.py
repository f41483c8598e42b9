"""The first full read of an estate: the gateway, cold, against DataHub's SageMaker source and a plain boto3 script."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks import call_bounds, processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import SIZES
from benchmarks.figures import (
    BenchmarkResult,
    Goal,
    Table,
    alternating_order,
    calls_table,
    format_ratio,
    format_seconds,
    ratio,
)
from benchmarks.peers.readers import PeerError, install_datahub, read_with_boto3, read_with_datahub
from benchmarks.processes import SandboxProcess

REGION, ESTATE = "us-east-2", "hundred-models"
SIZE = SIZES[ESTATE]
LATENCY = 0.05
"""Seconds that each call to AWS takes longer than the sandbox itself."""
GOAL = 20.0
"""The factor by which a gateway without Search must be faster than DataHub."""
GATEWAY, NO_SEARCH, DATAHUB, BOTO3 = "gateway", "gateway, Search off", "DataHub", "boto3 script"
TIMES = {GATEWAY: 2, NO_SEARCH: 2}
"""A read by the gateway is short, so that each turn has two of it, each by a new process."""
WHOLE = {"models": SIZE.models, "snapshots": SIZE.snapshots, "runtimes": SIZE.runtimes, "jobs": SIZE.jobs}


@dataclass(frozen=True)
class ReadRun:
    """One read by one contestant.

    Attributes:
        seconds: The time that it took.
        calls: Its calls to AWS, by operation.
        resources: The number of resources of each kind that it has read.
        graph: The graph that it has read; None if it reports none.
        faults: The faults that it met.
    """

    seconds: float
    calls: Mapping[str, int]
    resources: Mapping[str, int]
    graph: queries.Graph | None = None
    faults: Sequence[str] = field(default=())


def measure(options: RunOptions) -> BenchmarkResult:
    """Let each contestant read the same estate in turn, as often as the options say, and compare."""
    contestants, notes = _contestants()
    readings: dict[str, list[ReadRun]] = defaultdict(list)
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        aws.degrade(latency=LATENCY)
        for name in alternating_order(list(contestants), options.rounds):
            for _ in range(TIMES.get(name, 1)):
                aws.forget_calls()
                readings[name].append(contestants[name](aws))
                print(f"  {name}: {readings[name][-1].seconds:.3f} s", flush=True)
    return result(readings, notes)


def result(readings: Mapping[str, Sequence[ReadRun]], notes: Sequence[str]) -> BenchmarkResult:
    """Sum up the readings."""
    own = readings[GATEWAY]
    seconds = {name: [run.seconds for run in of] for name, of in readings.items()}
    ratios = {name: ratio(seconds[name], seconds[GATEWAY]) for name in readings}
    rows = [
        [
            name,
            format_seconds(seconds[name]),
            format_ratio(ratios[name]),
            str(call_bounds.counted_calls(of[-1].calls)),
            ", ".join(f"{n} {kind}" for kind, n in of[-1].resources.items()),
        ]
        for name, of in readings.items()
    ]
    columns = {name: of[-1].calls for name, of in readings.items()}
    least = {
        "least, list + describe": call_bounds.min_calls_with_describe(SIZE),
        "least, with Search": call_bounds.min_calls_with_search(SIZE),
    }
    return BenchmarkResult(
        tables=[
            Table(["who", "seconds", "times the gateway's", "SageMaker calls", "read"], rows),
            calls_table(columns | least),
        ],
        goals=[
            _faster(ratio(seconds[DATAHUB], seconds[NO_SEARCH]) if DATAHUB in seconds else None),
            _sparing(own),
            _right(readings),
        ],
        figures=_figures(readings, seconds, ratios),
        notes=notes,
    )


def _figures(
    readings: Mapping[str, Sequence[ReadRun]], seconds: Mapping[str, Sequence[float]], ratios: Mapping[str, float]
) -> Mapping[str, object]:
    return {
        "seconds": seconds,
        "medians": {name: median(values) for name, values in seconds.items()},
        "ratios": ratios,
        "calls": {name: [dict(read_run.calls) for read_run in of] for name, of in readings.items()},
        "found": {name: dict(of[-1].resources) for name, of in readings.items()},
        "allowed": call_bounds.max_calls(SIZE),
    }


def _contestants() -> tuple[dict[str, Callable[[SandboxProcess], ReadRun]], list[str]]:
    """List the readers, with the reason of each that does not run."""
    notes = ["DataHub reads no endpoint configurations; the others read everything."]
    readers: dict[str, Callable[[SandboxProcess], ReadRun]] = {
        GATEWAY: _gateway(search=True),
        NO_SEARCH: _gateway(search=False),
    }
    try:
        install_datahub()
        readers[DATAHUB] = _datahub
    except PeerError as error:
        notes.append(f"DataHub was not measured: {error}")
    return readers | {BOTO3: _boto3}, notes


def _gateway(*, search: bool) -> Callable[[SandboxProcess], ReadRun]:
    def read(aws: SandboxProcess) -> ReadRun:
        with processes.start_gateway(aws.url, REGION, sagemaker={"search": search}) as gateway:
            answer = gateway.ask(queries.FIRST_READ)
            calls = aws.calls()
        graph = queries.graph(answer.body)
        return ReadRun(answer.seconds, calls, queries.count_resources(graph), graph, answer.errors)

    return read


def _datahub(aws: SandboxProcess) -> ReadRun:
    reading = read_with_datahub(aws.url, REGION)
    scanned = reading.report["scanned"]
    result = {"models": scanned["models"], "runtimes": scanned["endpoints"], "jobs": scanned["jobs"]}
    return ReadRun(reading.seconds, aws.calls(), result)


def _boto3(aws: SandboxProcess) -> ReadRun:
    reading = read_with_boto3(aws.url, REGION)
    graph = reading.report["graph"]
    return ReadRun(reading.seconds, aws.calls(), queries.count_resources(graph), graph)


def _faster(times: float | None) -> Goal:
    met = None if times is None else times >= GOAL
    text = f"at least {GOAL:.0f} times as fast as DataHub, without Search"
    return Goal(text, "DataHub was not measured" if times is None else format_ratio(times), met)


def _sparing(own: Sequence[ReadRun]) -> Goal:
    most, allowed = max(call_bounds.counted_calls(run.calls) for run in own), call_bounds.max_calls(SIZE)
    text = f"at most {allowed} calls: one for each thing that must be described, and list pages"
    return Goal(text, f"{most} calls", most <= allowed)


def _right(readings: Mapping[str, Sequence[ReadRun]]) -> Goal:
    """Require that everything was read, and that the gateway and the plain script agree; else speed does not count."""
    expected = readings[BOTO3][0].graph
    own = [*readings[GATEWAY], *readings[NO_SEARCH]]
    faults = [fault for run in own for fault in run.faults]
    right = not faults and all(read_run.resources == WHOLE and read_run.graph == expected for read_run in own)
    text = "the same graph" if right else f"another graph, or errors: {faults[:1]}"
    return Goal("the whole estate, without errors, as the boto3 script reads it", text, right)


def _prediction() -> str:
    calls = call_bounds.max_calls(SIZE)
    slow = sum(call_bounds.min_calls_with_describe(SIZE, call_bounds.DEFAULT_PAGE).values())
    crawler = slow - SIZE.snapshots - call_bounds.pages(SIZE.snapshots, call_bounds.DEFAULT_PAGE)
    return (
        f"The peers call one after the other, {LATENCY * 1000:.0f} ms and about 4 ms of their own each: the script "
        f"{slow} calls, {slow * (LATENCY + 0.004):.0f} s; DataHub {crawler} and four short lists, and some seconds "
        f"for its records, {crawler * (LATENCY + 0.004) + 4:.0f} s. The gateway makes {calls} calls or fewer, 32 at a "
        f"time, and 1.5 ms of computing for each: {calls * (LATENCY / 32 + 0.0015):.1f} s."
    )


CASE = BenchmarkCase(
    "first-read",
    f"First full read of {SIZE.models} models, {SIZE.snapshots} snapshots, {SIZE.runtimes} runtimes and {SIZE.jobs} "
    f"jobs, {LATENCY * 1000:.0f} ms per call to AWS, against DataHub's SageMaker source and a plain boto3 script.",
    _prediction(),
    measure,
)
