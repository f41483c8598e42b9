"""Subscriptions in trouble: a slow reader, AWS that does not answer, trusted documents alone."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from auth.caller import Caller
from gateway.subscriptions.hub import SentSubscription
from gateway.subscriptions.live import LiveSubscription
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, event_stream, served_gateway, socket

RUNTIME = "subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { name status } deletedId } }"
NEVER = {"sagemaker": {"freshSeconds": 600}}


@pytest.fixture(autouse=True)
def _idle(monkeypatch: pytest.MonkeyPatch, estate: Estate) -> None:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)


async def in_service(gateway: ServedGateway) -> dict[str, Any]:
    nodes = (await gateway.client.ask("{ runtimes { nodes { id name status } } }")).data["runtimes"]["nodes"]
    return next(node for node in nodes if node["status"] == "IN_SERVICE")


async def test_a_slow_reader_misses_states_between_and_never_the_last(sandbox: Sandbox) -> None:
    async with served_gateway(sandbox.url, **NEVER) as gateway:
        first = await in_service(gateway)
        sent = SentSubscription(RUNTIME, {"ids": [first["id"]]}, None, Caller("ann", ("risk",)), "request")
        async with aclosing(LiveSubscription(gateway.hub, sent).messages()) as messages:
            states = [(await anext(messages)).body["data"]["runtimeChanged"]]
            scopes = gateway.hub.factory.scope_deps.scopes._scopes.values()
            (inventory,) = [scope.inventory for scope in scopes]
            sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName=first["name"])
            for _ in range(2):
                # Nobody reads meanwhile.
                await inventory.run_as_gateway(inventory.watches.look)
                await asyncio.sleep(0)
                sandbox.advance(3600)
            states.append((await anext(messages)).body["data"]["runtimeChanged"])
        assert states == [
            {"runtime": {"name": first["name"], "status": "IN_SERVICE"}, "deletedId": None},
            {"runtime": None, "deletedId": first["id"]},
        ]
        await gateway.quiet()


async def test_while_aws_does_not_answer_a_subscription_waits(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.subscriptions.live.RETRY_SECONDS", 0.1)
    async with served_gateway(sandbox.url, sagemaker={"freshSeconds": 0.2}) as gateway:
        first = await in_service(gateway)
        async with event_stream(gateway.client.http, RUNTIME, {"ids": [first["id"]]}) as events:
            await events.next()
            sandbox.faults.fail("DescribeEndpoint", status=503)
            await asyncio.sleep(0.5)
            sandbox.faults.clear()
            sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName=first["name"])
            assert (await events.next())["data"]["runtimeChanged"]["runtime"]["status"] == "DELETING"
        await gateway.quiet()


async def test_where_only_trusted_documents_run_another_subscription_is_refused(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "watch.graphql").write_text(RUNTIME, encoding="utf-8")
    documents = {"mode": "only", "path": str(tmp_path)}
    async with served_gateway(sandbox.url, documents=documents, **NEVER) as gateway:
        other = "subscription { deploymentsChanged { matches } }"
        # Before it is known to be a subscription, it is refused like a query.
        assert (await gateway.client.ask(other, headers={"Accept": "text/event-stream"})).codes == ["FORBIDDEN"]
        assert gateway.hub.connections == 0
        async with event_stream(gateway.client.http, RUNTIME, {"ids": ["x"]}) as events:
            assert [error["extensions"]["code"] for error in (await events.next())["errors"]] == ["BAD_USER_INPUT"]
        await gateway.quiet()


async def test_a_role_that_is_taken_away_ends_what_was_watched_through_it(sandbox: Sandbox) -> None:
    async with served_gateway(sandbox.url, sagemaker={"freshSeconds": 0.1}) as gateway:
        first = await in_service(gateway)
        async with event_stream(gateway.client.http, RUNTIME, {"ids": [first["id"]]}) as events:
            await events.next()
            sandbox.faults.refuse("AssumeRole")
            # Keys last an hour; these ones are over now.
            for keys in gateway.hub.factory.scope_deps.store._key_sets.values():
                keys.invalidate()
            assert [error["extensions"]["code"] for error in (await events.next())["errors"]] == ["FORBIDDEN"]
            assert await events.event() == ("complete", None)
        await gateway.quiet()


async def test_a_socket_takes_trusted_documents_alone_too(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "watch.graphql").write_text(RUNTIME, encoding="utf-8")
    documents = {"mode": "only", "path": str(tmp_path)}
    async with served_gateway(sandbox.url, documents=documents, **NEVER) as gateway:
        async with socket(gateway.url) as client:
            await client.start()
            await client.subscribe("1", "subscription { deploymentsChanged { matches } }")
            refused = await client.receive()
            assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")
            await client.subscribe("2", RUNTIME, {"ids": ["x"]})
            codes = [error["extensions"]["code"] for error in (await client.next("2"))["errors"]]
            assert codes == ["BAD_USER_INPUT"]
        await gateway.quiet()
