"""Subscriptions while PostgreSQL is away: nobody is cut off, and when it is back the newest states come."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from registry.database import Database
from registry.enums import DeploymentState
from registry.ids import encode_own_id
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.idle_engine import IdleEngine
from tests.live.subscribers import (
    EventStreamClient,
    ServedGateway,
    SocketClient,
    event_stream,
    served_gateway,
    socket,
)
from tests.registry.factories import start_deployment, transitioned

DEPLOYMENT = "subscription($ids: [ID!]!) { deploymentChanged(ids: $ids) { deployment { state } } }"
INBOX = "subscription { deploymentsChanged(filter: {state: [AWAITING_APPROVAL]}) { deployment { state } matches } }"
RUNTIMES = "{ runtimes { nodes { id status } } }"
RUNTIME = "subscription($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { status } } }"


@contextmanager
def away(url: str) -> Iterator[None]:
    """Take the database away for the block: nobody is connected to it, and nobody may be."""
    address = make_url(url)
    server = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    name = sql.Identifier(str(address.database))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [address.database]
        )
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


async def state_of(events: EventStreamClient) -> str:
    shown: Any = (await events.next())["data"]["deploymentChanged"]["deployment"]
    return str(shown["state"])


async def told(client: SocketClient) -> tuple[str, bool]:
    shown: Any = (await client.next("inbox"))["data"]["deploymentsChanged"]
    return shown["deployment"]["state"], shown["matches"]


async def begun(gateway: ServedGateway) -> None:
    """Wait until the inbox is watched: a change from then on is told."""
    watchers = gateway.hub.factory.services.database.changes._watchers
    async with asyncio.timeout(20):
        while ("Deployment", None) not in watchers:  # noqa: ASYNC110 - nothing else tells of it.
            await asyncio.sleep(0.01)


@pytest.fixture
async def gateway(
    sandbox: Sandbox, estate: Estate, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ServedGateway]:
    """A gateway on PostgreSQL; its durable work would go on with the deployment of the test."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    monkeypatch.setattr("registry.change_feed.POLL_SECONDS", 0.05)
    monkeypatch.setattr("gateway.subscriptions.live.RETRY_SECONDS", 0.05)
    async with served_gateway(sandbox.url, database={"url": postgres_url}) as served:
        yield served


async def test_while_the_database_is_away_subscribers_wait(gateway: ServedGateway, postgres_url: str) -> None:
    async with Database(postgres_url) as database:
        row = await start_deployment(database)
        ids = {"ids": [encode_own_id("Deployment", row.key)]}
        async with event_stream(gateway.client.http, DEPLOYMENT, ids) as events, socket(gateway.url) as client:
            assert await state_of(events) == "VERIFYING"
            await client.start()
            await client.subscribe("inbox", INBOX)
            await begun(gateway)
            await transitioned(database, await start_deployment(database, "churn-2"), DeploymentState.AWAITING_APPROVAL)
            assert await told(client) == ("AWAITING_APPROVAL", True)
            with away(postgres_url):
                await assert_only_records_are_away(gateway)
            waiting = await transitioned(database, row, DeploymentState.AWAITING_APPROVAL)
            assert await state_of(events) == "AWAITING_APPROVAL"
            assert await told(client) == ("AWAITING_APPROVAL", True)
            await transitioned(database, waiting, DeploymentState.REJECTED)
            assert await state_of(events) == "REJECTED"
            assert await told(client) == ("REJECTED", False)
        await gateway.quiet()


async def assert_only_records_are_away(gateway: ServedGateway) -> None:
    """Of AWS everything is told; a subscription to records cannot begin, and those that have begun wait."""
    nodes = (await gateway.client.ask(RUNTIMES)).data["runtimes"]["nodes"]
    runtime = {"ids": [next(node["id"] for node in nodes if node["status"] == "IN_SERVICE")]}
    async with event_stream(gateway.client.http, RUNTIME, runtime) as live:
        assert (await live.next())["data"]["runtimeChanged"]["runtime"] == {"status": "IN_SERVICE"}
        async with event_stream(gateway.client.http, INBOX) as refused:
            codes = [error["extensions"]["code"] for error in (await refused.next())["errors"]]
            assert codes == ["UPSTREAM_UNAVAILABLE"]
            assert await refused.event() == ("complete", None)
        assert gateway.hub.connections == 3
