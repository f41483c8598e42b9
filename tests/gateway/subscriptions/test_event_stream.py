"""gateway.subscriptions.event_stream: subscriptions by server-sent events."""

import asyncio
from typing import Any

import httpx
import pytest

from gateway.subscriptions.event_stream import accepts_event_stream
from tests.gateway.subscriptions.conftest import DEPLOYMENTS, RUNTIME
from tests.gateway_client import identity_headers
from tests.live.subscribers import ServedGateway, event_stream


@pytest.mark.parametrize(
    ("accept", "accepted"),
    [
        ("text/event-stream", True),
        ("application/json, Text/Event-Stream; q=0.5", True),
        ("*/*", False),
        ("text/*", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_a_stream_is_for_who_names_it(accept: str, accepted: bool) -> None:
    assert accepts_event_stream(accept) is accepted


async def test_a_stream_is_told_to_nobody_else(gateway: ServedGateway) -> None:
    async with event_stream(gateway.client.http, DEPLOYMENTS) as events:
        headers = events.response.headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in headers
    assert "access-control-allow-origin" not in headers


async def test_a_quiet_stream_shows_that_it_lives(gateway: ServedGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.subscriptions.event_stream.HEARTBEAT_SECONDS", 0.02)
    async with event_stream(gateway.client.http, DEPLOYMENTS) as events:
        lines = events.response.aiter_lines()
        async with asyncio.timeout(10):
            assert [await anext(lines) for _ in range(4)] == [":", "", ":", ""]
    await gateway.quiet()


@pytest.mark.parametrize("blocks", [{"subscriptions": {"connections": 1}}])
async def test_a_stream_counts_for_as_long_as_it_lasts(gateway: ServedGateway, ids: Any) -> None:
    async with event_stream(gateway.client.http, RUNTIME, ids) as events:
        await events.next()
        assert (gateway.hub.connections, gateway.hub.subscriptions, gateway.hub.events) == (1, 1, 1)
        async with event_stream(gateway.client.http, RUNTIME, ids) as second:
            assert second.response.status_code == 503
            assert second.response.headers["retry-after"] == "1"
    await gateway.quiet()
    assert gateway.hub.refused == 1


@pytest.mark.parametrize("blocks", [{"subscriptions": {"perCaller": 1}}])
async def test_one_caller_has_so_many_streams(gateway: ServedGateway, ids: Any) -> None:
    async with event_stream(gateway.client.http, RUNTIME, ids) as events:
        await events.next()
        async with event_stream(gateway.client.http, RUNTIME, ids) as second:
            assert second.response.status_code == 429
        async with event_stream(gateway.client.http, RUNTIME, ids, user="bob") as other:
            await other.next()
    await gateway.quiet()


@pytest.mark.parametrize("blocks", [{"server": {"getQueries": True}}])
@pytest.mark.parametrize(
    ("method", "content_type", "status"),
    [
        ("GET", None, 405),
        ("POST", "text/plain", 415),
        ("POST", "application/x-www-form-urlencoded", 415),
        ("POST", "multipart/form-data; boundary=a", 415),
        ("POST", None, 415),
    ],
)
async def test_what_a_page_can_send_without_asking_begins_no_stream(
    gateway: ServedGateway, method: str, content_type: str | None, status: int
) -> None:
    """An EventSource and a form send cookies and a proxy's identity from any page."""
    headers = {"Accept": "text/event-stream", **identity_headers("ann", ("risk",)), "Origin": "https://evil.org"}
    body: dict[str, Any] = {"params": {"query": DEPLOYMENTS}}
    if method == "POST":
        headers |= {"Content-Type": content_type} if content_type else {}
        body = {"content": b'{"query": "subscription { deploymentsChanged { matches } }"}'}
    answer: httpx.Response = await gateway.client.http.request(method, "/graphql", headers=headers, **body)
    assert answer.status_code == status
    assert (gateway.hub.connections, gateway.hub.events) == (0, 0)


@pytest.mark.parametrize("blocks", [{"server": {"cors": {"allowedOrigins": ["https://app.example.com"]}}}])
async def test_a_page_of_an_allowed_origin_reads_a_stream(gateway: ServedGateway) -> None:
    for origin, allowed in (("https://app.example.com", "https://app.example.com"), ("https://evil.org", None)):
        async with event_stream(gateway.client.http, DEPLOYMENTS, headers={"Origin": origin}) as events:
            assert events.response.headers.get("access-control-allow-origin") == allowed
            assert "access-control-allow-credentials" not in events.response.headers
