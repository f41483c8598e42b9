"""Gateways that are killed or ended while somebody subscribes: who connects anew has the newest state at once."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.live.gateway_processes import configured, serving
from tests.live.subscribers import event_stream, socket

RUNTIME = "subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { name status } deletedId } }"
RUNTIMES = "{ runtimes { nodes { id name status } } }"


@pytest.mark.crash
async def test_after_a_kill_the_newest_state_comes_within_five_seconds(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, sqlite_url: str
) -> None:
    config = configured(tmp_path, sandbox, sqlite_url)
    async with serving(config) as (process, gateway):
        nodes: list[dict[str, Any]] = (await gateway.ask(RUNTIMES)).data["runtimes"]["nodes"]
        first = next(node for node in nodes if node["status"] == "IN_SERVICE")
        ids = {"ids": [first["id"]]}
        async with event_stream(gateway.http, RUNTIME, ids) as events:
            await events.next()
            process.kill()
            await process.wait()
    sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName=first["name"])
    async with serving(config) as (_, gateway):
        begun = time.monotonic()
        async with event_stream(gateway.http, RUNTIME, ids) as events:
            assert (await events.next())["data"]["runtimeChanged"]["runtime"]["status"] == "DELETING"
        assert time.monotonic() - begun < 5


@pytest.mark.crash
@pytest.mark.parametrize("workers", [1, 2])
async def test_a_process_that_is_told_to_end_completes_its_subscriptions(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, sqlite_url: str, workers: int
) -> None:
    config = configured(tmp_path, sandbox, sqlite_url, server={"workers": workers, "drainSeconds": 0})
    query = "subscription { deploymentsChanged { matches } }"
    async with serving(config) as (process, gateway):
        address = str(gateway.http.base_url).rstrip("/")
        async with socket(address) as client, event_stream(gateway.http, query) as events:
            await client.start()
            await client.subscribe("1", query)
            # The answer to a ping comes behind whatever the subscription is refused with.
            await client.send(type="ping")
            assert await client.receive() == {"type": "pong"}
            process.send_signal(signal.SIGTERM)
            assert await client.receive() == {"type": "complete", "id": "1"}
            assert await client.close_code() == 1012
            assert await events.event() == ("complete", None)
        async with asyncio.timeout(20):
            assert await process.wait() == 0
