"""Subscribers of a gateway on a socket: by server-sent events, and by graphql-transport-ws."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from gateway.app import create_app
from gateway.server import create_server, server_url
from gateway.settings.settings import Settings
from tests.gateway_client import GatewayClient, identity_headers, load_test_settings

PATIENCE = 20.0
PROTOCOL: Any = "graphql-transport-ws"


@dataclass
class ServedGateway:
    """A gateway that listens."""

    server: uvicorn.Server
    app: Starlette
    client: GatewayClient

    @property
    def url(self) -> str:
        return server_url(self.server)

    @property
    def hub(self) -> Any:
        return self.server.lifespan.state["subscriptions"]

    async def quiet(self) -> None:
        """Wait until no subscription is left."""
        async with asyncio.timeout(PATIENCE):
            while self.hub.connections or self.hub.subscriptions:  # noqa: ASYNC110 - nothing tells of it.
                await asyncio.sleep(0.01)


def served_gateway(url: str, **blocks: Any) -> AbstractAsyncContextManager[ServedGateway]:
    """A gateway in this process that listens on a port of its own; keywords are blocks of its settings."""
    return served(load_test_settings(url, **blocks))


@asynccontextmanager
async def served(settings: Settings, port: int = 0) -> AsyncIterator[ServedGateway]:
    """A gateway with these settings, which listens in this process: on this port, or on one of its own."""
    app = create_app(settings)
    running = create_server(app, "127.0.0.1", port, settings.limits.seconds, settings.server)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        assert not serving.done()
        await asyncio.sleep(0.005)
    try:
        async with httpx.AsyncClient(base_url=server_url(running), timeout=PATIENCE) as http:
            yield ServedGateway(running, app, GatewayClient(http))
    finally:
        running.should_exit = True
        await serving


class EventStreamClient:
    """One subscription by server-sent events."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def event(self) -> tuple[str, Any]:
        """The next event: its name and data; comments are passed over."""
        name, data = "", ""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    data = line[6:]
                elif not line and name:
                    return name, json.loads(data) if data else None
        return "", None

    async def next(self) -> Any:
        """The body of the next event, which is no end."""
        name, body = await self.event()
        assert name == "next", (name, body)
        return body


@asynccontextmanager
async def event_stream(
    http: httpx.AsyncClient,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    user: str | None = "ann",
    groups: Sequence[str] = ("risk",),
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[EventStreamClient]:
    """Subscribe by server-sent events."""
    sent = {"Accept": "text/event-stream", **identity_headers(user, groups), **(headers or {})}
    body = {"query": query, "variables": dict(variables or {})}
    async with http.stream("POST", "/graphql", json=body, headers=sent) as response:
        yield EventStreamClient(response)


@dataclass
class SocketClient:
    """A client of graphql-transport-ws."""

    connection: ClientConnection
    held: list[Any] = field(default_factory=list)

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            text = await self.connection.recv()
        assert isinstance(text, str)
        return json.loads(text)

    async def start(self, payload: Mapping[str, Any] | None = None) -> None:
        await self.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, id: str, query: str, variables: Mapping[str, Any] | None = None) -> None:
        await self.send(type="subscribe", id=id, payload={"query": query, "variables": dict(variables or {})})

    async def next(self, id: str) -> Any:
        message = await self.receive()
        assert (message["type"], message["id"]) == ("next", id), message
        return message["payload"]

    async def close_code(self) -> int | None:
        async with asyncio.timeout(PATIENCE):
            await self.connection.wait_closed()
        return self.connection.close_code


@asynccontextmanager
async def socket(
    url: str,
    *,
    user: str | None = "ann",
    groups: Sequence[str] = ("risk",),
    headers: Mapping[str, str] | None = None,
    protocols: Sequence[Any] = (PROTOCOL,),
) -> AsyncIterator[SocketClient]:
    """Open a WebSocket as this user of these groups."""
    sent = {**identity_headers(user, groups), **(headers or {})}
    address = url.replace("http:", "ws:") + "/graphql"
    async with connect(
        address, subprotocols=protocols or None, additional_headers=sent, proxy=None, compression=None, open_timeout=60
    ) as connection:
        yield SocketClient(connection)
