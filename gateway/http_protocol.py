"""The HTTP protocol of one connection: uvicorn's, with bounded heads and connections, and with trailers discarded."""

import asyncio
from itertools import chain
from typing import Final, Protocol, cast

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from gateway.draining import STATE_KEY
from gateway.http_errors import error_response
from gateway.slow_readers import WRITE_SECONDS, takes_too_little
from gateway.socket_protocol import drain

MAX_HEADERS: Final = 100
"""Headers of one request; those behind a proxy have some thirty."""

_CLOSE: Final = {"Connection": "close"}
_LINGER_SECONDS: Final = 1.0
# A header's colon, space and line end.
_HEADER_OVERHEAD: Final = 4


class ConnectionLimits(Protocol):
    """Bounds of connections: `server` in the settings."""

    @property
    def head_bytes(self) -> int:
        """The largest request line with its headers, in bytes."""

    @property
    def head_seconds(self) -> float:
        """Seconds within which a head must have arrived, counted from the connection or from its first byte."""

    @property
    def max_connections(self) -> int:
        """The most connections at once."""


class _HeadTooLargeError(Exception):
    """A head exceeds its bounds; raised within the parser, which ends with it."""


class HttpProtocol(HttpToolsProtocol):
    """A connection with a bounded head that discards trailers, as a receiver may (RFC 9110, 6.5.1).

    uvicorn puts a trailer among the headers, in the very list that the application is reading. A proxy takes identity
    headers away from requests that it passes on, but not trailers, in which a client could name itself.

    Attributes:
        limits: The bounds of connections.
        headless: Connections that wait for their first or present head, oldest first.
        idle: Connections that wait for another request, oldest first.
    """

    limits: ConnectionLimits
    headless: dict["HttpProtocol", None]
    idle: dict["HttpProtocol", None]
    _in_headers = False
    _in_body = False
    _too_large = False
    _refused = False
    _begun = 0
    _unparsed = 0
    _head_size = 0
    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn has it.
        """Take a connection by its transport; if there are too many, one on which nothing is asked makes room."""
        if len(self.connections) >= self.limits.max_connections and not self._make_room():
            self.transport = transport
            message = "The gateway has too many connections (`server.maxConnections`); try again in a moment."
            self._write_and_close(error_response(503, message, "LIMIT_EXCEEDED", None, {**_CLOSE, "Retry-After": "1"}))
            return
        super().connection_made(transport)
        self._start_head_timer()

    def _make_room(self) -> bool:
        """Cut the connection that has waited longest for its first head, else for its next one; tell if one waits.

        Connections on which nothing is asked would keep everyone else out, and the probes too.
        """
        longest = next((one for one in chain(self.headless, self.idle) if not one._is_answering()), None)
        if longest is not None:
            longest._cut()
        return longest is not None

    def _cut(self) -> None:
        self._leave_pools()
        self.transport.abort()

    def _leave_pools(self) -> None:
        self.headless.pop(self, None)
        self.idle.pop(self, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; exc is None after an orderly end."""
        self._stop_head_timer()
        self._stop_write_timer()
        self._leave_pools()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let an event stream end, which would go on for as long as it may; close once the answer is complete."""
        drain(self.app_state)
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Parse data, a piece of a request; refuse a head that exceeds its limit."""
        if self._refused:
            return
        is_head = not self._in_body
        self.idle.pop(self, None)
        if is_head:
            self._start_head_timer()
        self._begun = 0
        super().data_received(data)
        if not self._in_headers or self._refused:
            return
        # A piece in which a later head begins may hold the end of the body before it, so it does not count.
        self._unparsed += len(data) if is_head and self._begun <= 1 else 0
        if self._unparsed > self.limits.head_bytes:
            self._too_large = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Note that a request begins, and with it its headers."""
        self._in_headers, self._unparsed, self._head_size = True, 0, 0
        self._begun += 1
        self._start_head_timer()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count a part of the URL, and pass it on."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header's name and value; discard those of a trailer."""
        if self._in_headers:
            self._count(len(name) + len(value) + _HEADER_OVERHEAD)
            if len(self.headers) >= MAX_HEADERS:
                self._too_large = True
                raise _HeadTooLargeError
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer the request, as its headers are complete; later ones are trailers."""
        self._in_headers, self._in_body = False, True
        self._stop_head_timer()
        super().on_headers_complete()
        if self._is_answering() and self._is_draining():
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Note that the body is complete."""
        self._in_body = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Watch how fast the client reads, as more of an answer waits for it than the transport takes at once."""
        super().pause_writing()
        self._watch_writing()

    def resume_writing(self) -> None:
        """Watch the client no longer, as it has taken most of the bytes that waited for it."""
        self._stop_write_timer()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """Note that an answer is written; a part of it may still wait for the client."""
        super().on_response_complete()
        if not self._is_answering() and not self.transport.is_closing():
            self.idle[self] = None
        self._watch_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer 400 to malformed HTTP or 431 to too large a head, and close; uvicorn's text `msg` is not shown."""
        if self._too_large:
            bounds = f"{self.limits.head_bytes} bytes (`server.headBytes`) or {MAX_HEADERS} headers"
            message = f"The request line and headers are larger than {bounds}; send less, such as a smaller token."
            self._write_and_close(error_response(431, message, "LIMIT_EXCEEDED", None, _CLOSE))
        else:
            message = "The request is not valid HTTP/1.1; send it again, well formed."
            self._write_and_close(error_response(400, message, "BAD_USER_INPUT", None, _CLOSE))

    def _is_draining(self) -> bool:
        """Tell whether the process ends soon: then a proxy is to send its next request elsewhere."""
        begun: bool = getattr(self.app_state.get(STATE_KEY), "begun", False)
        return begun

    def _count(self, size: int) -> None:
        self._head_size += size
        if self._head_size > self.limits.head_bytes:
            self._too_large = True
            raise _HeadTooLargeError

    def _is_answering(self) -> bool:
        cycle = cast(RequestResponseCycle | None, self.cycle)  # uvicorn types it without the None that it begins with.
        return cycle is not None and not cycle.response_complete

    def _start_head_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.limits.head_seconds, self._on_head_timeout)
            self.headless[self] = None

    def _stop_head_timer(self) -> None:
        self.headless.pop(self, None)
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _on_head_timeout(self) -> None:
        self._head_timer = None
        if self._is_answering():
            # Reading may be paused for this answer, so the client is not to blame.
            self._start_head_timer()
        elif self._in_headers:
            message = f"The request's head did not arrive within {self.limits.head_seconds:g} seconds; send it at once."
            self._write_and_close(error_response(408, message, "TIMEOUT", None, _CLOSE))
        else:
            self.transport.close()

    def _watch_writing(self) -> None:
        """Watch how fast the client takes the bytes that wait for it: one that takes none would hold them for ever."""
        waiting = self.transport.get_write_buffer_size()
        if waiting and self._write_timer is None:
            self._write_timer = self.loop.call_later(WRITE_SECONDS, self._check_writing, waiting)

    def _check_writing(self, before: int) -> None:
        self._write_timer = None
        waiting = self.transport.get_write_buffer_size()
        if takes_too_little(before, waiting):
            self._cut()
        else:
            self._watch_writing()

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _write_and_close(self, response: Response) -> None:
        """Write a response that no application made; nothing if an answer is under way, which it would corrupt."""
        self._stop_head_timer()
        if self._is_answering() or self.transport.is_closing():
            self.transport.close()
            return
        headers = b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
        self.transport.write(STATUS_LINE[response.status_code] + headers + b"\r\n" + bytes(response.body))
        # Closed at once, with input unread, the system would reset the connection and the client never see the answer.
        self._refused = True
        self.transport.write_eof()
        self._head_timer = self.loop.call_later(_LINGER_SECONDS, self.transport.close)


def limited_protocol(limits: ConnectionLimits) -> type[HttpProtocol]:
    """Give the protocol with these limits, as uvicorn takes it: a class that it instantiates for each connection."""
    return type("LimitedHttpProtocol", (HttpProtocol,), {"limits": limits, "headless": {}, "idle": {}})
