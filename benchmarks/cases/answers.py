"""Warm nested answers over HTTP, large and small, beside JavaScript servers with the data in memory."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import httpx

from benchmarks import processes, queries
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.estates import ACCOUNT, transform_job
from benchmarks.figures import BenchmarkResult, Goal, Table, alternating_order, format_ratio, ratio
from benchmarks.peers import node_servers
from benchmarks.peers.node_servers import Load, LoadResult
from benchmarks.peers.readers import PeerError
from benchmarks.processes import GatewayProcess, SandboxProcess

REGION, ESTATE, MODELS = "us-east-2", "hundred-models", 100
OURS, YOGA, MERCURIUS = "SageGraph", "graphql-yoga", "mercurius with its compiler"
SCRIPTS = {YOGA: "yoga", MERCURIUS: "mercurius"}
LARGE, SMALL = "large", "small"
PAGES: Mapping[str, Sequence[int]] = {LARGE: (100, 99, 98, 97), SMALL: (5, 4, 6, 5)}
"""Sizes of the page of models that neighbouring requests ask for."""
CLIENTS = (1, 16)
SECONDS, WARM_UP_SECONDS = 6, 2
FRESH_SECONDS = 5.0
GOALS = ((LARGE, YOGA, 3.0), (LARGE, MERCURIUS, 1.0), (SMALL, YOGA, 2.0))

Key = tuple[str, int, str]
"""The size of the answer, the number of clients, and the server."""


@dataclass(frozen=True)
class Contest:
    """All runs of the servers, and the answers that showed a change.

    Attributes:
        runs: The runs by size, clients and server.
        changes: The number of jobs that were added between rounds.
        shown: The number of these that the next answer showed.
    """

    runs: Mapping[Key, Sequence[LoadResult]]
    changes: int
    shown: int


def measure(options: RunOptions) -> BenchmarkResult:
    """Ask the gateway and each peer in turn, in as many rounds as the options say, and add a job after each."""
    node_servers.install()
    runs: dict[Key, list[LoadResult]] = {}
    shown = 0
    with ExitStack() as stack:
        aws, gateway, urls = _start(stack)
        for number in range(options.rounds):
            for size in (LARGE, SMALL):
                for clients in CLIENTS:
                    for name in alternating_order(list(urls), number + 1)[-len(urls) :]:
                        runs.setdefault((size, clients, name), []).append(_ask(urls[name], size, clients, SECONDS))
            shown += _shows_new_job(aws, gateway, number)
    return result(Contest(runs, options.rounds, shown))


def _start(stack: ExitStack) -> tuple[SandboxProcess, GatewayProcess, dict[str, str]]:
    """Start all of them and see that they give one answer; each then answers for a while unmeasured."""
    with node_servers.on_core(node_servers.LOAD_CORE):
        aws = stack.enter_context(processes.start_sandbox({REGION: ESTATE}))
    with node_servers.on_core(node_servers.SERVER_CORE):
        settings = {"freshSeconds": FRESH_SECONDS}
        gateway = stack.enter_context(processes.start_gateway(aws.url, REGION, sagemaker=settings))
    answer = Path(stack.enter_context(TemporaryDirectory())) / "answer.json"
    stored = gateway.ask(queries.NESTED, {"first": MODELS}).body
    if "errors" in stored:
        raise PeerError(f"the gateway's own answer has errors: {stored['errors'][0]['message']}")
    answer.write_text(json.dumps(stored["data"]), encoding="utf-8")
    urls = {OURS: f"{gateway.url}/graphql"}
    for name, script in SCRIPTS.items():
        urls[name] = stack.enter_context(node_servers.start_server(script, answer))
        _require_same_nodes(name, urls[name], stored)
    for url in urls.values():
        _ask(url, LARGE, 1, WARM_UP_SECONDS)
        _ask(url, SMALL, 1, WARM_UP_SECONDS)
    return aws, gateway, urls


def _require_same_nodes(name: str, url: str, stored: Mapping[str, Any]) -> None:
    body = {"query": queries.NESTED, "variables": {"first": MODELS}}
    answer = httpx.post(url, json=body, timeout=30).json()
    if (answer.get("data") or {}).get("models", {}).get("nodes") != stored["data"]["models"]["nodes"]:
        raise PeerError(f"{name} does not give the gateway's answer: {json.dumps(answer)[:300]}")


def _ask(url: str, size: str, clients: int, seconds: float) -> LoadResult:
    return node_servers.run_load(load(url, size, clients, seconds))[0]


def load(url: str, size: str, clients: int, seconds: float) -> Load:
    """Describe a load of the nested query: neighbouring requests differ in the size of the page.

    Args:
        url: The address of the server's GraphQL.
        size: LARGE or SMALL.
        clients: The number of clients.
        seconds: The length of the run.
    """
    bodies = [json.dumps({"query": queries.NESTED, "variables": {"first": first}}) for first in PAGES[size]]
    headers = processes.headers("ana") | {"content-type": "application/json"}
    return Load(url, clients, seconds, bodies, headers)


def _shows_new_job(aws: SandboxProcess, gateway: GatewayProcess, number: int) -> bool:
    """Add a transform job of the newest model and tell whether the next answer after the age shows it."""
    keys = {"aws_access_key_id": "AKIABENCHMARKPEERS00", "aws_secret_access_key": "any"}
    client = boto3.client("sagemaker", endpoint_url=aws.url, region_name=REGION, **keys)
    wanted = transform_job(50_000 + number, MODELS - 1, REGION)
    client.create_transform_job(**wanted)
    time.sleep(FRESH_SECONDS + 0.5)
    data = gateway.ask(queries.NESTED, {"first": MODELS}).body["data"]
    jobs = {edge["node"]["name"] for model in data["models"]["nodes"] for edge in model["jobs"]["edges"]}
    return wanted["TransformJobName"] in jobs


def result(contest: Contest) -> BenchmarkResult:
    """Sum up responses a second of a contest, and the gateway's share of each peer's rate."""
    rows = [_row(contest, size, clients, name) for size, clients, name in contest.runs]
    goals = [_goal(contest, *goal, clients) for goal in GOALS for clients in CLIENTS]
    refused = sum(run.refused for runs in contest.runs.values() for run in runs)
    goals += [
        Goal("every request is answered", f"{refused} refused", refused == 0),
        Goal(
            "a job added between rounds is in the next answer",
            f"{contest.shown} of {contest.changes}",
            contest.shown == contest.changes,
        ),
    ]
    figures = {" / ".join(map(str, key)): [asdict(run) for run in runs] for key, runs in contest.runs.items()}
    header = ["answer, clients, server", "a second", "times ours", "p50 ms", "p99 ms", "bytes"]
    return BenchmarkResult([Table(header, rows)], goals, figures)


def _row(contest: Contest, size: str, clients: int, name: str) -> list[str]:
    runs = contest.runs[size, clients, name]
    own = _rates(contest, size, clients, OURS)
    return [
        f"{size}, {clients}, {name}",
        f"{median(run.per_second for run in runs):.1f}",
        format_ratio(ratio(_rates(contest, size, clients, name), own)),
        f"{median(run.p50 for run in runs):.0f}",
        f"{median(run.p99 for run in runs):.0f}",
        f"{median(run.response_bytes for run in runs):.0f}",
    ]


def _goal(contest: Contest, size: str, peer: str, least: float, clients: int) -> Goal:
    reached = ratio(_rates(contest, size, clients, OURS), _rates(contest, size, clients, peer))
    return Goal(
        f"{size} answer, {clients} clients: at least {least:.0f} times {peer}", format_ratio(reached), reached >= least
    )


def _rates(contest: Contest, size: str, clients: int, name: str) -> list[float]:
    return [run.per_second for run in contest.runs[size, clients, name]]


CASE = BenchmarkCase(
    "answers",
    f"A warm nested answer over HTTP, of {MODELS} models and of 5, one process on one core, {CLIENTS[0]} and "
    f"{CLIENTS[1]} clients, beside graphql-yoga and mercurius over the same schema with the data in memory "
    f"(account {ACCOUNT}).",
    "The large answer is made of some 9,000 fields, of which each costs graphql-core some 8 µs and a compiled plan "
    "less than 0.2 µs: from 0.09 times yoga's rate to three times it.",
    measure,
)
