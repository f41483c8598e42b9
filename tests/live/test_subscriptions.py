"""Subscriptions as their subscribers see them, on the sandbox's AWS over real sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from registry import deployments
from registry.database import Database
from registry.enums import DeploymentState
from registry.ids import encode_own_id
from resolvers.node_ids import NodeId
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, KID, claims, ec
from tests.auth.tokens.token_issuer import serving as serving_keys
from tests.databases import on_both_databases
from tests.gateway_client import RISK
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, event_stream, served_gateway, socket
from tests.node_packages import run_node
from tests.registry.factories import NOON, start_deployment

OFTEN = {"sagemaker": {"freshSeconds": 0.2}}
NEVER = {"sagemaker": {"freshSeconds": 600}}
RUNTIME = "subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { name status } deletedId } }"
DEPLOYMENT = "subscription($ids: [ID!]!) { deploymentChanged(ids: $ids) { deployment { id state } } }"
INBOX = (
    """subscription { deploymentsChanged(filter: {state: [AWAITING_APPROVAL]}) { deployment { id state } matches } }"""
)
NAME = "fraud-detector-prod"


@pytest.fixture(autouse=True)
def _idle(monkeypatch: pytest.MonkeyPatch, estate: Estate) -> None:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)


@pytest.fixture
async def gateway(sandbox: Sandbox) -> AsyncIterator[ServedGateway]:
    async with served_gateway(sandbox.url, **OFTEN) as served:
        yield served


async def in_service(gateway: ServedGateway) -> dict[str, Any]:
    """A runtime that is in service."""
    nodes = (await gateway.client.ask("{ runtimes { nodes { id name status } } }")).data["runtimes"]["nodes"]
    return next(node for node in nodes if node["status"] == "IN_SERVICE")


def inventories(gateway: ServedGateway) -> list[Inventory]:
    pool = gateway.hub.factory.scope_deps.scopes
    return [scope.inventory for scope in pool._scopes.values()]


def watchers(gateway: ServedGateway) -> int:
    """The number of watches of resources."""
    topics = (topic for inventory in inventories(gateway) for topic in inventory.watches._topics.values())
    return sum(len(topic.watchers) for topic in topics)


def delete(sandbox: Sandbox, name: str) -> None:
    """Delete an endpoint, and let that come to its end."""
    sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName=name)


async def test_a_runtime_is_shown_as_it_is_and_as_it_changes(gateway: ServedGateway, sandbox: Sandbox) -> None:
    first = await in_service(gateway)
    async with event_stream(gateway.client.http, RUNTIME, {"ids": [first["id"]]}) as events:
        assert events.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        shown = (await events.next())["data"]["runtimeChanged"]
        assert shown == {"runtime": {"name": first["name"], "status": "IN_SERVICE"}, "deletedId": None}
        delete(sandbox, first["name"])
        assert (await events.next())["data"]["runtimeChanged"]["runtime"]["status"] == "DELETING"
        sandbox.advance(3600)
        assert (await events.next())["data"]["runtimeChanged"] == {"runtime": None, "deletedId": first["id"]}
    await gateway.quiet()
    assert [len(inventory.watches) for inventory in inventories(gateway)] == [0]
    assert [scope.users for scope in gateway.hub.factory.scope_deps.scopes._scopes.values()] == [0]


async def test_a_hundred_subscribers_cost_what_one_costs(sandbox: Sandbox) -> None:
    async with served_gateway(sandbox.url, **NEVER) as gateway, AsyncExitStack() as stack:
        first = await in_service(gateway)
        sandbox.calls.clear()
        sockets = [await stack.enter_async_context(socket(gateway.url)) for _ in range(5)]
        for client in sockets:
            await client.start()
            for number in range(20):
                await client.subscribe(str(number), RUNTIME, {"ids": [first["id"]]})
        for client in sockets:
            states = [(await client.receive())["payload"]["data"]["runtimeChanged"] for _ in range(20)]
            assert {state["runtime"]["status"] for state in states} == {"IN_SERVICE"}
        assert sandbox.calls.by_operation() == {"DescribeEndpoint": 1}
        (inventory,) = inventories(gateway)
        assert len(inventory.watches) == 1
        delete(sandbox, first["name"])
        sandbox.calls.clear()
        await inventory.run_as_gateway(inventory.watches.look)
        for client in sockets:
            states = [(await client.receive())["payload"]["data"]["runtimeChanged"] for _ in range(20)]
            assert {state["runtime"]["status"] for state in states} == {"DELETING"}
        # Looks are signed as the gateway, which assumes the role once.
        assert sandbox.calls.by_operation() == {"DescribeEndpoint": 1, "AssumeRole": 1}
        await inventory.run_as_gateway(inventory.watches.look)
        assert sandbox.calls.by_operation() == {"DescribeEndpoint": 2, "AssumeRole": 1}


async def test_what_may_no_longer_be_seen_ends_with_forbidden(gateway: ServedGateway, sandbox: Sandbox) -> None:
    first = await in_service(gateway)
    async with event_stream(gateway.client.http, RUNTIME, {"ids": [first["id"]]}) as events:
        await events.next()
        sandbox.faults.refuse("DescribeEndpoint")
        body = await events.next()
        assert [error["extensions"]["code"] for error in body["errors"]] == ["FORBIDDEN"]
        assert await events.event() == ("complete", None)
    await gateway.quiet()


async def test_forged_ids_and_foreign_groups_are_refused(gateway: ServedGateway) -> None:
    foreign = NodeId(Kind.RUNTIME, "marketing", RISK.account, RISK.region, "x").encode()
    missing = NodeId(Kind.RUNTIME, "risk", RISK.account, RISK.region, "no-such-runtime").encode()
    job = NodeId(Kind.TRAINING_JOB, "risk", RISK.account, RISK.region, "x").encode()
    hidden = encode_own_id("Deployment", "0" * 32)
    cases = [
        (RUNTIME, [foreign], "FORBIDDEN"),
        (RUNTIME, ["nonsense"], "BAD_USER_INPUT"),
        (RUNTIME, [job], "BAD_USER_INPUT"),
        (RUNTIME, [], "BAD_USER_INPUT"),
        (RUNTIME, [missing] * 101, "BAD_USER_INPUT"),
        (DEPLOYMENT, [hidden], "FORBIDDEN"),
        (DEPLOYMENT, [missing], "BAD_USER_INPUT"),
        ("subscription($ids: [ID!]!) { nothing(ids: $ids) }", [missing], "BAD_USER_INPUT"),
    ]
    for query, ids, code in cases:
        async with event_stream(gateway.client.http, query, {"ids": ids}) as events:
            body = await events.next()
            assert {error["extensions"]["code"] for error in body["errors"]} == {code}, (query, ids)
            assert await events.event() == ("complete", None)
    async with event_stream(gateway.client.http, RUNTIME, {"ids": [missing]}) as events:
        assert (await events.next())["data"]["runtimeChanged"] == {"runtime": None, "deletedId": missing}
    async with event_stream(gateway.client.http, RUNTIME, {"ids": [missing]}, user=None) as events:
        assert [error["extensions"]["code"] for error in (await events.next())["errors"]] == ["UNAUTHENTICATED"]
    await gateway.quiet()


@on_both_databases
async def test_deployments_are_told_of_as_they_go_on(sandbox: Sandbox, database_url: str, database: Database) -> None:
    """Another process changes them: here, the same database that is open a second time."""
    async with served_gateway(sandbox.url, database={"url": database_url}, **NEVER) as gateway:
        course = await start_deployment(database)
        id = encode_own_id("Deployment", course.key)
        inbox = event_stream(gateway.client.http, INBOX)
        one = event_stream(gateway.client.http, DEPLOYMENT, {"ids": [id]})
        async with one as events, inbox as matches:
            assert (await events.next())["data"]["deploymentChanged"]["deployment"] == {"id": id, "state": "VERIFYING"}
            for state in (DeploymentState.AWAITING_APPROVAL, DeploymentState.REJECTED):
                async with database.writing() as connection:
                    row = await deployments.by_key(connection, course.key)
                    assert row is not None
                    assert await deployments.transition(connection, row, state, NOON)
                shown = {"id": id, "state": state.value}
                assert (await events.next())["data"]["deploymentChanged"]["deployment"] == shown
                waits = state is DeploymentState.AWAITING_APPROVAL
                expected = {"deployment": shown, "matches": waits}
                assert (await matches.next())["data"]["deploymentsChanged"] == expected
        async with event_stream(gateway.client.http, DEPLOYMENT, {"ids": [id]}, groups=["marketing"]) as foreign:
            assert [error["extensions"]["code"] for error in (await foreign.next())["errors"]] == ["FORBIDDEN"]
        await gateway.quiet()


async def test_a_websocket_carries_subscriptions_alone(gateway: ServedGateway) -> None:
    first = await in_service(gateway)
    async with socket(gateway.url) as client:
        await client.start()
        await client.subscribe("1", RUNTIME, {"ids": [first["id"]]})
        shown = (await client.next("1"))["data"]["runtimeChanged"]["runtime"]
        assert shown == {"name": first["name"], "status": first["status"]}
        for query in ("{ me { subject } }", "mutation { a: __typename }", "", "subscription {"):
            await client.subscribe("2", query)
            message = await client.receive()
            assert (message["type"], message["id"]) == ("error", "2")
            assert {error["extensions"]["code"] for error in message["payload"]} == {"BAD_USER_INPUT"}
        await client.send(type="ping")
        assert await client.receive() == {"type": "pong"}
        await client.send(type="complete", id="1")
    await gateway.quiet()


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": "subscription { a }"}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init", "payload": []}], 4400),
        ([[]], 4400),
        ([{"type": "subscribe", "id": 1, "payload": {}}], 4400),
        ([{"type": "subscribe", "id": "1", "payload": []}], 4400),
        ([{"type": "nonsense"}], 4400),
        (["{" * 10], 4400),
        ([{"type": "connection_init", "payload": {"a": "x" * 100_001}}], 4400),
        ([{"type": "connection_init", "payload": {"actingGroup": "\u0000"}}], 4403),
    ],
)
async def test_a_faulty_client_is_told_by_the_close_code(gateway: ServedGateway, messages: Any, code: int) -> None:
    async with socket(gateway.url) as client:
        for message in messages:
            await client.connection.send(message if isinstance(message, str) else json.dumps(message))
        assert await client.close_code() == code
    await gateway.quiet()


async def test_two_subscriptions_of_one_id_close_the_socket(gateway: ServedGateway) -> None:
    first = await in_service(gateway)
    async with socket(gateway.url) as client:
        await client.start()
        for _ in range(2):
            await client.subscribe("1", RUNTIME, {"ids": [first["id"]]})
        assert await client.close_code() == 4409
    await gateway.quiet()


async def test_another_protocol_is_not_spoken(gateway: ServedGateway) -> None:
    async with socket(gateway.url, protocols=()) as client:
        assert await client.close_code() == 4406


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://app.example.com", True),
        ("https://app.example.com.evil.org", False),
        ("http://app.example.com", False),
        ("null", False),
        ("own", True),
    ],
)
async def test_pages_of_other_origins_open_no_socket(sandbox: Sandbox, origin: str, allowed: bool) -> None:
    cors = {"cors": {"allowedOrigins": ["https://app.example.com"]}}
    async with served_gateway(sandbox.url, server=cors) as gateway:
        opening = socket(gateway.url, headers={"Origin": gateway.url if origin == "own" else origin})
        if allowed:
            async with opening as client:
                await client.start()
        else:
            with pytest.raises(InvalidStatus) as refused:
                await opening.__aenter__()
            assert refused.value.response.status_code == 403
            assert b'"FORBIDDEN"' in refused.value.response.body
        await gateway.quiet()


async def test_floods_are_bounded(sandbox: Sandbox) -> None:
    bounds = {"perConnection": 2, "connections": 2, "maxAgeSeconds": 600}
    async with served_gateway(sandbox.url, subscriptions=bounds, **NEVER) as gateway:
        first = await in_service(gateway)
        ids = {"ids": [first["id"]]}
        async with socket(gateway.url) as client, event_stream(gateway.client.http, RUNTIME, ids) as events:
            await events.next()
            await client.start()
            for number in range(3):
                await client.subscribe(str(number), RUNTIME, ids)
            messages = {(message := await client.receive())["id"]: message for _ in range(3)}
            assert {id: message["type"] for id, message in messages.items()} == {"0": "next", "1": "next", "2": "error"}
            assert messages["2"]["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
            with pytest.raises(InvalidStatus) as refused:
                await socket(gateway.url).__aenter__()
            assert refused.value.response.status_code == 503
            async with event_stream(gateway.client.http, RUNTIME, ids) as third:
                assert third.response.status_code == 503
            await client.send(type="complete", id="0")
            await client.subscribe("3", RUNTIME, ids)
            await client.next("3")
        await gateway.quiet()


async def test_the_end_of_the_process_completes_every_subscription(sandbox: Sandbox) -> None:
    async with served_gateway(sandbox.url, **NEVER) as gateway:
        first = await in_service(gateway)
        ids = {"ids": [first["id"]]}
        async with socket(gateway.url) as client, event_stream(gateway.client.http, RUNTIME, ids) as events:
            await client.start()
            await client.subscribe("1", RUNTIME, ids)
            await client.next("1")
            await events.next()
            begun = time.monotonic()
            gateway.server.should_exit = True
            assert await client.receive() == {"type": "complete", "id": "1"}
            assert await client.close_code() == 1012
            assert await events.event() == ("complete", None)
        assert time.monotonic() - begun < 10


async def test_a_connection_has_an_age(sandbox: Sandbox) -> None:
    async with served_gateway(sandbox.url, subscriptions={"maxAgeSeconds": 0.5}, **NEVER) as gateway:
        first = await in_service(gateway)
        async with socket(gateway.url) as client:
            await client.start()
            assert await client.close_code() == 1012
        async with event_stream(gateway.client.http, RUNTIME, {"ids": [first["id"]]}) as events:
            await events.next()
            assert await events.event() == ("", None)
        await gateway.quiet()


async def test_a_socket_ends_with_its_token(sandbox: Sandbox) -> None:
    key = ec(KID)
    async with serving_keys() as keys:
        keys.publish(key)
        jwt = {"jwksUrl": f"{keys.url}/jwks", "issuer": ISSUER, "audience": AUDIENCE}
        async with served_gateway(sandbox.url, identity={"mode": "jwt", "jwt": jwt}, **NEVER) as gateway:
            token = key.sign(claims(groups=["risk"], exp=int(time.time()) + 3))
            async with socket(gateway.url, user=None) as client:
                await client.start({"authorization": f"Bearer {token}"})
                await client.subscribe("1", "subscription { deploymentsChanged { matches } }")
                assert await client.close_code() == 4401
            async with socket(gateway.url, user=None) as client:
                await client.send(type="connection_init", payload={"authorization": "Bearer nonsense"})
                assert await client.close_code() == 4401
            token = key.sign(claims(groups=["risk"], exp=int(time.time()) + 2))
            bearer = {"Authorization": f"Bearer {token}"}
            query = "subscription { deploymentsChanged { matches } }"
            async with event_stream(gateway.client.http, query, user=None, headers=bearer) as events:
                assert [error["extensions"]["code"] for error in (await events.next())["errors"]] == ["UNAUTHENTICATED"]
                assert await events.event() == ("complete", None)
            await gateway.quiet()


async def test_a_subscription_without_a_stream_is_told_how(gateway: ServedGateway) -> None:
    response = await gateway.client.ask(RUNTIME, {"ids": ["x"]})
    assert (response.status, response.codes) == (400, ["BAD_USER_INPUT"])
    both = {"Accept": "application/json, text/event-stream"}
    assert (await gateway.client.ask("{ me { subject } }", headers=both)).data == {"me": {"subject": "ann"}}


async def test_limits_hold_for_subscriptions(sandbox: Sandbox) -> None:
    async with served_gateway(sandbox.url, limits={"depth": 2}) as gateway:
        async with event_stream(gateway.client.http, RUNTIME, {"ids": ["x"]}) as events:
            assert [error["extensions"]["code"] for error in (await events.next())["errors"]] == ["LIMIT_EXCEEDED"]
        await gateway.quiet()


async def test_foreign_clients_subscribe(gateway: ServedGateway, sandbox: Sandbox, node_packages: Any) -> None:
    first = await in_service(gateway)
    script = node_packages / "subscribe.mjs"
    ways = ("ws", "sse", "page")
    running = [asyncio.create_task(run_node(script, way, gateway.url, RUNTIME, first["id"])) for way in ways]
    async with asyncio.timeout(50):
        while watchers(gateway) < 3:  # noqa: ASYNC110 - nothing else tells of it.
            await asyncio.sleep(0.02)
    delete(sandbox, first["name"])
    outputs = [json.loads(text) for text in await asyncio.gather(*running)]
    assert [[state["runtime"]["status"] for state in states] for states in outputs] == [["IN_SERVICE", "DELETING"]] * 3
    await gateway.quiet()
