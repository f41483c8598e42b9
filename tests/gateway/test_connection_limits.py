"""gateway.http_protocol: heads are bounded in size, number and time, and connections in number."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.http_protocol import MAX_HEADERS
from gateway.server import create_server
from gateway.settings.server import ServerSettings

START = b"POST / HTTP/1.1\r\nHost: gateway\r\n"
LIMIT = 4096
LARGE = 16_000_000
asked: list[int] = []


class Gate:
    """A request that waits has begun, and may end."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()


gates: list[Gate] = []


async def echo(request: Request) -> Response:
    body = await request.body()
    asked.append(len(body))
    return JSONResponse({"bytes": len(body), "headers": len(request.headers.raw)})


async def waiting(_request: Request) -> Response:
    """An answer that takes until it is told to end."""
    gates[0].begun.set()
    await gates[0].ended.wait()
    return JSONResponse({})


async def large(_request: Request) -> Response:
    """More than the system takes for a client that reads nothing."""
    return Response(b"x" * LARGE)


@asynccontextmanager
async def serving(**limits: Any) -> AsyncIterator[tuple[str, int]]:
    """A real server with these limits: its address."""
    asked.clear()
    gates[:] = [Gate()]
    settings = ServerSettings.model_validate({"headBytes": LIMIT, **limits})
    app = Starlette(routes=[Route("/", echo, methods=["POST"]), Route("/large", large), Route("/waiting", waiting)])
    running = create_server(app, "127.0.0.1", 0, settings=settings)
    task = asyncio.create_task(running.serve())
    while not running.started:
        assert not task.done()
        await asyncio.sleep(0.005)
    try:
        yield running.servers[0].sockets[0].getsockname()[:2]
    finally:
        running.should_exit = True
        await task


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split()[1]), headers, json.loads(body)


@asynccontextmanager
async def connected(address: tuple[str, int]) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*address)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def refused(address: tuple[str, int], *pieces: bytes) -> tuple[int, str]:
    """The status and code of the refusal, after which the connection is closed and the application was not asked."""
    async with connected(address) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        status, headers, body = await answer(reader)
        assert await reader.read() == b""
    assert (headers["connection"], headers["cache-control"]) == ("close", "no-store")
    assert headers["x-content-type-options"] == "nosniff"
    assert asked == []
    return status, body["errors"][0]["extensions"]["code"]


def header(size: int, name: bytes = b"X-Long") -> bytes:
    """A header line of this many bytes."""
    return name + b": " + b"a" * (size - len(name) - 4) + b"\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (START + header(LIMIT) + b"\r\n",),
        (START + header(3 * LIMIT),),
        (START, *[header(500, b"X-%d" % number) for number in range(10)]),
        (b"POST /" + b"a" * (LIMIT + 1) + b" HTTP/1.1\r\n",),
        (START + b"X-Endless: ", *[b"a" * 1000] * 20),
        (START + b"".join(b"X-%d: 1\r\n" % number for number in range(MAX_HEADERS)) + b"\r\n",),
    ],
    ids=["one header", "unfinished header", "many headers", "address", "endless header", "number"],
)
async def test_a_head_that_is_too_large_is_refused(pieces: tuple[bytes, ...]) -> None:
    async with serving() as address:
        assert await refused(address, *pieces) == (431, "LIMIT_EXCEEDED")


async def test_a_head_within_its_bounds_is_served_whatever_the_body() -> None:
    body = b"b" * (20 * LIMIT)
    head = START + b"Content-Length: %d\r\n" % len(body)
    head += header(LIMIT - len(head) - 2) + b"\r\n"
    async with serving() as address, connected(address) as (reader, writer):
        # Two at once: the second head begins in a piece that holds a part of the first body.
        writer.write((head + body) * 2)
        for _ in range(2):
            status, _headers, text = await answer(reader)
            assert (status, text) == (200, {"bytes": len(body), "headers": 3})


async def test_a_head_that_dawdles_is_refused() -> None:
    async with serving(headSeconds=0.05) as address:
        assert await refused(address, START) == (408, "TIMEOUT")


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
async def test_a_connection_on_which_nothing_is_asked_is_closed(sent: bytes) -> None:
    async with serving(headSeconds=0.05) as address, connected(address) as (reader, writer):
        writer.write(sent)
        assert await reader.read() == b""


async def test_the_next_head_of_a_connection_has_its_own_time() -> None:
    whole = START + b"Content-Length: 0\r\n\r\n"
    async with serving(headSeconds=0.05, keepAliveSeconds=30) as address, connected(address) as (reader, writer):
        writer.write(whole)
        assert (await answer(reader))[0] == 200
        await asyncio.sleep(0.1)
        writer.write(whole + START)
        assert (await answer(reader))[0] == 200
        assert (await answer(reader))[0] == 408


async def test_an_idle_connection_is_kept_for_as_long_as_the_settings_say() -> None:
    async with serving(keepAliveSeconds=0.05) as address, connected(address) as (reader, writer):
        writer.write(START + b"Content-Length: 0\r\n\r\n")
        assert (await answer(reader))[0] == 200
        assert await reader.read() == b""


WAIT = b"GET /waiting HTTP/1.1\r\nHost: gateway\r\n\r\n"
EMPTY = START + b"Content-Length: 0\r\n\r\n"


async def test_connections_are_bounded_and_one_that_ends_makes_room() -> None:
    async with serving(maxConnections=1) as address:
        async with connected(address) as (reader, writer):
            writer.write(WAIT)
            await gates[0].begun.wait()
            assert await refused(address) == (503, "LIMIT_EXCEEDED")
            gates[0].ended.set()
            assert (await answer(reader))[0] == 200
        async with connected(address) as (reader, writer):
            writer.write(EMPTY)
            assert (await answer(reader))[0] == 200


@pytest.mark.parametrize("sent", [b"", START])
async def test_a_connection_on_which_nothing_is_asked_makes_room(sent: bytes) -> None:
    """The one that has waited longest; one that is answered stays."""
    async with serving(maxConnections=3) as address, connected(address) as (busy, asking):
        asking.write(WAIT)
        await gates[0].begun.wait()
        async with connected(address) as (first, opening), connected(address) as (second, _):
            opening.write(sent)
            async with connected(address) as (reader, writer):
                writer.write(EMPTY)
                assert (await answer(reader))[0] == 200
                with suppress(ConnectionError):
                    assert await first.read() == b""
                assert not second.at_eof()
        gates[0].ended.set()
        assert (await answer(busy))[0] == 200


async def test_a_connection_that_is_kept_alive_makes_room_after_those_without_a_request() -> None:
    async with serving(maxConnections=2) as address, connected(address) as (stored, asking):
        asking.write(EMPTY)
        assert (await answer(stored))[0] == 200
        async with connected(address) as (silent, _), AsyncExitStack() as stack:
            for gone in (silent, stored):
                reader, writer = await stack.enter_async_context(connected(address))
                writer.write(EMPTY)
                assert (await answer(reader))[0] == 200
                with suppress(ConnectionError):
                    assert await gone.read() == b""


async def test_what_is_no_http_is_refused_in_the_form_of_every_error() -> None:
    async with serving() as address:
        assert await refused(address, b"SSH-2.0-OpenSSH_9.6\r\n\r\n") == (400, "BAD_USER_INPUT")


GET_LARGE = b"GET /large HTTP/1.1\r\nHost: gateway\r\n\r\n"


async def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would hold the answer and one of the connections for as long as it likes."""
    monkeypatch.setattr("gateway.http_protocol.WRITE_SECONDS", 0.05)
    async with serving() as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(GET_LARGE)
        await writer.drain()
        # The reader takes 128 kB by itself, and the system a few megabytes.
        assert await reader.read(1) == b"H"
        await asyncio.sleep(0.3)
        taken = 0
        with suppress(ConnectionError):
            while piece := await reader.read(1_000_000):
                taken += len(piece)
        assert taken < LARGE
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_client_that_is_slow_and_goes_on_gets_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.http_protocol.WRITE_SECONDS", 0.2)
    async with serving() as address, connected(address) as (reader, writer):
        writer.write(GET_LARGE)
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(16):
            await reader.readexactly(LARGE // 16)
            await asyncio.sleep(0.02)
