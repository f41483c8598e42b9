"""gateway.subscriptions.socket: the handshake of a WebSocket, and what it is refused for."""

import json
import logging
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.gateway.subscriptions.conftest import DEPLOYMENTS, RUNTIME
from tests.live.subscribers import ServedGateway, event_stream, socket


async def refusal(gateway: ServedGateway, **options: Any) -> tuple[int, str, Any]:
    with pytest.raises(InvalidStatus) as refused:
        await socket(gateway.url, **options).__aenter__()
    response = refused.value.response
    (error,) = json.loads(response.body or b"{}")["errors"]
    return response.status_code, error["extensions"]["code"], response.headers.get("Retry-After")


@pytest.mark.parametrize("blocks", [{"subscriptions": {"connections": 2, "perCaller": 1}}])
async def test_too_many_are_refused_before_the_handshake(gateway: ServedGateway) -> None:
    async with socket(gateway.url) as client:
        await client.start()
        assert await refusal(gateway) == (429, "LIMIT_EXCEEDED", "1")
        async with event_stream(gateway.client.http, DEPLOYMENTS, user="bob") as events:
            assert events.response.status_code == 200
            assert await refusal(gateway, user="cay") == (503, "LIMIT_EXCEEDED", "1")
    await gateway.quiet()
    assert gateway.hub.refused == 2


async def test_after_the_end_of_the_process_none_is_opened(gateway: ServedGateway) -> None:
    gateway.hub.drain()
    assert await refusal(gateway) == (503, "LIMIT_EXCEEDED", "1")


@pytest.mark.parametrize(
    "origin", ["https://evil.org", "null", "http://127.0.0.1", "http://localhost:1", "http://127.0.0.1.evil.org"]
)
async def test_a_page_of_another_origin_is_refused(
    gateway: ServedGateway, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no error of the gateway's, so the log has none."""
    assert await refusal(gateway, headers={"Origin": origin}) == (403, "FORBIDDEN", None)
    assert gateway.hub.connections == 0
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("protocols", [("graphql-ws",), ("Graphql-Transport-WS",), ("chat", "graphql-ws"), ()])
async def test_no_other_protocol_is_spoken(gateway: ServedGateway, protocols: Any) -> None:
    async with socket(gateway.url, protocols=protocols) as client:
        assert await client.close_code() == 4406
        assert client.connection.subprotocol is None
    await gateway.quiet()


async def test_of_several_protocols_the_right_one_is_taken(gateway: ServedGateway, ids: Any) -> None:
    async with socket(gateway.url, protocols=("graphql-ws", "graphql-transport-ws")) as client:
        assert client.connection.subprotocol == "graphql-transport-ws"
        await client.start()
        await client.subscribe("1", RUNTIME, ids)
        assert "data" in await client.next("1")
    await gateway.quiet()


@pytest.mark.parametrize("blocks", [{"subscriptions": {"connections": 2}}])
async def test_sockets_of_nobody_make_room(gateway: ServedGateway, ids: Any) -> None:
    """Else anybody who may open sockets at all could keep everyone out, ten seconds after ten seconds."""
    async with AsyncExitStack() as stack:
        nobody = [await stack.enter_async_context(socket(gateway.url, user=None)) for _ in range(2)]
        third = await stack.enter_async_context(socket(gateway.url, user=None))
        assert await nobody[0].close_code() == 1013
        known = await stack.enter_async_context(socket(gateway.url))
        assert await nobody[1].close_code() == 1013
        await known.start()
        async with event_stream(gateway.client.http, RUNTIME, ids) as events:
            await events.next()
            assert await third.close_code() == 1013
            assert gateway.hub.connections == 2
            assert await refusal(gateway) == (503, "LIMIT_EXCEEDED", "1")
            await known.subscribe("1", RUNTIME, ids)
            assert "data" in await known.next("1")
    await gateway.quiet()
    assert gateway.hub.connections == 0
