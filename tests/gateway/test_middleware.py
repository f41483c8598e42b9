"""gateway.middleware: an id for each request, a line in the log, a bound on the body."""

import asyncio
import gc
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from weakref import ref

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from gateway.middleware import BodyLimitMiddleware, RequestIdMiddleware
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway, identity_headers

ME = json.dumps({"query": "{ me { subject } }"}).encode()


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


class Exchange:
    """A server's request, which refers to its scope, as that does to it through what is put there."""

    def __init__(self) -> None:
        self.scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}

    async def receive(self) -> Message:
        raise AssertionError("Nobody reads the body.")

    async def send(self, message: Message) -> None:
        """Take a message."""


class Answer:
    """An answer that somebody can refer to weakly."""


async def test_a_request_leaves_nothing_in_its_scope() -> None:
    """What is left there lives as long as the connection, or in a cycle."""
    answers = []

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        scope["answer"], scope["send"] = Answer(), send
        answers.append(ref(scope["answer"]))
        await Response()(scope, receive, send)

    exchange = Exchange()
    gc.disable()
    try:
        await RequestIdMiddleware(endpoint)(exchange.scope, exchange.receive, exchange.send)
        assert (list(exchange.scope), answers[0]()) == (["type", "method", "path", "headers"], None)
    finally:
        gc.enable()


@pytest.mark.parametrize("path", ["/graphql", "/livez", "/readyz", "/graphql/schema.graphql", "/nowhere"])
async def test_each_answer_has_an_id_of_its_own(gateway: GatewayClient, path: str) -> None:
    """An id that is none, such as one with a space, is not taken."""
    value = {"X-Request-Id": "the client s"}
    ids = [(await gateway.http.get(path, headers=value)).headers.get_list("x-request-id") for _ in range(2)]
    assert [len(item) for item in ids] == [1, 1]
    assert len({*ids[0], *ids[1], "the client s"}) == 3
    assert all(len(element) == 32 for (element,) in ids)


async def test_a_clients_id_and_trace_are_taken_up(gateway: GatewayClient, caplog: pytest.LogCaptureFixture) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = {"X-Request-Id": "web-42", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    with caplog.at_level(logging.INFO, "sagegraph"):
        answer = await gateway.ask("{ models { totalCount } }", user=None, headers=sent)
    assert answer.headers.get_list("x-request-id") == ["web-42"]
    assert answer.error["extensions"]["requestId"] == "web-42"
    (record,) = [log_record for log_record in caplog.records if log_record.name == "sagegraph.requests"]
    assert (record.__dict__["request_id"], record.__dict__["trace_id"]) == ("web-42", trace)


async def test_errors_carry_the_answers_id(gateway: GatewayClient) -> None:
    answer = await gateway.ask("{ models { totalCount } snapshots { totalCount } }", user=None)
    text = {error["extensions"]["requestId"] for error in answer.errors}
    assert text == {answer.headers["x-request-id"]}


async def test_a_request_is_one_line_in_the_log(
    gateway: GatewayClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "sagegraph"):
        answer = await gateway.ask('{ models { totalCount } model(name: "no-such-model") { id } }')
    (record,) = [log_record for log_record in caplog.records if log_record.name == "sagegraph.requests"]
    text = {name: record.__dict__[name] for name in ("request_id", "method", "path", "status", "caller", "aws_calls")}
    assert text == {
        "request_id": answer.headers["x-request-id"],
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "caller": "ann",
        "aws_calls": 2,
    }
    assert 0 < record.__dict__["seconds"] < 10
    assert "no-such-model" not in caplog.text


async def test_a_refused_request_is_in_the_log_too(gateway: GatewayClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sagegraph"):
        await gateway.http.post("/graphql", content=ME, headers={"X_Forwarded_User": "ann"})
    (record,) = caplog.records
    assert (record.__dict__["status"], record.__dict__["caller"]) == (400, None)


class _Failing:
    """An application that fails, before or after it has begun to answer."""

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._answers:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("what nobody foresaw")


async def test_what_nobody_foresaw_is_masked_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    transport = httpx.ASGITransport(RequestIdMiddleware(_Failing(answers=False)))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        response = await http.get("/")
    assert response.status_code == 500
    assert response.json() == {
        "errors": [
            {
                "message": "Something went wrong inside the gateway; its log has the details under the request id.",
                "extensions": {"code": "INTERNAL", "requestId": response.headers["x-request-id"]},
            }
        ]
    }
    (record,) = [log_record for log_record in caplog.records if log_record.levelno == logging.ERROR]
    assert record.__dict__["request_id"] == response.headers["x-request-id"]
    assert "RuntimeError: what nobody foresaw" in caplog.text


async def test_an_answer_that_has_begun_is_cut_off() -> None:
    transport = httpx.ASGITransport(RequestIdMiddleware(_Failing(answers=True)))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        with pytest.raises(RuntimeError, match="what nobody foresaw"):
            await http.get("/")


async def test_a_request_that_the_end_cuts_off_is_told_so(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.set()
        await asyncio.Event().wait()

    with caplog.at_level(logging.INFO, "sagegraph"):
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(RequestIdMiddleware(app)), base_url="http://gateway"
        ) as http:
            asking = asyncio.create_task(http.get("/"))
            await begun.wait()
            asking.cancel()
            response = await asking
    assert response.status_code == 503
    extensions = {"code": "UPSTREAM_UNAVAILABLE", "requestId": response.headers["x-request-id"]}
    assert response.json() == {
        "errors": [{"message": "The gateway is being stopped; ask again.", "extensions": extensions}]
    }
    (record,) = caplog.records
    assert (record.levelno, record.__dict__["status"]) == (logging.INFO, 503)


async def test_an_answer_that_has_begun_is_cut_off_by_the_end_too() -> None:
    begun = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.set()
        await asyncio.Event().wait()

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/"}
    answering = asyncio.create_task(RequestIdMiddleware(app)(scope, nothing, send))
    await begun.wait()
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering
    assert [message["type"] for message in sent] == ["http.response.start"]


async def test_other_connections_pass_through() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    for layer in (RequestIdMiddleware(app), BodyLimitMiddleware(app, 10)):
        await layer({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan", "lifespan"]


TOO_LARGE = "The request's body is larger than 100 bytes (`limits.bytes`); send less at once."


@pytest.mark.parametrize("size", [100, 101])
@pytest.mark.parametrize("chunked", [False, True])
async def test_the_largest_body(open_gateway: OpenGateway, sandbox: Sandbox, size: int, chunked: bool) -> None:
    body = json.dumps({"query": "{ models { totalCount } }"}).encode().ljust(size)
    content: Any = pieces(body[:60], body[60:]) if chunked else body
    async with open_gateway(limits={"bytes": 100}) as gateway:
        headers = {**identity_headers("ann", ["risk"]), "content-type": "application/json"}
        response = await gateway.http.post("/graphql", content=content, headers=headers)
    if size == 100:
        assert response.json()["data"] == {"models": {"totalCount": 0}}
        return
    assert response.status_code == 413
    extensions = {"code": "LIMIT_EXCEEDED", "requestId": response.headers["x-request-id"]}
    assert response.json() == {"errors": [{"message": TOO_LARGE, "extensions": extensions}]}
    assert response.headers["cache-control"] == "no-store"
    assert sandbox.calls.count() == 0


class _Reading:
    """An application that reads what it gets."""

    def __init__(self) -> None:
        self.got: list[Message] = []

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        self.got += [await receive(), await receive()]


async def read(messages: list[Message], *headers: tuple[bytes, bytes]) -> tuple[list[Message], list[Message], int]:
    """What the application read, what was sent to the client, and how many messages were left unread."""
    app, sent, waiting = _Reading(), list[Message](), list(messages)

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await BodyLimitMiddleware(app, 10)({"type": "http", "headers": list(headers)}, receive, send)
    return app.got, sent, len(waiting)


async def test_the_application_gets_the_whole_body_at_once() -> None:
    chunks: list[Message] = [
        {"type": "http.request", "body": b"12345", "more_body": True},
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": b"67890"},
        {"type": "http.disconnect"},
    ]
    got, sent, left = await read(chunks)
    assert got == [{"type": "http.request", "body": b"1234567890", "more_body": False}, {"type": "http.disconnect"}]
    assert (sent, left) == ([], 0)


async def test_reading_ends_where_the_body_is_too_large() -> None:
    chunk: Message = {"type": "http.request", "body": b"123456", "more_body": True}
    got, sent, left = await read([chunk] * 5)
    assert (got, sent[0]["status"], left) == ([], 413, 3)


@pytest.mark.parametrize("data", [b"11", b"999999999999999999999", b"-1", b"ten", b"", b"\xb2"])
async def test_a_length_that_is_too_large_or_none_is_not_even_read(data: bytes) -> None:
    got, sent, left = await read([{"type": "http.request", "body": b"1"}], (b"content-length", data))
    assert (got, sent[0]["status"], left) == ([], 413, 1)


async def test_a_client_that_goes_away_is_not_answered() -> None:
    """A body that was cut short is no request; nothing may be done for half of one."""
    gone: list[Message] = [{"type": "http.request", "body": b"12", "more_body": True}, {"type": "http.disconnect"}]
    assert await read(gone) == ([], [], 0)


async def test_half_a_body_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.middleware.BODY_SECONDS", 0.05)
    app, sent, waiting = _Reading(), list[Message](), [{"type": "http.request", "body": b"1", "more_body": True}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await BodyLimitMiddleware(app, 10)({"type": "http", "headers": []}, receive, send)
    assert (app.got, sent[0]["status"]) == ([], 408)
    assert (b"connection", b"close") in sent[0]["headers"]
    (error,) = json.loads(sent[1]["body"])["errors"]
    assert error["message"] == "The request's body did not arrive within 0.05 seconds; send it at once."
    assert error["extensions"]["code"] == "TIMEOUT"
