"""The HTTP protocol of one connection: uvicorn's, with trailers discarded."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class HttpProtocol(HttpToolsProtocol):
    """A connection that discards trailers, as a receiver may (RFC 9110, 6.5.1).

    uvicorn puts a trailer among the headers, in the very list that the application is reading. A proxy takes identity
    headers away from what it passes on, but not trailers, in which a client could name itself.
    """

    _in_headers = False

    def on_message_begin(self) -> None:
        """A request begins, and with it its headers."""
        self._in_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The headers are complete: the request begins to be answered, and whatever still comes is none of them."""
        self._in_headers = False
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header, and throws a trailer away."""
        if self._in_headers:
            super().on_header(name, value)
