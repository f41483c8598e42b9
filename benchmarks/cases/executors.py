"""Warm nested answers in one process: the breadth-first executor beside graphql-core, which it takes the place of."""

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from benchmarks import processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table, alternating_order, format_ratio, ratio
from gateway.app import create_app
from gateway.settings.settings import from_mapping
from resolvers.execution.documents import DocumentPlans
from resolvers.execution.errors import UnplannableError

REGION, ESTATE = "us-east-2", "hundred-models"
MODELS = (100, 5)
PLANNED, STOCK = "level by level", "graphql-core"
ANSWERS, WARM_UP = 20, 3
LEAST = 2.0
AGES = dict.fromkeys(("freshSeconds", "deletionSeconds", "authoritySeconds"), 86_400.0)
"""Ages so long that nothing is asked of AWS between the answers."""

Key = tuple[int, str]
"""The number of models, and the executor."""


@dataclass(frozen=True)
class ExecutorRuns:
    """The answers of both executors.

    Attributes:
        milliseconds: Processor time of each answer.
        sizes: Bytes of the last answer.
    """

    milliseconds: Mapping[Key, Sequence[float]]
    sizes: Mapping[Key, int]


def measure(options: RunOptions) -> BenchmarkResult:
    """Ask both in turn, as often as the options say, in one process and of one inventory."""
    with ExitStack() as stack:
        aws = stack.enter_context(processes.start_sandbox({REGION: ESTATE}))
        folder = Path(stack.enter_context(TemporaryDirectory()))
        return result(asyncio.run(_measure(aws.url, folder, options.rounds)))


async def _measure(aws_url: str, folder: Path, rounds: int) -> ExecutorRuns:
    runs: dict[Key, list[float]] = {}
    sizes: dict[Key, int] = {}
    async with _gateway(aws_url, folder) as client:
        for models in MODELS:
            for name in alternating_order([PLANNED, STOCK], rounds):
                with _executor(name):
                    seconds, size = await _ask(client, models)
                runs.setdefault((models, name), []).extend(1000 * second for second in seconds)
                sizes[models, name] = size
    return ExecutorRuns(runs, sizes)


@asynccontextmanager
async def _gateway(aws_url: str, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway in this process."""
    database = {"database": {"url": f"sqlite+aiosqlite:///{folder}/sagegraph.db"}}
    mapping = processes.settings(aws_url, REGION, 0) | database | {"sagemaker": AGES}
    file = folder / "sagegraph.yaml"
    file.write_text(json.dumps(mapping), encoding="utf-8")
    processes.migrate(file)
    app = create_app(from_mapping(mapping))
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: object, receive: object, send: object) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)  # type: ignore[dict-item, arg-type]  # ASGI.

        transport = httpx.ASGITransport(with_state, client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60) as client:
            yield client


@contextmanager
def _executor(name: str) -> Iterator[None]:
    """Has every document answered by this executor while the block runs."""
    plan = DocumentPlans.plan
    if name == STOCK:

        def refuse(*_arguments: object) -> None:
            raise UnplannableError("benchmark")

        DocumentPlans.plan = refuse  # type: ignore[assignment, method-assign]  # For a while.
    try:
        yield
    finally:
        DocumentPlans.plan = plan  # type: ignore[method-assign]  # As above.


async def _ask(client: httpx.AsyncClient, models: int) -> tuple[list[float], int]:
    """The processor time of each answer in seconds, with that of a client in the same process, and its size."""
    body = {"query": queries.NESTED, "variables": {"first": models}}
    headers = {**processes.headers("ana"), "accept-encoding": "identity"}
    seconds, size = [], 0
    for number in range(WARM_UP + ANSWERS):
        gc.collect()
        begun = time.thread_time()
        response = await client.post("/graphql", json=body, headers=headers)
        if number >= WARM_UP:
            seconds.append(time.thread_time() - begun)
        size = len(response.content)
        if "errors" in response.json():
            raise processes.StartError(f"The answer has errors: {response.text[:300]}")
    return seconds, size


def result(runs: ExecutorRuns) -> BenchmarkResult:
    """Sum up the milliseconds of an answer of the runs, and the factor by which a plan is faster."""
    rows = [
        [
            f"{models} models, {name}",
            f"{runs.sizes[models, name] / 1000:.0f}",
            f"{min(milliseconds):.1f}",
            f"{median(milliseconds):.1f}",
            format_ratio(ratio(runs.milliseconds[models, STOCK], milliseconds)),
        ]
        for (models, name), milliseconds in runs.milliseconds.items()
    ]
    goals = [_goal(runs, models) for models in MODELS]
    figures = {
        f"{models} models, {name}": list(milliseconds) for (models, name), milliseconds in runs.milliseconds.items()
    }
    return BenchmarkResult([Table(["answer", "kB", "least ms", "median ms", "faster"], rows)], goals, figures)


def _goal(runs: ExecutorRuns, models: int) -> Goal:
    reached = ratio(runs.milliseconds[models, STOCK], runs.milliseconds[models, PLANNED])
    same = runs.sizes[models, STOCK] == runs.sizes[models, PLANNED]
    text = f"{models} models: the same answer in at most 1/{LEAST:.0f} of graphql-core's processor time"
    return Goal(text, format_ratio(reached), same and reached >= LEAST)


CASE = BenchmarkCase(
    "executors",
    "A warm nested answer of 100 models and of 5 in one process, level by level and by graphql-core, with all that "
    "both have in common: HTTP in memory, identity, limits, relations, JSON, and the client itself.",
    "graphql-core takes some 8 µs for each of 8,000 fields; a level takes a tenth of that, so that what is left is the "
    "relations' own work: three times faster for 100 models, less for 5.",
    measure,
)
