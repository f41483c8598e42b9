"""sandbox.threaded_server: ready at once, and ended with requests under way."""

import threading

import httpx
import pytest

from sandbox.asgi import Message, Receive, Send, drop_connection, read_request, send_response
from sandbox.responses import HttpResponse
from sandbox.threaded_server import ThreadedServer

WAITING = threading.Event()


async def echo(scope: Message, receive: Receive, send: Send) -> None:
    """Send the body back; drop the connection at /drop, and answer nothing at /wait."""
    request = await read_request(scope, receive)
    if request.path == "/drop":
        await drop_connection(scope, receive)
    elif request.path == "/wait":
        WAITING.set()
        while (await receive())["type"] != "http.disconnect":
            pass
    else:
        await send_response(send, HttpResponse(200, request.body, [(b"content-length", b"%d" % len(request.body))]))


def test_it_answers_and_drops() -> None:
    server = ThreadedServer.start(echo, 0, "echo")
    try:
        assert httpx.post(server.url, content=b"x" * 100_000).content == b"x" * 100_000
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{server.url}/drop")
    finally:
        server.stop()
    assert "echo" not in {thread.name for thread in threading.enumerate()}


def test_requests_under_way_are_cut_off() -> None:
    server = ThreadedServer.start(echo, 0, "echo")
    failed: list[Exception] = []

    def ask() -> None:
        try:
            httpx.get(f"{server.url}/wait", timeout=30)
        except httpx.HTTPError as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    assert WAITING.wait(20)
    server.stop()
    asking.join(20)
    assert [type(error) for error in failed] == [httpx.RemoteProtocolError]
