"""gateway.server: the socket's own peer, no word of the server, and an end that is no failure."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth import lookalikes
from gateway import server
from gateway.middleware import RequestIdMiddleware
from gateway.server import bind_socket, create_server, server_url


async def peer(request: Request) -> Response:
    assert request.client is not None
    return JSONResponse({"peer": request.client.host, "scheme": request.url.scheme})


@asynccontextmanager
async def served() -> AsyncIterator[uvicorn.Server]:
    running = create_server(Starlette(routes=[Route("/", peer)]), "127.0.0.1", 0)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        assert not serving.done()
        await asyncio.sleep(0.005)
    yield running
    running.should_exit = True
    await serving


async def test_the_peer_is_the_socket_s_whatever_headers_say() -> None:
    forged = {"X-Forwarded-For": "10.0.0.5", "X-Forwarded-Proto": "https", "Forwarded": "for=10.0.0.5"}
    async with served() as running, httpx.AsyncClient() as http:
        response = await http.get(server_url(running), headers=forged)
    assert response.json() == {"peer": "127.0.0.1", "scheme": "http"}
    assert "server" not in response.headers


async def test_an_address() -> None:
    async with served() as running:
        assert server_url(running).startswith("http://127.0.0.1:")
        assert not server_url(running).endswith(":0")


def test_an_address_of_ipv6() -> None:
    """Told by a stand-in, because not every machine has such an address."""
    bound = SimpleNamespace(getsockname=lambda: ("::1", 8000, 0, 0))
    running: Any = SimpleNamespace(servers=[SimpleNamespace(sockets=[bound])])
    assert server_url(running) == "http://[::1]:8000"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_and_is_not_raised_again(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    async with served() as running:
        signal.raise_signal(number)
        assert running.should_exit
    assert signal.getsignal(number) is before


async def test_a_websocket_without_a_route_is_refused() -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    async with served() as running, httpx.AsyncClient() as http:
        assert (await http.get(server_url(running), headers=upgrade)).status_code in {403, 404}


async def test_a_request_has_its_own_time_to_end_and_two_seconds() -> None:
    running = create_server(Starlette(), "127.0.0.1", 0, 7.5)
    assert running.config.timeout_graceful_shutdown == 10


async def test_a_request_that_is_cut_off_gets_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def endless(_request: Request) -> Response:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    app = Starlette(routes=[Route("/", endless)], middleware=[Middleware(RequestIdMiddleware)])
    running = create_server(app, "127.0.0.1", 0, -2)
    with bind_socket("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(running.serve([listener]))
        async with httpx.AsyncClient() as http:
            asking = asyncio.create_task(http.get(f"http://127.0.0.1:{listener.getsockname()[1]}/"))
            await begun.wait()
            running.should_exit = True
            answer = await asking
        await serving
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "UPSTREAM_UNAVAILABLE")
    assert "Traceback" not in caplog.text


async def test_a_socket_that_listens_already() -> None:
    with bind_socket("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OSError, match="Address already in use"):
            bind_socket("127.0.0.1", port)
        running = create_server(Starlette(routes=[Route("/", peer)]), "127.0.0.1", port)
        serving = asyncio.create_task(running.serve([listener]))
        async with httpx.AsyncClient() as http:
            # The socket takes connections from the first moment on, and they wait for the server.
            assert (await http.get(f"http://127.0.0.1:{port}/")).status_code == 200
        running.should_exit = True
        await serving


def test_before_the_first_client_everything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lookalikes._prototypes.cache_clear()
    collecting: list[str] = []
    collector = SimpleNamespace(start=lambda: collecting.append("garbage"))
    monkeypatch.setattr(server, "GarbageCollector", lambda: collector)
    app = Starlette()
    app.state.warm_up = lambda: collecting.append("schema")
    server.warm_up(app)
    assert (collecting, app.state.garbage) == (["schema", "garbage"], collector)
    assert lookalikes._prototypes.cache_info().currsize == 1
