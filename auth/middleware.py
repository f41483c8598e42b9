"""ASGI middleware that authenticates each request; the only module of auth that imports Starlette."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.caller import Caller
from auth.errors import (
    AuthError,
    InvalidIdentityError,
    InvalidTokenError,
    MalformedIdentityError,
    VerificationKeysUnavailableError,
)
from auth.headers import HeaderIdentityConfig, identify

Identify = Callable[[Sequence[tuple[bytes, bytes]], str | None], Awaitable[Caller | None]]
"""Gives the caller from a request's headers and its socket peer's address; None for an anonymous one."""

STATUS_BY_ERROR: Final[Mapping[type[AuthError], tuple[int, str]]] = {
    MalformedIdentityError: (400, "BAD_USER_INPUT"),
    InvalidIdentityError: (401, "UNAUTHENTICATED"),
    VerificationKeysUnavailableError: (503, "UPSTREAM_UNAVAILABLE"),
}
"""The status and the code with which each is answered."""

WEBSOCKET_POLICY_VIOLATION: Final = 1008
"""The WebSocket close code for a connection that is refused for who opens it (RFC 6455, 7.4.1)."""


def header_identity(config: HeaderIdentityConfig) -> Identify:
    """Give the function that reads the caller from identity headers by these rules."""

    async def from_headers(headers: Sequence[tuple[bytes, bytes]], peer: str | None) -> Caller | None:
        return identify(headers, peer, config)

    return from_headers


class IdentityMiddleware:
    """Leaves the caller, or None, in `scope["caller"]`; a request whose identity cannot stand goes no further.

    HTTP requests are answered 400, 401 or 503 in the form of a GraphQL answer; WebSocket handshakes are refused.

    Args:
        app: The application behind it.
        identify: How the caller is found.
    """

    def __init__(self, app: ASGIApp, identify: Identify) -> None:
        self._app = app
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        try:
            scope["caller"] = await self._identify(scope["headers"], client[0] if client else None)
        except tuple(STATUS_BY_ERROR) as error:
            await _reject(error, scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _reject(error: AuthError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # Closed before it is accepted, the server answers the handshake with 403.
        await send({"type": "websocket.close", "code": WEBSOCKET_POLICY_VIOLATION, "reason": ""})
        return
    await _error_response(error, scope.get("request_id"))(scope, receive, send)


def _error_response(error: AuthError, request_id: str | None) -> JSONResponse:
    status, code = next(answer for kind, answer in STATUS_BY_ERROR.items() if isinstance(error, kind))
    extensions = {"code": code}
    if request_id is not None:
        extensions["requestId"] = request_id
    body = {"errors": [{"message": str(error), "extensions": extensions}]}
    return JSONResponse(
        body, status_code=status, headers={"WWW-Authenticate": _www_authenticate(error)} if status == 401 else None
    )


def _www_authenticate(error: AuthError) -> str:
    """What every 401 must carry (RFC 9110, 15.5.2); of a token, that it must be renewed (RFC 6750, section 3).

    Identity headers are no scheme that a client could answer with: the name tells what is wanted, and of whom.
    """
    return 'Bearer error="invalid_token"' if isinstance(error, InvalidTokenError) else 'TrustedProxy realm="SageGraph"'
