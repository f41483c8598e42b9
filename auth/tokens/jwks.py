"""Keys of an OpenID issuer: one JSON web key set at one address."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from auth.errors import InvalidTokenError, TokenFault
from auth.tokens.document_fetcher import FetchDocument, url_without_query
from auth.tokens.jwks_cache import CachedKeySet, KeySet
from auth.tokens.verification_keys import VerificationKey, choose_key, parse_jwks


class JwksKeySource:
    """The key set at an address, read again when a token names a key that is not in it.

    Args:
        url: The address of the key set.
        fetch: Fetches a document by its address.
        clock: Gives seconds that only grow.
    """

    def __init__(self, url: str, fetch: FetchDocument, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._fetch = fetch
        self._key_set = CachedKeySet(self._read_keys, clock)

    async def find(self, key_id: str | None, algorithm: str) -> VerificationKey:
        """Give the key that a token names.

        Args:
            key_id: The `kid` of the token's header; None if it has none.
            algorithm: The `alg` of the token's header.

        Raises:
            InvalidTokenError: The issuer publishes no key of this id, or its key does not verify this algorithm.
            VerificationKeysUnavailableError: The issuer's keys cannot be read.
        """
        key = choose_key(await self._key_set.current(), key_id, algorithm)
        if key is None:
            key = choose_key(await self._key_set.reread(), key_id, algorithm)
        if key is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        return key

    async def check(self) -> str:
        """Say how many keys there are, after a read of the key set.

        Raises:
            VerificationKeysUnavailableError: There is none, or the key set cannot be read.
        """
        count = len(await self._read_keys())
        plain = " over plain http, where whoever is on the way can put in their own"
        return (
            f"{count} usable key{'' if count == 1 else 's'} at {url_without_query(self._url)}"
            f"{plain if urlsplit(self._url).scheme == 'http' else ''}"
        )

    async def close(self) -> None:
        """End a read that is under way."""
        await self._key_set.close()

    async def _read_keys(self) -> KeySet:
        return parse_jwks(await self._fetch(self._url))
