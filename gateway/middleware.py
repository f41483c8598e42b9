"""ASGI middleware of every HTTP request: an id, a bound on its body, a line in the log."""

import asyncio
import logging
import time
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from concurrency.deadlines import until
from gateway.http_errors import error_response
from gateway.observability.request_line import begin_request, end_request
from gateway.observability.request_outcome import CLIENT_DISCONNECTED
from gateway.observability.traces import request_span

_log = logging.getLogger("sagegraph.requests")

BODY_SECONDS: Final = 10.0
"""Seconds within which a whole body must arrive. A proxy sends it in one go; the largest allowed one takes a second
at 8 Mbit/s. Without a bound, each client that stops in the middle would hold its connection for as long as it likes."""


class RequestIdMiddleware:
    """Gives each request an id of the gateway's own, puts it into the answer, and logs how the request went.

    Args:
        app: The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            with request_span(scope):
                await self._serve_http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        of_server = frozenset(scope)
        begun, request_id, status = time.perf_counter(), begin_request(scope), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except asyncio.CancelledError:
            # The server ends, and its wait for requests is over. It would answer in plain text, and log the
            # cancellation as an error of the application.
            if status:
                raise
            message = "The gateway is being stopped; ask again."
            await error_response(503, message, "UPSTREAM_UNAVAILABLE", request_id)(scope, receive, send_with_id)
        except Exception:
            # The outermost place: the log gets an unforeseen error whole, and the client only the request's id.
            _log.exception("An unexpected error was masked.", extra={"request_id": request_id})
            if status:
                raise
            message = "Something went wrong inside the gateway; its log has the details under the request id."
            await error_response(500, message, "INTERNAL", request_id)(scope, receive, send_with_id)
        finally:
            end_request(scope, scope["method"], status or CLIENT_DISCONNECTED, time.perf_counter() - begun)
            # The server keeps the scope until the connection's next request, and some of this refers to the server:
            # whole answers would be garbage that only a collection frees.
            for key in scope.keys() - of_server:
                del scope[key]

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket; its status in the log is the code that it was closed with, or of the refused handshake."""
        begun, status = time.perf_counter(), 0
        begin_request(scope)

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "websocket.http.response.start":
                status = message["status"]
            elif message["type"] == "websocket.close":
                status = message.get("code", 1000)
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        except Exception:
            _log.exception("An unexpected error was masked.", extra={"request_id": scope["request_id"]})
            raise
        finally:
            end_request(scope, "WEBSOCKET", status or CLIENT_DISCONNECTED, time.perf_counter() - begun)


class BodyLimitMiddleware:
    """Reads the body before the application sees it, and refuses one that is larger than `max_bytes`.

    Args:
        app: The application behind it.
        max_bytes: The largest body that is let through, in bytes.
        key: The key of the settings with this bound, for the message; None if it is fixed.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, key: str | None = "limits.bytes") -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._key = "" if key is None else f" (`{key}`)"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await until(asyncio.get_running_loop().time() + BODY_SECONDS, self._read(scope, receive))
        except TimeoutError:
            message = f"The request's body did not arrive within {BODY_SECONDS:g} seconds; send it at once."
            close = {"Connection": "close"}
            await error_response(408, message, "TIMEOUT", scope.get("request_id"), close)(scope, receive, send)
            return
        except ClientDisconnect:
            # Half a body is no request, and no client is left to answer.
            return
        if body is None:
            message = f"The request's body is larger than {self._max_bytes} bytes{self._key}; send less at once."
            # If the connection went on, the server would read and throw away the rest of the body.
            close = {"Connection": "close"}
            await error_response(413, message, "LIMIT_EXCEEDED", scope.get("request_id"), close)(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Read the whole body; None if it is too large. The length that the client announces only saves the reading.

        Raises:
            ClientDisconnect: The client went away before the end.
        """
        content_length = dict(scope["headers"]).get(b"content-length", b"0")
        if not content_length.isdigit() or int(content_length) > self._max_bytes:
            return None
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            body += message.get("body", b"")
            if len(body) > self._max_bytes:
                return None
            if not message.get("more_body"):
                return bytes(body)
