"""Subscriptions as their subscribers see them, on the sandbox's AWS over real sockets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, event_stream, served_gateway, socket

AGES = {"sagemaker": {"freshSeconds": 0.2}}
RUNTIME = "subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { name status } deletedId at } }"
RUNTIMES = "{ runtimes { nodes { id name status } } }"


@pytest.fixture
async def gateway(sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServedGateway]:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with served_gateway(sandbox.url, **AGES) as served:
        yield served


async def runtimes(gateway: ServedGateway) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await gateway.client.ask(RUNTIMES)).data["runtimes"]["nodes"]
    return nodes


async def test_a_runtime_is_shown_as_it_is_and_as_it_changes(gateway: ServedGateway, sandbox: Sandbox) -> None:
    first = next(one for one in await runtimes(gateway) if one["status"] == "IN_SERVICE")
    async with event_stream(gateway.client.http, RUNTIME, {"ids": [first["id"]]}) as events:
        assert events.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        body = await events.next()
        assert body["data"]["runtimeChanged"]["runtime"] == {"name": first["name"], "status": "IN_SERVICE"}
        sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName=first["name"])
        seen = []
        while not seen or seen[-1]["deletedId"] is None:
            seen.append((await events.next())["data"]["runtimeChanged"])
            sandbox.advance(600)
        assert seen[-1] == {"runtime": None, "deletedId": first["id"], "at": seen[-1]["at"]}
    await gateway.quiet()
    pool = gateway.hub.factory.scope_deps.scopes
    assert [(scope.users, len(scope.inventory.watches)) for scope in pool._scopes.values()] == [(0, 0)]


async def test_a_websocket_carries_subscriptions_alone(gateway: ServedGateway) -> None:
    first = (await runtimes(gateway))[0]
    async with socket(gateway.url) as client:
        await client.start()
        await client.subscribe("1", RUNTIME, {"ids": [first["id"]]})
        shown = (await client.next("1"))["data"]["runtimeChanged"]["runtime"]
        assert shown == {"name": first["name"], "status": first["status"]}
        await client.subscribe("2", "{ me { name } }")
        message = await client.receive()
        assert (message["type"], message["id"]) == ("error", "2")
        assert [error["extensions"]["code"] for error in message["payload"]] == ["BAD_USER_INPUT"]
        await client.send(type="ping")
        assert await client.receive() == {"type": "pong"}
        await client.send(type="complete", id="1")
    await gateway.quiet()
