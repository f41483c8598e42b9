"""gateway.subscriptions.socket_handler: a connection, from its first message to its end."""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from tests.gateway.raw_sockets import TEXT, RawSocket, frame, raw_socket
from tests.gateway.subscriptions.conftest import DEPLOYMENTS, RUNTIME
from tests.gateway_client import identity_headers
from tests.live.subscribers import ServedGateway, socket

EVERYTHING = ["READ", "IMPORT", "CREATE_JOBS", "DEPLOY_WITHOUT_APPROVAL"]
MUTATIONS = [
    'mutation { deleteRuntime(input: {name: "x"}) { userErrors { code } } }',
    'mutation { importModel(input: {modelName: "x"}) { userErrors { code } } }',
    'mutation { stopJob(input: {name: "x", type: TRANSFORM}) { userErrors { code } } }',
]


def message(**fields: Any) -> bytes:
    return frame(TEXT, json.dumps(fields).encode())


def subscribe(id: str, query: str, variables: Mapping[str, Any] | None = None) -> bytes:
    return message(type="subscribe", id=id, payload={"query": query, "variables": dict(variables or {})})


async def fill(client: RawSocket) -> None:
    """Be answered more than anybody takes, without reading."""
    with suppress(ConnectionError):
        for number in range(400):
            await client.send(subscribe(f"{number}{'x' * 60_000}", "{ a }"))


@pytest.mark.parametrize("query", ["{ me { subject } }", "{ a: __typename }", *MUTATIONS])
@pytest.mark.parametrize(
    "blocks",
    [{"permissions": [{"group": "risk", "allow": ["READ", "IMPORT", "CREATE_JOBS", "DEPLOY_WITHOUT_APPROVAL"]}]}],
)
async def test_queries_and_mutations_are_not_run(gateway: ServedGateway, sandbox: Any, query: str) -> None:
    sandbox.calls.clear()
    async with socket(gateway.url) as client:
        await client.start()
        await client.subscribe("1", query)
        answer = await client.receive()
    assert (answer["type"], answer["id"]) == ("error", "1")
    assert [error["extensions"]["code"] for error in answer["payload"]] == ["BAD_USER_INPUT"]
    await gateway.quiet()
    assert sandbox.calls.by_operation() == {}
    database = gateway.hub.factory.services.database
    async with database.reading() as connection:
        events = await connection.exec_driver_sql("SELECT count(*) FROM audit_events")
        assert events.scalar_one() == 0


async def test_an_id_may_be_used_again_once_it_is_complete(gateway: ServedGateway, ids: Any) -> None:
    async with socket(gateway.url) as client:
        await client.start()
        for _ in range(3):
            await client.subscribe("1", RUNTIME, ids)
            assert "data" in await client.next("1")
            await client.send(type="complete", id="1")
        await client.send(type="complete", id="1")
        await client.send(type="complete", id="never")
        await client.send(type="ping", payload={"any": "thing"})
        assert await client.receive() == {"type": "pong"}
    await gateway.quiet()


async def test_a_client_that_says_nothing_is_let_go(gateway: ServedGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.subscriptions.socket_handler.INIT_SECONDS", 0.05)
    async with socket(gateway.url) as client:
        assert await client.close_code() == 4408
    await gateway.quiet()


async def test_a_binary_message_is_none(gateway: ServedGateway) -> None:
    async with socket(gateway.url) as client:
        await client.start()
        await client.connection.send(b'{"type": "ping"}')
        assert await client.close_code() == 4400
    await gateway.quiet()


@pytest.mark.parametrize("drained", [False, True])
async def test_one_who_reads_nothing_is_let_go(
    gateway: ServedGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, drained: bool
) -> None:
    """Not even the end of the process waits for it, and the log has no error."""
    monkeypatch.setattr("gateway.socket_protocol.WRITE_SECONDS", 0.1)
    address = gateway.server.servers[0].sockets[0].getsockname()[:2]
    async with raw_socket(address, headers=identity_headers("ann", ("risk",))) as client:
        await client.send(message(type="connection_init"), subscribe("live", DEPLOYMENTS))
        filling = asyncio.create_task(fill(client))
        if drained:
            await asyncio.sleep(0)
            gateway.hub.drain()
        await gateway.quiet()
        await filling
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
