"""Compression of answers, but for those that hold secret values."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from gateway.media_types import GRAPHQL_RESPONSE_JSON

_UNCOMPRESSED = "gateway.uncompressed_send"


class CompressionMiddleware:
    """Compress answers with zstd, Brotli or gzip, whichever the client takes first in this order.

    An answer with values that take SEE_SECRETS stays as it is: beside text that an attacker chooses, the length of a
    compressed answer tells the secret character by character (BREACH). The application marks such an answer by
    `scope["shows_secrets"]` before it sends it.

    Args:
        app: The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        add_compress_type(GRAPHQL_RESPONSE_JSON)
        self._app = app
        self._compress = CompressMiddleware(self._run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] == "http":
            scope[_UNCOMPRESSED] = send
        await self._compress(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, compressed: Send) -> None:
        chosen: Send | None = None

        async def send(message: Message) -> None:
            nonlocal chosen
            if chosen is None:
                chosen = scope[_UNCOMPRESSED] if scope.get("shows_secrets") else compressed
            await chosen(message)

        await self._app(scope, receive, send if scope["type"] == "http" else compressed)
