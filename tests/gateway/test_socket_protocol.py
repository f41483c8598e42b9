"""gateway.socket_protocol: a WebSocket's client can neither hold its connection nor fill the memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.server import create_server
from gateway.socket_protocol import MAX_FRAMES, MAX_MESSAGE_BYTES, SocketProtocol
from tests.gateway.raw_sockets import CONTINUATION, PATIENCE, PING, TEXT, RawSocket, frame, raw_socket

PIECE = "x" * 100_000


class Served:
    """A server of one application, and what became of its connections."""

    def __init__(self, server: uvicorn.Server) -> None:
        self.server = server
        self.address: tuple[str, int] = server.servers[0].sockets[0].getsockname()[:2]

    @property
    def waiting(self) -> int:
        """The bytes that wait for the one client."""
        (protocol,) = self.server.server_state.connections
        transport: Any = protocol.transport
        size: int = transport.get_write_buffer_size()
        return size

    async def lost(self) -> None:
        """Wait until no connection and no task of one is left."""
        state = self.server.server_state
        async with asyncio.timeout(PATIENCE):
            while state.connections or state.tasks:  # noqa: ASYNC110 - nothing else tells of it.
                await asyncio.sleep(0.01)


async def pour(websocket: WebSocket) -> None:
    """Send without end."""
    await websocket.accept("graphql-transport-ws")
    with suppress(WebSocketDisconnect):
        while True:
            await websocket.send_text(PIECE)


async def listen(websocket: WebSocket) -> None:
    """Tell of each message how long it is."""
    await websocket.accept("graphql-transport-ws")
    with suppress(WebSocketDisconnect):
        while True:
            await websocket.send_text(str(len(await websocket.receive_text())))


@asynccontextmanager
async def serving() -> AsyncIterator[Served]:
    app = Starlette(routes=[WebSocketRoute("/pour", pour), WebSocketRoute("/listen", listen)])
    running = create_server(app, "127.0.0.1", 0)
    task = asyncio.create_task(running.serve())
    while not running.started:
        assert not task.done()
        await asyncio.sleep(0.005)
    try:
        yield Served(running)
    finally:
        running.should_exit = True
        await task


async def test_a_client_that_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.socket_protocol.WRITE_SECONDS", 0.05)
    async with serving() as served, raw_socket(served.address, "/pour"):
        await served.lost()


async def test_a_client_that_takes_a_little_at_a_time_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.socket_protocol.WRITE_SECONDS", 600)
    async with serving() as served, raw_socket(served.address, "/pour") as client:
        (protocol,) = served.server.server_state.connections
        assert isinstance(protocol, SocketProtocol)
        for _ in range(3):
            async with asyncio.timeout(PATIENCE):
                while protocol.writable.is_set():  # noqa: ASYNC110 - nothing else tells of it.
                    await asyncio.sleep(0.01)
            # As the timer would, ten seconds after the time before.
            protocol._watch_writing()
            assert not protocol.transport.is_closing()
            for _ in range(60):
                assert await client.receive() == (TEXT, PIECE.encode())
        async with asyncio.timeout(PATIENCE):
            while protocol.writable.is_set():  # noqa: ASYNC110 - as above.
                await asyncio.sleep(0.01)
        protocol._watch_writing()
        protocol._watch_writing()
        assert protocol.transport.is_closing()


async def test_pings_whose_answers_nobody_reads_pile_up_nowhere() -> None:
    async with serving() as served, raw_socket(served.address, "/listen") as client:
        for _ in range(200):
            await client.send(*[frame(PING, b"x" * 125)] * 400)
        # The transport's own mark, and the answers to what was read at once.
        assert served.waiting < 300_000


async def test_a_ping_is_answered_with_what_it_holds() -> None:
    async with serving() as served, raw_socket(served.address, "/listen") as client:
        await client.send(frame(PING, b"beat"))
        assert await client.receive() == (0xA, b"beat")


async def told(client: RawSocket) -> str:
    opcode, data = await client.receive()
    assert opcode == TEXT
    return data.decode()


async def test_a_message_may_come_in_some_frames_and_not_in_endless_ones() -> None:
    async with serving() as served, raw_socket(served.address, "/listen") as client:
        rest = [frame(CONTINUATION, b"b", last=False)] * (MAX_FRAMES - 2)
        await client.send(frame(TEXT, b"a", last=False), *rest, frame(CONTINUATION, b"c"))
        assert await told(client) == str(MAX_FRAMES)
        empty = [frame(CONTINUATION, last=False)] * (2 * MAX_FRAMES)
        await client.send(frame(TEXT, b"a", last=False), *empty)
        assert await client.close_code() == 1009
        await served.lost()


async def test_a_message_that_is_too_long_is_not_read() -> None:
    async with serving() as served, raw_socket(served.address, "/listen") as client:
        with suppress(ConnectionError):
            await client.send(frame(TEXT, b"x" * (MAX_MESSAGE_BYTES + 1)))
        assert await client.close_code() == 1009


async def test_a_client_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent a ping, and one that does not answer is let go."""
    monkeypatch.setattr("gateway.server.PING_SECONDS", 0.1)
    async with serving() as served, raw_socket(served.address, "/listen") as client:
        for _ in range(3):
            opcode, payload = await client.receive()
            assert opcode == PING
            await client.send(frame(0xA, payload))
        assert await client.close_code() == 1011
        await served.lost()
