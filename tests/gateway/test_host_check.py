"""gateway.host_check: a request for a foreign name goes no further, over HTTP and over WebSockets."""

import json
from typing import Any

import pytest
from starlette.types import Message

from gateway.host_check import LOOPBACK_NAMES, HostMiddleware, host_name


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8000", "localhost"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("[::1]", "::1"),
        ("localhost.evil.example:8000", "localhost.evil.example"),
        ("", ""),
    ],
)
def test_the_name_of_a_host(host: str, name: str) -> None:
    assert host_name(host) == name


async def answered(kind: str, *hosts: str) -> tuple[int, list[Message]]:
    """How often the application was asked, and what was sent."""
    asked, sent = 0, []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal asked
        asked += 1

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"host", host.encode()) for host in hosts]
    await HostMiddleware(app, LOOPBACK_NAMES)({"type": kind, "headers": headers, "method": "POST"}, receive, send)
    return asked, sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9", "[::1]:8000", "LOCALHOST"])
async def test_names_of_this_machine_are_let_through(kind: str, host: str) -> None:
    assert await answered(kind, host) == (1, [])


@pytest.mark.parametrize(
    "hosts",
    [
        ("evil.example:8000",),
        ("127.0.0.1.evil.example",),
        ("127.0.0.2",),
        ("user@localhost",),
        (),
        ("localhost", "evil.example"),
    ],
)
async def test_foreign_names_are_refused(hosts: tuple[str, ...]) -> None:
    asked, (start, body) = await answered("http", *hosts)
    assert (asked, start["status"]) == (0, 421)
    assert json.loads(body["body"])["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    asked, (close,) = await answered("websocket", *hosts)
    assert (asked, close["type"], close["code"]) == (0, "websocket.close", 1008)


async def test_the_lifespan_has_no_host() -> None:
    assert await answered("lifespan") == (1, [])
