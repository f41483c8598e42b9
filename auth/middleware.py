"""ASGI middleware that authenticates each request; the only module of auth that imports Starlette."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from auth.caller import Caller
from auth.errors import AuthError, InvalidTokenError
from auth.headers import HeaderIdentity, HeaderIdentityConfig

Identify = Callable[[Sequence[tuple[bytes, bytes]], str | None], Awaitable[Caller | None]]
"""Gives the caller from a request's headers and its socket peer's address; None for an anonymous request."""

WEBSOCKET_POLICY_VIOLATION: Final = 1008
"""The WebSocket close code for a connection that is refused because of its identity (RFC 6455, 7.4.1)."""


class ErrorResponse(Protocol):
    """Makes the response of a request that is refused before GraphQL."""

    def __call__(
        self, status: int, message: str, code: str, request_id: str | None, headers: Mapping[str, str] | None = None
    ) -> ASGIApp:
        """Give a response with one error and no data.

        Args:
            status: The HTTP status.
            message: The error's message.
            code: The contract's error code.
            request_id: The id of the request, if it has got one.
            headers: Further headers.
        """


def header_identity(config: HeaderIdentityConfig) -> Identify:
    """Give a function that reads the caller from identity headers by the rules of `config`."""
    identity = HeaderIdentity(config)

    async def from_headers(headers: Sequence[tuple[bytes, bytes]], peer: str | None) -> Caller | None:
        return identity.identify(headers, peer)

    return from_headers


class IdentityMiddleware:
    """Leaves the caller, or None, in `scope["caller"]`; refuses a request whose identity does not hold.

    HTTP requests are answered with the error's status in the form of a GraphQL response; WebSocket handshakes are
    refused.

    Args:
        app: The application behind it.
        identify: Reads the caller.
        error_response: Makes the response of a refused request.
    """

    def __init__(self, app: ASGIApp, identify: Identify, error_response: ErrorResponse) -> None:
        self._app = app
        self._identify = identify
        self._error_response = error_response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        try:
            scope["caller"] = await self._identify(scope["headers"], client[0] if client else None)
        except AuthError as error:
            if error.status is None:
                raise
            await self._refuse(error, error.status, scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _refuse(self, error: AuthError, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # A close before acceptance makes the server answer the handshake with 403.
            await send({"type": "websocket.close", "code": WEBSOCKET_POLICY_VIOLATION, "reason": ""})
            return
        headers = {"WWW-Authenticate": _www_authenticate(error)} if status == 401 else None
        response = self._error_response(status, str(error), error.code, scope.get("request_id"), headers)
        await response(scope, receive, send)


def _www_authenticate(error: AuthError) -> str:
    """Give the challenge of a 401 (RFC 9110, 15.5.2); for a token, that it must be renewed (RFC 6750, section 3).

    Identity headers are no scheme that a client could answer: its name says that a trusted proxy must send them.
    """
    return 'Bearer error="invalid_token"' if isinstance(error, InvalidTokenError) else 'TrustedProxy realm="SageGraph"'
