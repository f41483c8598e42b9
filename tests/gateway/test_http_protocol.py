"""gateway.http_protocol: what stands behind the body is no header, however it arrives."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.app import create_app
from gateway.server import create_server
from gateway.settings.settings import from_mapping
from tests.gateway_client import settings_mapping

ME = b'{"query": "{ me { subject groups group } }"}'
USER, SECRET = b"X-Forwarded-User: ann\r\n", b"X-Gateway-Secret: s3cr3t\r\n"
GROUPS = b"X-Forwarded-Groups: marketing\r\n"
MARKETING = {"subject": "ann", "groups": ["marketing"], "group": "marketing"}
IDENTITY = {"sharedSecret": {"header": "X-Gateway-Secret", "value": "s3cr3t"}}
JWT = {
    "mode": "jwt",
    "jwt": {"jwksUrl": "https://login.example.com/keys", "issuer": "https://login.example.com/", "audience": "a"},
}


def app(**identity: Any) -> Starlette:
    """The gateway, which none of these questions leads to AWS."""
    return create_app(from_mapping(settings_mapping("http://127.0.0.1:1", identity=identity)))


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A raw connection to a real server."""
    running = create_server(app, "127.0.0.1", 0)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        assert not serving.done()
        await asyncio.sleep(0.005)
    reader, writer = await asyncio.open_connection(*running.servers[0].sockets[0].getsockname()[:2])
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()
        running.should_exit = True
        await serving


def chunked(heads: bytes, trailers: bytes, body: bytes = ME) -> bytes:
    """A request whose body is one chunk, with trailers behind it."""
    start = (
        b"POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    )
    return start + heads + b"\r\n%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, trailers)


async def answered(reader: asyncio.StreamReader) -> tuple[int, Any]:
    """The status and the body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    (length,) = [int(line.partition(": ")[2]) for line in lines if line.startswith("content-length: ")]
    return int(lines[0].split()[1]), json.loads(await reader.readexactly(length))


async def ask(request: bytes, *, pieces: bool, **identity: Any) -> tuple[int, Any]:
    """Sends a request whole, or in pieces that split the body from the trailers and the trailers in the middle."""
    async with connected(app(**identity)) as (reader, writer):
        begun, end = request.rindex(b"0\r\n") + 3, len(request)
        cuts = [0, request.index(ME), begun, (begun + end) // 2, end]
        for first, last in pairwise(cuts) if pieces else [(0, end)]:
            writer.write(request[first:last])
            await writer.drain()
            # The server reads each piece by itself: it has the whole loop to do so before the next one is sent.
            for _ in range(20):
                await asyncio.sleep(0)
        return await answered(reader)


@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize(
    ("heads", "trailers", "text"),
    [
        (SECRET + USER + GROUPS, b"X-Forwarded-Groups: risk\r\n", MARKETING),
        (SECRET + USER + GROUPS, b"X-Forwarded-User: mallory\r\n", MARKETING),
        (SECRET + USER + GROUPS, b"X-Acting-Group: risk\r\n", MARKETING),
        (SECRET + USER, b"X-Forwarded-Groups: risk\r\n", {"subject": "ann", "groups": [], "group": None}),
        (SECRET, b"X-Forwarded-User: mallory\r\nX-Forwarded-Groups: risk\r\n", None),
        (b"", SECRET + b"X-Forwarded-User: mallory\r\nX-Forwarded-Groups: risk\r\n", None),
    ],
)
async def test_identity_in_trailers_is_not_read(heads: bytes, trailers: bytes, text: Any, pieces: bool) -> None:
    named = b"Trailer: X-Forwarded-User, X-Forwarded-Groups, X-Gateway-Secret\r\n"
    status, body = await ask(chunked(heads + named, trailers), pieces=pieces, **IDENTITY)
    assert (status, body["data"]) == (200, {"me": text})
    assert "errors" not in body


@pytest.mark.parametrize("pieces", [False, True])
async def test_a_secret_in_the_trailers_vouches_for_nobody(pieces: bool) -> None:
    status, body = await ask(chunked(USER + GROUPS, SECRET), pieces=pieces, **IDENTITY)
    assert (status, body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("pieces", [False, True])
async def test_a_token_in_the_trailers_is_not_looked_at(pieces: bool) -> None:
    """The same token among the headers is refused, for its keys cannot be had; so this one was not read at all."""
    token = b"Authorization: Bearer e30.e30.e30\r\n"
    status, body = await ask(chunked(b"", token), pieces=pieces, **JWT)
    assert (status, body["data"]) == (200, {"me": None})
    status, body = await ask(chunked(token, b""), pieces=pieces, **JWT)
    assert (status, "data" in body) == (401, False)


async def heard(request: Request) -> Response:
    """The headers as they are once the whole body has been read."""
    await request.body()
    return JSONResponse([name.decode() for name, _ in request.scope["headers"]])


async def test_trailers_do_not_reach_the_next_request_either() -> None:
    usual = ["host", "content-type", "transfer-encoding"]
    echo = Starlette(routes=[Route("/graphql", heard, methods=["POST"])])
    async with connected(echo) as (reader, writer):
        for heads in (b"", b"X-Second: 2\r\n"):
            writer.write(chunked(heads, b"X-Trailer: 1\r\nExpect: 100-continue\r\n"))
            names = usual + ["x-second"] * bool(heads)
            assert await answered(reader) == (200, names)
        writer.write(chunked(b"", b"X-Trailer: 1\r\n") + chunked(b"X-Fourth: 4\r\n", b"X-Trailer: 1\r\n"))
        assert await answered(reader) == (200, usual)
        assert await answered(reader) == (200, [*usual, "x-fourth"])
