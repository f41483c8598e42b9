"""The import of a model with two thousand jobs, on both databases, against a plain boto3 script that keeps nothing."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import call_bounds, processes
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.databases import POSTGRES, SQLITE, database
from benchmarks.estates import SIZES, name_of
from benchmarks.figures import (
    BenchmarkResult,
    Goal,
    Table,
    alternating_order,
    calls_table,
    format_megabytes,
    format_ratio,
    format_seconds,
    ratio,
)
from benchmarks.machine import resident_bytes
from benchmarks.peers.readers import read_with_boto3
from benchmarks.processes import GatewayProcess, SandboxProcess, TimedResponse

REGION, ESTATE = "us-east-2", "one-large-model"
SIZE = SIZES[ESTATE]
ELEMENTS = sum(SIZE.by_kind.values())
LATENCY = 0.01
"""Seconds that each call to AWS takes longer than the sandbox itself."""
BOTO3 = "boto3 script"
GOAL, MOST_DIFFERENCE, MOST_BYTES = 3.0, 1.5, 100_000_000
OVERHEAD = 6
"""Calls beside lists and descriptions: the model is described for the answer and for the run, and tags are read."""
IMPORT = """mutation($name: String!) { importModel(input: {modelName: $name}) {
  importRun { id } userErrors { message } } }"""
RUN = """query($id: ID!) { node(id: $id) { ... on ImportRun {
  state phase done problems { message } changes(first: 1) { totalCount } } } }"""


@dataclass(frozen=True)
class ImportTiming:
    """One import, or one sync.

    Attributes:
        seconds: The time from the request to the end of the run.
        calls: Its calls to AWS, by operation.
        done: The number of elements that it has found.
        changes: The number of these that were new or changed.
        growth: Bytes by which the process has grown.
        faults: The problems that it reports.
    """

    seconds: float
    calls: Mapping[str, int]
    done: int
    changes: int
    growth: int = 0
    faults: Sequence[str] = field(default=())


def measure(options: RunOptions) -> BenchmarkResult:
    """Import one model into an empty registry and sync it, and read it by the script, by turns, as options say."""
    first: dict[str, list[ImportTiming]] = defaultdict(list)
    again: dict[str, list[ImportTiming]] = defaultdict(list)
    script: list[float] = []
    script_calls: Mapping[str, int] = {}
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        aws.degrade(latency=LATENCY)
        for name in alternating_order([SQLITE, POSTGRES, BOTO3], options.rounds):
            if name == BOTO3:
                aws.forget_calls()
                script.append(read_with_boto3(aws.url, REGION).seconds)
                script_calls = aws.calls()
                print(f"  {name}: {script[-1]:.3f} s", flush=True)
                continue
            whole, sync = _imports(aws, name)
            first[name].append(whole)
            again[name].append(sync)
            print(f"  {name}: {whole.seconds:.3f} s, then {sync.seconds:.3f} s", flush=True)
    return result(first, again, script, script_calls)


def _imports(aws: SandboxProcess, kind: str) -> tuple[ImportTiming, ImportTiming]:
    with (
        database(kind) as url,
        processes.start_gateway(aws.url, REGION, database={"url": url}, **processes.IMPORTING) as gateway,
    ):
        return _import(aws, gateway), _import(aws, gateway)


def _import(aws: SandboxProcess, gateway: GatewayProcess) -> ImportTiming:
    """Import the model, and wait for the end of the run."""
    aws.forget_calls()
    before, _ = resident_bytes(gateway.pid)
    begun = time.perf_counter()
    asked = gateway.ask(IMPORT, {"name": name_of(0)})
    payload = (asked.body.get("data") or {}).get("importModel") or {}
    if asked.errors or payload.get("userErrors") or not payload.get("importRun"):
        return ImportTiming(time.perf_counter() - begun, {}, 0, 0, faults=[str(asked.body)[:300]])
    run = _ended(gateway, payload["importRun"]["id"])
    seconds = time.perf_counter() - begun
    after, _ = resident_bytes(gateway.pid)
    faults = [*(item["message"] for item in run["problems"]), *([] if run["state"] == "DONE" else [run["phase"]])]
    return ImportTiming(seconds, aws.calls(), run["done"], run["changes"]["totalCount"], after - before, faults)


def _ended(gateway: GatewayProcess, run_id: str) -> Any:
    while True:
        answer: TimedResponse = gateway.ask(RUN, {"id": run_id})
        run = answer.body["data"]["node"]
        if run["state"] != "RUNNING":
            return run
        time.sleep(0.02)


def result(
    first: Mapping[str, Sequence[ImportTiming]],
    again: Mapping[str, Sequence[ImportTiming]],
    script: Sequence[float],
    script_calls: Mapping[str, int],
) -> BenchmarkResult:
    """Sum up the imports.

    Args:
        first: The imports by database.
        again: The syncs by database.
        script: The seconds of each reading by the script.
        script_calls: The calls of the last one, by operation.
    """
    seconds = {name: [timing.seconds for timing in of] for name, of in first.items()}
    syncs = {name: [timing.seconds for timing in of] for name, of in again.items()}
    slower = ratio(script, seconds[SQLITE])
    difference = ratio(seconds[POSTGRES], seconds[SQLITE])
    rows = [
        *_rows("import", first, seconds, script),
        *_rows("the same again: a sync", again, syncs, script),
        [BOTO3, "reads all of it, keeps nothing", format_seconds(script), "1.00 times", _count(script_calls), "-", "-"],
    ]
    columns = {f"import, {SQLITE}": first[SQLITE][-1].calls, f"sync, {SQLITE}": again[SQLITE][-1].calls}
    return BenchmarkResult(
        tables=[
            Table(["who", "does", "seconds", "the script takes", "SageMaker calls", "news", "memory more"], rows),
            calls_table({**columns, BOTO3: script_calls, "least": call_bounds.min_calls_with_describe(SIZE)}),
        ],
        goals=[_right(first, again), _faster(slower), _alike(difference), _sparing(first, again), _lean(first, again)],
        figures={
            "seconds": {"import": seconds, "sync": syncs, BOTO3: list(script)},
            "ratios": {"script to import": slower, "PostgreSQL to SQLite": difference},
            "calls": {
                "import": {name: dict(of[-1].calls) for name, of in first.items()},
                "sync": {name: dict(of[-1].calls) for name, of in again.items()},
                BOTO3: dict(script_calls),
            },
            "growthBytes": {name: [item.growth for item in of] for name, of in first.items()},
            "faults": _faults(first, again),
        },
        notes=["Each import goes into an empty registry, by a process that knows nothing; its time ends with its run."],
    )


def _faults(*imports: Mapping[str, Sequence[ImportTiming]]) -> list[str]:
    return [fault for databases in imports for of in databases.values() for timing in of for fault in timing.faults]


def _rows(
    label: str,
    imports: Mapping[str, Sequence[ImportTiming]],
    seconds: Mapping[str, Sequence[float]],
    script: Sequence[float],
) -> list[list[str]]:
    return [
        [
            f"gateway, {name}",
            label,
            format_seconds(seconds[name]),
            format_ratio(ratio(script, seconds[name])),
            _count(of[-1].calls),
            str(of[-1].changes),
            format_megabytes(max(0, *(timing.growth for timing in of))),
        ]
        for name, of in imports.items()
    ]


def _count(calls: Mapping[str, int]) -> str:
    return str(call_bounds.counted_calls(calls))


def _right(first: Mapping[str, Sequence[ImportTiming]], again: Mapping[str, Sequence[ImportTiming]]) -> Goal:
    """Require that every element was kept, and that a sync finds nothing changed; else speed does not count."""
    result = [(timing.done, timing.changes, *timing.faults) for of in first.values() for timing in of]
    synced = [(timing.done, timing.changes, *timing.faults) for of in again.values() for timing in of]
    right = set(result) == {(ELEMENTS, ELEMENTS)} and set(synced) == {(ELEMENTS, 0)}
    text = f"all {ELEMENTS} elements are kept, and a sync finds none of them changed"
    return Goal(text, "so it is" if right else f"{(result + synced)[:2]}", right)


def _faster(times: float) -> Goal:
    text = f"the script takes at least {GOAL:.0f} times as long as an import"
    return Goal(text, format_ratio(times), times >= GOAL)


def _alike(times: float) -> Goal:
    text = f"PostgreSQL takes at most {MOST_DIFFERENCE} times as long as SQLite"
    return Goal(text, format_ratio(times), times <= MOST_DIFFERENCE)


def _sparing(first: Mapping[str, Sequence[ImportTiming]], again: Mapping[str, Sequence[ImportTiming]]) -> Goal:
    most = max(call_bounds.counted_calls(timing.calls) for of in first.values() for timing in of)
    most_again = max(call_bounds.counted_calls(timing.calls) for of in again.values() for timing in of)
    lists = sum(call_bounds.pages(count) for count in SIZE.by_kind.values())
    allowed = call_bounds.max_calls(SIZE) + OVERHEAD
    text = f"at most {allowed} calls for an import, and {lists + OVERHEAD} for a sync: the pages of its lists"
    return Goal(text, f"{most} and {most_again} calls", most <= allowed and most_again <= lists + OVERHEAD)


def _lean(first: Mapping[str, Sequence[ImportTiming]], again: Mapping[str, Sequence[ImportTiming]]) -> Goal:
    whole = [
        one.growth + other.growth for name, of in first.items() for one, other in zip(of, again[name], strict=True)
    ]
    text = f"an import and a sync leave at most {format_megabytes(MOST_BYTES)} in the process"
    return Goal(text, format_megabytes(max(0, *whole)), max(whole) <= MOST_BYTES)


def _prediction() -> str:
    least = call_bounds.max_calls(SIZE)
    script = sum(call_bounds.min_calls_with_describe(SIZE, call_bounds.DEFAULT_PAGE).values())
    return (
        f"The script makes {script} calls one after the other, {LATENCY * 1000:.0f} ms and about 4 ms of its own each: "
        f"{script * (LATENCY + 0.004):.0f} s. The gateway makes {least} and some, at 1.5 ms of computing each, and "
        f"takes 0.3 ms to keep each of {ELEMENTS} elements: {least * 0.0015 + ELEMENTS * 0.0003:.1f} s; PostgreSQL "
        "hardly more, for it is one transaction. A sync reads lists alone, and touches what it finds: half a second."
    )


CASE = BenchmarkCase(
    "imports",
    f"Import of a model with {SIZE.jobs} jobs, {SIZE.snapshots} snapshots and {SIZE.runtimes} runtimes, "
    f"{LATENCY * 1000:.0f} ms per call to AWS, on SQLite and PostgreSQL, and again as a sync; against a boto3 script "
    "that reads the same and keeps nothing.",
    _prediction(),
    measure,
)
