"""Fifty cold clients at once under SageMaker's list limits, against one client."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from benchmarks import call_bounds, processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table, calls_table, format_seconds
from benchmarks.processes import SandboxProcess

REGION, ESTATE = "us-east-2", "hundred-models"
CLIENTS = 50
LISTS_PER_SECOND = 2.0
ONE, ONE_PERSON, MANY = "one client", "50 clients of one person", "50 clients, each another person"


@dataclass(frozen=True)
class ConcurrentRun:
    """Clients that asked at the same time.

    Attributes:
        seconds: The time of each client until its answer.
        calls: Their calls to AWS together, by operation.
        errors: The number of their errors, by message.
        graphs: The number of different answers, which ought to be one.
    """

    seconds: Sequence[float]
    calls: Mapping[str, int]
    errors: Mapping[str, int]
    graphs: int


def measure(_options: RunOptions) -> BenchmarkResult:
    """One client, then fifty, each time on a new gateway."""
    crowds = {ONE: ["ana"], ONE_PERSON: ["ana"] * CLIENTS, MANY: [f"person-{i:02}" for i in range(CLIENTS)]}
    rushes = {}
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        for name, users in crowds.items():
            rushes[name] = _run_clients(aws, users)
            print(f"  {name}: {max(rushes[name].seconds):.3f} s", flush=True)
    return result(rushes)


def result(rushes: Mapping[str, ConcurrentRun]) -> BenchmarkResult:
    """Sum up the cost of the rushes, each a crowd of clients."""
    rows = [
        [
            name,
            format_seconds(rush.seconds),
            str(call_bounds.counted_calls(rush.calls)),
            str(sum(rush.calls.values()) - call_bounds.counted_calls(rush.calls)),
            str(sum(rush.errors.values())),
            str(rush.graphs),
        ]
        for name, rush in rushes.items()
    ]
    header = ["who", "seconds", "SageMaker calls", "STS calls", "errors", "different answers"]
    figures = {
        name: {
            "seconds": list(rush.seconds),
            "calls": dict(rush.calls),
            "errors": dict(rush.errors),
            "differentAnswers": rush.graphs,
        }
        for name, rush in rushes.items()
    }
    return BenchmarkResult(
        tables=[Table(header, rows), calls_table({name: rush.calls for name, rush in rushes.items()})],
        goals=[*(_same_calls(rushes, name) for name in (ONE_PERSON, MANY)), _no_error(rushes)],
        figures=figures,
        notes=["A role's session is taken for each person, so that CloudTrail names people: an AssumeRole each."],
    )


def _same_calls(rushes: Mapping[str, ConcurrentRun], name: str) -> Goal:
    """Require that one person's clients cost as much as one client, and other people a session each besides."""
    if name == ONE_PERSON:
        one, all_of_them, text = sum(rushes[ONE].calls.values()), sum(rushes[name].calls.values()), "calls"
    else:
        one, all_of_them, text = (
            call_bounds.counted_calls(rushes[ONE].calls),
            call_bounds.counted_calls(rushes[name].calls),
            "SageMaker calls",
        )
    return Goal(f"{name}: the same number of {text} as one client", f"{all_of_them} against {one}", all_of_them == one)


def _no_error(rushes: Mapping[str, ConcurrentRun]) -> Goal:
    errors = sum((Counter(rush.errors) for rush in rushes.values()), Counter())
    first = next(iter(errors), "")
    alike = all(rush.graphs == 1 for rush in rushes.values())
    text = f"{errors.total()} errors" + (f", such as: {first}" if first else "") + ("" if alike else "; answers differ")
    return Goal("no error, and one answer for all", text, not errors and alike)


def _run_clients(aws: SandboxProcess, users: Sequence[str]) -> ConcurrentRun:
    aws.degrade(latency=0.05, lists_per_second=LISTS_PER_SECOND)
    with processes.start_gateway(aws.url, REGION) as gateway:
        aws.forget_calls()
        answers = asyncio.run(_all_at_once(gateway.url, users))
        calls = aws.calls()
    errors = Counter(message for _, body in answers for message in _errors(body))
    graphs = {str(queries.graph(body)) for _, body in answers}
    return ConcurrentRun([seconds for seconds, _ in answers], calls, errors, len(graphs))


def _errors(body: Mapping[str, object]) -> Sequence[str]:
    errors = body.get("errors")
    return [str(error["message"]) for error in errors] if isinstance(errors, list) else []


async def _all_at_once(url: str, users: Sequence[str]) -> list[tuple[float, dict[str, object]]]:
    limits = httpx.Limits(max_connections=len(users))
    async with httpx.AsyncClient(timeout=None, limits=limits) as client:
        return await asyncio.gather(*(_ask(client, url, user) for user in users))


async def _ask(client: httpx.AsyncClient, url: str, user: str) -> tuple[float, dict[str, object]]:
    begun = time.perf_counter()
    body = {"query": queries.FIRST_READ}
    try:
        response = await client.post(f"{url}/graphql", json=body, headers=processes.headers(user))
        answer: dict[str, object] = response.json()
    except (httpx.HTTPError, ValueError) as error:
        answer = {"errors": [{"message": f"no answer: {type(error).__name__}"}]}
    return time.perf_counter() - begun, answer


CASE = BenchmarkCase(
    "crowd",
    f"{CLIENTS} clients at once, cold, list APIs limited to {LISTS_PER_SECOND:.0f} calls a second each, against one.",
    "Every listing and description is one flight for all, and the brake keeps to two a second: the same calls, none "
    "of them throttled. Three pages of a listing and the first describes take one client about 3 s; fifty wait as "
    "long, and then for fifty answers of 200 kB each to be made, 3 to 5 s more.",
    measure,
)
