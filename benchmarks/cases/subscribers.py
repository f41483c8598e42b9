"""A thousand subscribers of a hundred runtimes: the calls to AWS of one, and the memory that they take."""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks import processes
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.figures import BenchmarkResult, Goal, Table, format_megabytes
from benchmarks.machine import resident_bytes
from benchmarks.processes import GatewayProcess, SandboxProcess

REGION, ESTATE = "us-west-2", "hundred-models"
SOCKETS, PER_SOCKET = 50, 20
WATCHED_SECONDS = 30.0
MOST_BYTES = 200_000_000
RUNTIMES = "{ runtimes(first: 100) { nodes { id } } }"
QUERY = "subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { name status snapshotName } deletedId at } }"


def measure(_options: RunOptions) -> BenchmarkResult:
    """Watch a hundred runtimes for a while with one subscriber, and with a thousand, each of which watches one."""
    figures: dict[str, Any] = {}
    for name, sockets, per_socket in (("one", 1, 1), ("thousand", SOCKETS, PER_SOCKET)):
        with (
            processes.start_sandbox({REGION: ESTATE}) as aws,
            processes.start_gateway(aws.url, REGION) as gateway,
        ):
            figures[name] = asyncio.run(_watch(aws, gateway, sockets, per_socket))
            print(f"  {name}: {figures[name]}", flush=True)
    return result(figures)


async def _watch(aws: SandboxProcess, gateway: GatewayProcess, sockets: int, per_socket: int) -> dict[str, Any]:
    ids = [node["id"] for node in gateway.ask(RUNTIMES).body["data"]["runtimes"]["nodes"]]
    idle, _ = resident_bytes(gateway.pid)
    async with AsyncExitStack() as stack:
        begun = time.perf_counter()
        chosen = [ids] if sockets * per_socket == 1 else [[id] for id in ids * (sockets * per_socket // len(ids))]
        await asyncio.gather(*(_subscribe(stack, gateway, chosen[number::sockets]) for number in range(sockets)))
        seconds = time.perf_counter() - begun
        full, peak = resident_bytes(gateway.pid)
        aws.forget_calls()
        await asyncio.sleep(WATCHED_SECONDS)
        calls = {name: count for name, count in aws.calls().items() if name != "AssumeRole"}
    return {
        "runtimes": len(ids),
        "subscribers": sockets * per_socket,
        "firstStatesSeconds": seconds,
        "idleBytes": idle,
        "fullBytes": full,
        "peakBytes": peak,
        "calls": calls,
    }


async def _subscribe(stack: AsyncExitStack, gateway: GatewayProcess, wanted: list[list[str]]) -> ClientConnection:
    """Open a socket with a subscription for each list of ids, and read every first state."""
    address = gateway.url.replace("http:", "ws:") + "/graphql"
    opening = connect(
        address,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers=processes.headers("ana"),
        proxy=None,
        compression=None,
        open_timeout=120,
        ping_interval=None,
    )
    connection = await stack.enter_async_context(opening)
    await connection.send(json.dumps({"type": "connection_init"}))
    assert json.loads(await connection.recv())["type"] == "connection_ack"
    for number, ids in enumerate(wanted):
        payload = {"query": QUERY, "variables": {"ids": ids}}
        await connection.send(json.dumps({"type": "subscribe", "id": str(number), "payload": payload}))
    for _ in range(sum(map(len, wanted))):
        assert json.loads(await connection.recv())["type"] == "next"
    return connection


def result(figures: Mapping[str, Any]) -> BenchmarkResult:
    """Sum up the figures."""
    one, many = figures["one"], figures["thousand"]
    rows = [_row(one), _row(many)]
    header = [
        "subscribers",
        "runtimes",
        "s to all first states",
        f"calls in {WATCHED_SECONDS:g} s",
        "over idle",
        "resident",
    ]
    more, fewer = sum(many["calls"].values()), sum(one["calls"].values())
    over = many["fullBytes"] - many["idleBytes"]
    return BenchmarkResult(
        tables=[Table(header, rows)],
        goals=[
            # One look more or less may fall into the time.
            Goal("the calls of one subscriber", f"{more} against {fewer}", abs(more - fewer) <= 2),
            Goal(f"at most {format_megabytes(MOST_BYTES)}", format_megabytes(over), over <= MOST_BYTES),
        ],
        figures=dict(figures),
        notes=[
            f"{SOCKETS} sockets with {PER_SOCKET} subscriptions each, of one runtime; the one subscriber watches all."
        ],
    )


def _row(part: Mapping[str, Any]) -> list[str]:
    return [
        str(part["subscribers"]),
        str(part["runtimes"]),
        f"{part['firstStatesSeconds']:.1f}",
        str(sum(part["calls"].values())),
        format_megabytes(part["fullBytes"] - part["idleBytes"]),
        format_megabytes(part["fullBytes"]),
    ]


CASE = BenchmarkCase(
    "subscribers",
    f"{SOCKETS * PER_SOCKET} subscribers of a hundred runtimes, against one: calls to AWS in quiet times, and memory.",
    "One look at the list every five seconds for all of them; some 30 kB for each subscriber.",
    measure,
)
