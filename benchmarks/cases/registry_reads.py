"""Registrations of a hundred imported models: one query for all, against one query per model."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks import processes
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.databases import POSTGRES, SQLITE, database
from benchmarks.estates import SIZES, name_of
from benchmarks.figures import BenchmarkResult, Goal, Table, alternating_order, format_ratio, format_seconds, ratio
from benchmarks.processes import GatewayProcess, SandboxProcess

REGION, ESTATE = "us-east-2", "hundred-models"
MODELS = SIZES[ESTATE].models
AT_ONCE, ONE_BY_ONE = "at once", "one by one"
GOAL = 3.0
IMPORT = """mutation($name: String!) { importModel(input: {modelName: $name}) {
  importRun { state } userErrors { message } } }"""
_SHOWN = """{ id displayName customMetadata assets { name } requiredAssets { role present }
  elements(first: 10) { totalCount nodes { kind name } } deployments(first: 5) { totalCount nodes { state } } }"""
LIST = f"{{ registrations(first: 100) {{ nodes {_SHOWN} }} }}"
IDS = "{ registrations(first: 100) { nodes { id } } }"
ONE = f"query($id: ID!) {{ node(id: $id) {{ ... on Registration {_SHOWN} }} }}"


@dataclass(frozen=True)
class RegistryReadRun:
    """One way of asking.

    Attributes:
        seconds: The time of all requests together.
        calls: The number of its calls to AWS.
        results: The answer about each registration.
    """

    seconds: float
    calls: int
    results: Sequence[Any]


def measure(options: RunOptions) -> BenchmarkResult:
    """Import every model into each database, then ask in both ways in turn, for the options' rounds."""
    asked: dict[str, dict[str, list[RegistryReadRun]]] = {}
    with processes.start_sandbox({REGION: ESTATE}) as aws:
        for kind in (SQLITE, POSTGRES):
            with (
                database(kind) as url,
                processes.start_gateway(aws.url, REGION, database={"url": url}, **processes.IMPORTING) as gateway,
            ):
                _import_all(gateway)
                asked[kind] = _ask(aws, gateway, options.rounds)
    return result(asked)


def _import_all(gateway: GatewayProcess) -> None:
    for number in range(MODELS):
        answer = gateway.ask(IMPORT, {"name": name_of(number)})
        if answer.errors:
            raise processes.StartError(f"{name_of(number)} could not be imported: {answer.errors[0]}")


def _ask(aws: SandboxProcess, gateway: GatewayProcess, rounds: int) -> dict[str, list[RegistryReadRun]]:
    runs: dict[str, list[RegistryReadRun]] = defaultdict(list)
    with httpx.Client(base_url=gateway.url, headers=processes.headers("ana"), timeout=60) as http:
        _at_once(http)  # The first answer warms up the validation of documents; the others are of the same kind.
        for way in alternating_order([AT_ONCE, ONE_BY_ONE], rounds):
            aws.forget_calls()
            begun = time.perf_counter()
            shown = _at_once(http) if way == AT_ONCE else _one_by_one(http)
            runs[way].append(RegistryReadRun(time.perf_counter() - begun, sum(aws.calls().values()), shown))
            print(f"  {way}: {runs[way][-1].seconds:.3f} s", flush=True)
    return runs


def _at_once(http: httpx.Client) -> Sequence[Any]:
    nodes: Sequence[Any] = _data(http, LIST)["registrations"]["nodes"]
    return nodes


def _one_by_one(http: httpx.Client) -> Sequence[Any]:
    ids = [item["id"] for item in _data(http, IDS)["registrations"]["nodes"]]
    return [_data(http, ONE, {"id": element})["node"] for element in ids]


def _data(http: httpx.Client, query: str, variables: Mapping[str, object] | None = None) -> Any:
    return http.post("/graphql", json={"query": query, "variables": variables or {}}).json()["data"]


def result(runs: Mapping[str, Mapping[str, Sequence[RegistryReadRun]]]) -> BenchmarkResult:
    """Compare the two ways by their runs on each database."""
    seconds = {kind: {way: [run.seconds for run in of] for way, of in ways.items()} for kind, ways in runs.items()}
    times = {kind: ratio(of[ONE_BY_ONE], of[AT_ONCE]) for kind, of in seconds.items()}
    rows = [
        [f"{way}, {kind}", "1" if way == AT_ONCE else str(MODELS + 1), format_seconds(of), str(_calls(runs[kind][way]))]
        for kind, ways in seconds.items()
        for way, of in ways.items()
    ]
    return BenchmarkResult(
        tables=[Table(["who asks", "requests", "seconds", "calls to AWS"], rows)],
        goals=[_right(runs), *(_faster(kind, item) for kind, item in times.items())],
        figures={"seconds": seconds, "ratios": times},
        notes=["The client that asks one by one keeps one connection, and asks for the same fields."],
    )


def _calls(runs: Sequence[RegistryReadRun]) -> int:
    return max(run.calls for run in runs)


def _right(runs: Mapping[str, Mapping[str, Sequence[RegistryReadRun]]]) -> Goal:
    """Require that both show all, alike, and that neither asks AWS; else speed does not count."""
    ways = [registry_read_runs for of in runs.values() for registry_read_runs in of.values()]
    same = all(of[AT_ONCE][-1].results == of[ONE_BY_ONE][-1].results for of in runs.values())
    whole = all(len(run.results) == MODELS for way in ways for run in way)
    calls = max(_calls(way) for way in ways)
    text = f"both show the same {MODELS} registrations, without a call to AWS"
    result = "so it is" if same and whole and not calls else f"the same: {same}, whole: {whole}, {calls} calls"
    return Goal(text, result, same and whole and not calls)


def _faster(kind: str, times: float) -> Goal:
    text = f"{kind}: one by one takes at least {GOAL:.0f} times as long"
    return Goal(text, format_ratio(times), times >= GOAL)


CASE = BenchmarkCase(
    "remembered",
    f"{MODELS} imported models with their elements, assets and deployments, from SQLite and PostgreSQL: one nested "
    f"question against a client that asks for each of them, {MODELS + 1} requests in all.",
    f"One question takes some ten statements and makes {MODELS} small objects: a tenth of a second. Each single one "
    "takes as many statements, and a request with its own parsing and guards, 6 ms: 0.6 s in all, 6 times as long.",
    measure,
)
