"""Memory and processor of a gateway and a worker: idle, asked, and with many creations at once."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from benchmarks import processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import bucket
from benchmarks.figures import BenchmarkResult, Goal, Table, format_megabytes
from benchmarks.fleets import Fleet, Member, start_fleet
from benchmarks.machine import cpu_seconds, resident_bytes
from benchmarks.processes import GROUP, StartError, headers

REGION, ESTATE = "us-east-2", "hundred-models"
SETTLING_SECONDS, WINDOW_SECONDS = 10.0, 60.0
ASKED, CLIENTS, CREATIONS = 200, 8, 32
MOST_DIGEST_BYTES: Final = 100_000_000
"""Two digests of 16 MB, and the rest of 32 creations; a digest for each creation would be 512 MB."""
IDLE, WORKER, KNOWN, CREATED = "gateway, idle", "worker, idle", "gateway, account known", "gateway, creations at once"
CREATE: Final = """mutation($input: CreateTransformJobInput!) {
  createTransformJob(input: $input) { transformJob { name } userErrors { code message } } }"""


@dataclass(frozen=True)
class ProcessState:
    """The memory and processor time of a process in one state.

    Attributes:
        resident: Bytes of memory that it holds.
        most: The most bytes that it has held.
        cores: Processor time by time, while the state lasted.
    """

    resident: int
    most: int
    cores: float


def measure(_options: RunOptions) -> BenchmarkResult:
    """Look at a gateway and a worker as they go through the states."""
    with processes.start_sandbox({REGION: ESTATE}) as aws, TemporaryDirectory() as folder:
        settings = processes.settings(aws.url, REGION, 0) | {
            "permissions": [{"group": GROUP, "allow": ["READ", "CREATE_JOBS"]}],
            "database": {"url": f"sqlite+aiosqlite:///{Path(folder)}/registry.db"},
        }
        with start_fleet(settings, gateways=1, workers=1) as fleet:
            return result(_states(fleet))


def _states(fleet: Fleet) -> Mapping[str, ProcessState]:
    gateway, worker = fleet.members
    time.sleep(SETTLING_SECONDS)
    states = {}
    before = {member.name: cpu_seconds(_pid(member)) for member in fleet.members}
    time.sleep(WINDOW_SECONDS)
    for name, member in {IDLE: gateway, WORKER: worker}.items():
        states[name] = _state(member, before[member.name], WINDOW_SECONDS)
    _post(gateway, queries.NESTED, {"first": 100})
    used, begun = cpu_seconds(_pid(gateway)), time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda _: _post(gateway, queries.NESTED, {"first": 5}), range(ASKED)))
    states[KNOWN] = _state(gateway, used, time.monotonic() - begun)
    used, begun = cpu_seconds(_pid(gateway)), time.monotonic()
    with ThreadPoolExecutor(CREATIONS) as clients:
        list(clients.map(lambda number: _create(gateway, number), range(CREATIONS)))
    states[CREATED] = _state(gateway, used, time.monotonic() - begun)
    return states


def _pid(member: Member) -> int:
    assert member.process is not None  # It was begun.
    return member.process.pid


def _state(member: Member, used: float, seconds: float) -> ProcessState:
    resident, most = resident_bytes(_pid(member))
    state = ProcessState(resident, most, (cpu_seconds(_pid(member)) - used) / seconds)
    print(f"  {member.name}: {state}", flush=True)
    return state


def _post(member: Member, query: str, variables: Mapping[str, object], user: str = "ana") -> None:
    """Ask, and require an answer without errors. Raises StartError."""
    url, body = f"http://127.0.0.1:{member.port}/graphql", {"query": query, "variables": variables}
    answer = httpx.post(url, json=body, headers=headers(user), timeout=120).json()
    faults = answer.get("errors") or [
        fault for field in answer["data"].values() for fault in (field or {}).get("userErrors", ())
    ]
    if faults:
        raise StartError(f"The gateway refused what was measured: {faults[0]}")


def _create(member: Member, number: int) -> None:
    """Create a job, as a person of one's own: one may have 20 requests at once."""
    _post(member, CREATE, {"input": _job(number)}, f"user{number}")


def _job(number: int) -> dict[str, object]:
    return {
        "name": f"sizing-{number}",
        "modelName": "model-00000",
        "inputS3Uri": f"s3://{bucket(REGION, 'in')}/batch/",
        "outputS3Uri": f"s3://{bucket(REGION, 'out')}/sizing/{number}",
        "instanceType": "ml.m5.large",
        "instanceCount": 1,
    }


def result(states: Mapping[str, ProcessState]) -> BenchmarkResult:
    """Sum up the states."""
    rows = [
        [name, format_megabytes(state.resident), format_megabytes(state.most), f"{state.cores:.3f}"]
        for name, state in states.items()
    ]
    grown = states[CREATED].most - states[KNOWN].most
    text = f"{CREATIONS} creations at once take at most {format_megabytes(MOST_DIGEST_BYTES)} more"
    return BenchmarkResult(
        [Table(["process", "resident", "at the most", "cores"], rows)],
        [Goal(text, format_megabytes(grown), grown <= MOST_DIGEST_BYTES)],
        {name: vars(state) for name, state in states.items()},
    )


CASE = BenchmarkCase(
    "sizing",
    "Memory and processor of a gateway and a worker that nobody asks anything, of the gateway as 8 clients ask about "
    f"an account of 100 models and 500 jobs that it knows, and as {CREATIONS} transform jobs are created at once.",
    "Python with its libraries and the schema takes 150 MB, the account some tens, and two digests 32; idle, a "
    "hundredth of a core.",
    measure,
)
