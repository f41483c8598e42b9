"""The keys of an OpenID issuer: one JSON web key set at one address."""

import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from auth.errors import InvalidTokenError, TokenFault
from auth.tokens.fetching import shown
from auth.tokens.kept import KeptKeys, Keys
from auth.tokens.keys import VerificationKey, choose, from_jwks

Get = Callable[[str], Awaitable[bytes]]
"""Gives the document at an address. Raises KeysUnavailableError."""


class JWKS:
    """The key set at an address, read again when a token names a key that is not in it.

    Args:
        url: The address.
        get: How documents are fetched.
        clock: Seconds that only grow.
    """

    def __init__(self, url: str, get: Get, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._get = get
        self._kept = KeptKeys(self._read, clock)

    async def find(self, key_id: str | None, algorithm: str) -> VerificationKey:
        """Give the key that a token names.

        Raises:
            InvalidTokenError: The issuer publishes none of this name, or it does not check this algorithm.
            KeysUnavailableError: The issuer's keys cannot be had.
        """
        found = choose(await self._kept.current(), key_id, algorithm)
        if found is None:
            found = choose(await self._kept.renewed(), key_id, algorithm)
        if found is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        return found

    async def check(self) -> str:
        """Say how many keys there are, having asked.

        Raises:
            KeysUnavailableError: None, or they cannot be had.
        """
        count = len(await self._read())
        plain = " over plain http, where whoever is on the way can put in their own"
        return (
            f"{count} usable key{'' if count == 1 else 's'} at {shown(self._url)}"
            f"{plain if urlsplit(self._url).scheme == 'http' else ''}"
        )

    async def close(self) -> None:
        """End a read that is under way."""
        await self._kept.close()

    async def _read(self) -> Keys:
        return from_jwks(await self._get(self._url))
