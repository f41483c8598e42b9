"""The WebSocket protocol of one connection: uvicorn's, bounded, and closed by the application with a goodbye."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from gateway.slow_readers import WRITE_SECONDS, takes_too_little

MAX_MESSAGE_BYTES: Final = 1_000_000
"""The largest message that is read at all; `limits.bytes` bounds those that are looked at."""

MAX_FRAMES: Final = 1000
"""Frames of one message: empty ones would be kept without end, as its size does not grow."""

PING_SECONDS: Final = 20.0
"""The time between two pings, and the time within which a client must answer one."""


class SocketProtocol(WebSocketsSansIOProtocol):
    """A connection that the application closes when the process ends, once it has completed its subscriptions.

    uvicorn waits for ever for a client that takes nothing, even to close its connection, and keeps every pong for it.
    """

    _write_timer: asyncio.TimerHandle | None = None
    _waiting = 0
    """The bytes that waited for the client at the last look, unless it has taken most of them since."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection by its transport, and watch how fast its client reads."""
        super().connection_made(transport)
        self._watch_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; exc is None after an orderly end."""
        if self._write_timer is not None:
            self._write_timer.cancel()
        super().connection_lost(exc)

    async def send(self, message: Any) -> None:
        """Send an ASGI message; uvicorn takes a handshake refused with a response for an application's error."""
        await super().send(message)
        if self.close_sent:
            self.handshake_complete = True

    def handle_ping(self) -> None:
        """Answer a ping, unless the client leaves so much unread that answers would pile up."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        """Take a further frame of a message, unless it has too many.

        Args:
            event: The frame.
        """
        if self.close_sent:
            return
        if len(self.frames) >= MAX_FRAMES:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, "Too many frames")
            self.handle_parser_exception()
            return
        super().handle_cont(event)

    def resume_writing(self) -> None:
        """Note that the client has taken most of the bytes that waited for it."""
        self._waiting = 0
        super().resume_writing()

    def shutdown(self) -> None:
        """Let the application close the connection; uvicorn ends it if that takes too long."""
        drain(self.app_state)
        if not self.handshake_complete or self.close_sent:
            super().shutdown()

    def _watch_writing(self) -> None:
        before, self._waiting = self._waiting, self.transport.get_write_buffer_size()
        if before and takes_too_little(before, self._waiting):
            self.transport.abort()
        else:
            self._write_timer = self.loop.call_later(WRITE_SECONDS, self._watch_writing)


def drain(app_state: Mapping[str, Any]) -> None:
    """Let the subscriptions in the application's state end, if it has any."""
    if (subscriptions := app_state.get("subscriptions")) is not None:
        subscriptions.drain()
