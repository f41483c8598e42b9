"""Origins of WebSocket handshakes: a browser sends a page's origin, and no rule of CORS stops the handshake itself."""

from collections.abc import Collection, Mapping

from strawberry.http.websocket_origin import is_same_origin


def is_origin_allowed(headers: Mapping[str, str], allowed: Collection[str]) -> bool:
    """Tell whether a handshake's origin is its own host or an allowed one; clients that are no browsers send none.

    Args:
        headers: The headers of the handshake.
        allowed: The allowed origins.
    """
    origin = headers.get("origin")
    return origin is None or origin in allowed or is_same_origin(origin, headers.get("host"))
