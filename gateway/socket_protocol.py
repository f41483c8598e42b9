"""The WebSocket protocol of one connection: uvicorn's, which lets the application say goodbye."""

from collections.abc import Mapping
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MAX_MESSAGE_BYTES: Final = 1_000_000
"""The largest message that is read at all; `limits.bytes` bounds those that are looked at."""

PING_SECONDS: Final = 20.0
"""The time between two pings, and the time within which a client must answer one."""


class SocketProtocol(WebSocketsSansIOProtocol):
    """A connection that the application closes when the process ends, once it has completed its subscriptions."""

    def shutdown(self) -> None:
        """Let the application close the connection; uvicorn ends what takes too long."""
        drain(self.app_state)
        if not self.handshake_complete or self.close_sent:
            super().shutdown()


def drain(app_state: Mapping[str, Any]) -> None:
    """Let the subscriptions of this process end, if there is an application that has some."""
    if (subscriptions := app_state.get("subscriptions")) is not None:
        subscriptions.drain()
