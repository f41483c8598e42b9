"""Compression of answers, but for those that hold secret values."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type
from starlette_compress._utils import classify_start_message, mutable_response_headers

from gateway.media_types import GRAPHQL_RESPONSE_JSON

MIN_BYTES: Final = 500
"""Shorter answers are not compressed."""

_UNCOMPRESSED = "gateway.uncompressed_send"


class CompressionMiddleware:
    """Compress answers with zstd, Brotli or gzip: the first of these that the client takes.

    An answer with values that take SEE_SECRETS stays as it is: beside text that an attacker chooses, the length of a
    compressed answer tells the secret character by character (BREACH). The application marks such an answer by
    `scope["shows_secrets"]` before it sends it.

    Args:
        app: The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        add_compress_type(GRAPHQL_RESPONSE_JSON)
        self._app = app
        self._compress = CompressMiddleware(self._run, minimum_size=MIN_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif any(name == b"accept-encoding" for name, _ in scope["headers"]):
            scope[_UNCOMPRESSED] = send
            await self._compress(scope, receive, send)
        else:
            await self._app(scope, receive, _with_vary(send))

    async def _run(self, scope: Scope, receive: Receive, compressed: Send) -> None:
        chosen: Send | None = None

        async def send(message: Message) -> None:
            nonlocal chosen
            if chosen is None:
                chosen = scope[_UNCOMPRESSED] if scope.get("shows_secrets") else compressed
            await chosen(message)

        await self._app(scope, receive, send)


def _with_vary(send: Send) -> Send:
    """Mark an answer that would have been compressed as dependent on Accept-Encoding, which the request lacks."""

    async def send_with_vary(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_compressible(message):
            mutable_response_headers(message).add_vary_header("Accept-Encoding")
        await send(message)

    return send_with_vary


def _is_compressible(start: Message) -> bool:
    """Tell whether a response is of a kind and a length that is compressed; without a length it is long."""
    for name, value in start["headers"]:
        if name == b"content-length" and int(value) < MIN_BYTES:
            return False
    return classify_start_message(start) != "skip"
