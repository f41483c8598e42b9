"""gateway.draining: SIGTERM says so first, and ends later; a second one, or no seconds at all, ends at once."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.draining import Drain, drain_on_sigterm
from gateway.http_protocol import limited_protocol
from gateway.server import DrainingConfig, bind_socket, create_server, server_options
from gateway.settings.server import ServerSettings
from gateway.worker_processes import WorkerProcess

PATIENCE = 20


@pytest.fixture
def ended() -> Iterator[list[int]]:
    """The signals that have come to the handler that was there before."""
    signals: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        signals.append(number)

    before = signal.signal(signal.SIGTERM, handle)
    yield signals
    signal.signal(signal.SIGTERM, before)


async def test_it_begins_at_once_and_ends_later(ended: list[int]) -> None:
    drain = Drain()
    drain_on_sigterm(drain, 0.05)
    signal.raise_signal(signal.SIGTERM)
    assert (drain.begun, ended) == (True, [])
    async with asyncio.timeout(PATIENCE):
        while not ended:  # noqa: ASYNC110 - The handler of a signal is no coroutine.
            await asyncio.sleep(0.01)
    assert ended == [signal.SIGTERM]


async def test_a_second_signal_ends_it_at_once(ended: list[int]) -> None:
    drain_on_sigterm(Drain(), 3600)
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)
    assert ended == [signal.SIGTERM]


async def test_a_second_signal_to_a_supervised_process_changes_nothing(ended: list[int]) -> None:
    """systemd tells the supervisor and its processes to end, and the supervisor tells them, too."""
    drain = Drain()
    drain_on_sigterm(drain, 3600, repeat_skips=False)
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)
    assert (drain.begun, ended) == (True, [])


async def test_without_seconds_it_ends_at_once(ended: list[int]) -> None:
    drain = Drain()
    drain_on_sigterm(drain, 0)
    signal.raise_signal(signal.SIGTERM)
    assert (drain.begun, ended) == (True, [signal.SIGTERM])


async def test_beside_the_main_thread_nothing_changes(ended: list[int]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    await asyncio.to_thread(drain_on_sigterm, Drain(), 1)
    assert signal.getsignal(signal.SIGTERM) is before


async def test_connections_close_with_their_next_answer(ended: list[int]) -> None:
    """A proxy that keeps connections sends its next request elsewhere; the last connection is taken all the same."""

    async def answer(request: Request) -> Response:
        return JSONResponse({"draining": request.state.drain.begun})

    app, drain = Starlette(routes=[Route("/", answer)]), Drain()
    app.state.drain = drain
    with bind_socket("127.0.0.1", 0) as listener:
        running = create_server(app, "127.0.0.1", 0, settings=ServerSettings.model_validate({"drainSeconds": 0.2}))
        serving = asyncio.create_task(running.serve([listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        async with httpx.AsyncClient() as http:
            # The server has loaded, and its handlers are in place, once it answers.
            while not running.started:  # noqa: ASYNC110 - uvicorn tells nobody.
                await asyncio.sleep(0.005)
            running.lifespan.state["drain"] = drain
            before = await http.get(url)
            signal.raise_signal(signal.SIGTERM)
            after = await http.get(url)
        await asyncio.wait_for(serving, PATIENCE)
    assert (before.json(), before.headers.get("connection")) == ({"draining": False}, None)
    assert (after.json(), after.headers["connection"]) == ({"draining": True}, "close")


def _server_alone(app: Starlette, _listener: socket.socket) -> uvicorn.Server:
    return create_server(app, "127.0.0.1", 0)


def _server_of_a_worker(app: Starlette, listener: socket.socket) -> uvicorn.Server:
    """The one that a process of `server.workers` runs."""
    settings = ServerSettings()
    config = DrainingConfig(app, http=limited_protocol(settings), **server_options(settings, 30))
    return WorkerProcess(config, [listener]).server


@pytest.mark.parametrize("make", [_server_alone, _server_of_a_worker])
async def test_a_connection_that_waits_to_be_accepted_is_answered(
    make: Callable[[Starlette, socket.socket], uvicorn.Server],
) -> None:
    """The loop is busy while clients connect, and the server closes before it turns again."""
    app = Starlette(routes=[Route("/", lambda _request: JSONResponse({}))])
    with bind_socket("127.0.0.1", 0) as listener:
        running = make(app, listener)
        serving = asyncio.create_task(running.serve([listener]))
        while not running.started:  # noqa: ASYNC110 - uvicorn tells nobody.
            await asyncio.sleep(0.005)
        clients = [socket.create_connection(listener.getsockname(), PATIENCE) for _ in range(20)]
        for client in clients:
            client.sendall(b"GET / HTTP/1.1\r\nHost: gateway\r\n\r\n")
        running.should_exit = True
        await running.shutdown([listener])
        answers = [await asyncio.to_thread(_status_line, client) for client in clients]
        serving.cancel()
        await asyncio.wait((serving,))
    assert set(answers) == {b"HTTP/1.1 200 OK"}


def _status_line(client: socket.socket) -> bytes:
    with client:
        return client.recv(65_536).partition(b"\r\n")[0]
