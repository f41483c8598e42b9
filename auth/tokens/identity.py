"""Identity by the signed token in a request's headers."""

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

from auth.caller import Caller, parse_group
from auth.errors import InvalidTokenError, TokenFault
from auth.headers import RawHeaders, collect_identity_headers, header_text, require_trusted_peer
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.verification import TokenIdentityConfig, caller_from_claims, parse_token_header, verify_claims
from auth.tokens.verification_keys import VerificationKeySource

MAX_TOKEN_CHARACTERS: Final = 49_152
"""The most characters of a token: three quarters of the largest head (`server.headBytes`), some 1,000 groups."""

BARE_TOKEN: Final = re.compile(rb"[A-Za-z0-9_.=-]+")
BEARER_TOKEN: Final = re.compile(rb"(?i:bearer) +([A-Za-z0-9_.=-]+)")
"""RFC 6750, section 2.1, with the characters that a JSON web token may have."""


class TokenIdentity:
    """Gives the caller whom a request's token names; usable while it is entered.

    Args:
        config: The rules for tokens.
        keys: The keys that verify tokens.
        fetcher: The fetcher that `keys` uses; opened and closed here.
    """

    def __init__(self, config: TokenIdentityConfig, keys: VerificationKeySource, fetcher: DocumentFetcher) -> None:
        self._config = config
        self._keys = keys
        self._fetcher = fetcher

    async def __aenter__(self) -> Self:
        """Open the fetcher of keys. Nothing is fetched before the first token."""
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self._keys.close()
        await self._fetcher.__aexit__(kind, error, trace)

    async def __call__(self, headers: RawHeaders, peer: str | None) -> Caller | None:
        """Give the caller, or None for an anonymous request, which has no token.

        Args:
            headers: The request's headers as the server received them, repeated ones included.
            peer: The address of the socket's other end; None on a unix socket.

        Raises:
            MalformedIdentityError: Headers that no honest proxy sends.
            InvalidIdentityError: The peer may not send identity headers, the secret is missing or wrong, or the token
                does not hold.
            VerificationKeysUnavailableError: The keys that verify the token cannot be read.
        """
        rules = self._config
        identity_headers = collect_identity_headers(headers, (rules.header, rules.acting_group, rules.secret_header))
        if identity_headers:
            require_trusted_peer(identity_headers, peer, rules)
        asked = parse_group(header_text(identity_headers, rules.acting_group), rules.acting_group)
        token = _extract_token(identity_headers, rules.header)
        if token is None:
            return None
        header = parse_token_header(token, rules)
        key = await self._keys.find(header.key_id, header.algorithm)
        return caller_from_claims(verify_claims(token, key, rules), rules, asked or None)

    async def check(self) -> str:
        """Say in words that the keys can be read, after a read.

        Raises:
            VerificationKeysUnavailableError: They cannot be read.
        """
        return await self._keys.check()


def _extract_token(identity_headers: Mapping[str, bytes], header: str) -> str | None:
    """The token in its header, or None if the header is empty or missing.

    Raises:
        InvalidTokenError: The header holds something else.
    """
    value = identity_headers.get(header.lower(), b"").strip(b" \t")
    if not value:
        return None
    is_bearer = header.lower() == "authorization"
    match = (BEARER_TOKEN if is_bearer else BARE_TOKEN).fullmatch(value)
    token = b"" if match is None else match[match.re.groups]
    if not token or len(token) > MAX_TOKEN_CHARACTERS:
        form = "`Bearer` and the token" if is_bearer else "the token alone"
        raise InvalidTokenError(TokenFault.MALFORMED, f"`{header}` must hold {form}.")
    return token.decode("ascii")
