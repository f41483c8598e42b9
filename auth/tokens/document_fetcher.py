"""Bounded HTTP fetches of small public documents, without redirects, cookies or proxies."""

import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import aiohttp

from auth.errors import DocumentNotFoundError, VerificationKeysUnavailableError

MAX_DOCUMENT_BYTES: Final = 512 * 1024
"""Bytes of a document. Large issuers publish some dozens of keys with certificates, about 100 kB."""

FETCH_TIMEOUT_SECONDS: Final = 5.0
"""The most seconds for one document; a person is waiting."""


class DocumentFetcher:
    """Fetches documents over HTTP; usable while it is entered.

    It follows no redirect, keeps no cookie and asks no proxy: the settings alone decide where keys come from.

    Args:
        seconds: The most seconds for one document.
        max_bytes: The largest size of a document, in bytes.
    """

    def __init__(self, seconds: float = FETCH_TIMEOUT_SECONDS, max_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connections' pool."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._seconds), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def get(self, url: str) -> bytes:
        """Give the content of the document at `url`.

        Raises:
            DocumentNotFoundError: The server answers that the document does not exist or is not readable.
            VerificationKeysUnavailableError: It could not be fetched.
        """
        try:
            return await self._get(url)
        except TimeoutError:
            reason = f"did not answer within {self._seconds:g} seconds"
        except (aiohttp.ClientSSLError, ssl.SSLError):
            reason = "shows no certificate that is trusted here"
        except aiohttp.ClientConnectorError:
            reason = "cannot be reached"
        except (aiohttp.ClientError, OSError, ValueError):
            reason = "does not answer as an HTTP server does"
        # Without its cause: aiohttp's errors may quote the whole address.
        raise VerificationKeysUnavailableError(f"The keys' address, {url_without_query(url)}, {reason}.") from None

    async def _get(self, url: str) -> bytes:
        if self._session is None:
            raise VerificationKeysUnavailableError("The gateway is not open, or is closing.")
        async with self._session.get(url, allow_redirects=False) as response:
            if response.status in {403, 404, 410}:
                raise DocumentNotFoundError(f"The keys' address, {url_without_query(url)}, answers {response.status}.")
            if response.status != 200:
                raise VerificationKeysUnavailableError(
                    f"The keys' address, {url_without_query(url)}, answers {response.status}, not 200."
                )
            return await self._read_bounded(response, url)

    async def _read_bounded(self, response: aiohttp.ClientResponse, url: str) -> bytes:
        body = bytearray()
        async for piece in response.content.iter_chunked(16384):
            body += piece
            if len(body) > self._max_bytes:
                raise VerificationKeysUnavailableError(
                    f"The keys' address, {url_without_query(url)}, answers more than {self._max_bytes} bytes."
                )
        return bytes(body)


def url_without_query(url: str) -> str:
    """Give `url` in the form for messages: without user and query, which may hold a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


FetchDocument = Callable[[str], Awaitable[bytes]]
"""Gives the document at an address. Raises VerificationKeysUnavailableError."""
