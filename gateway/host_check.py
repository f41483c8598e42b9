"""Refuse requests for a foreign host name: by DNS rebinding a page of any site asks a gateway on this machine."""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http_errors import error_response

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names by which a browser on this machine reaches it; the port behind them does not matter."""

WEBSOCKET_POLICY_VIOLATION: Final = 1008


class HostMiddleware:
    """Lets only requests through whose `Host` has one of these names, with any port.

    A browser puts the name of the page's own site there, which a rebinding page cannot change.

    Args:
        app: The application behind it.
        names: The names, in lower case, IPv6 addresses without brackets.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in {"http", "websocket"} or self._is_allowed(Headers(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Closed before it is accepted, the server answers the handshake with 403.
            await send({"type": "websocket.close", "code": WEBSOCKET_POLICY_VIOLATION, "reason": ""})
        else:
            message = f"This gateway answers only for {', '.join(sorted(self._names))}; ask it by one of these names."
            await error_response(421, message, "FORBIDDEN", scope.get("request_id"))(scope, receive, send)

    def _is_allowed(self, hosts: list[str]) -> bool:
        return len(hosts) == 1 and host_name(hosts[0]) in self._names


def host_name(host: str) -> str:
    """Give the name in a `Host` header, in lower case, without its port and the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
