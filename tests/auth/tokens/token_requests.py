"""Requests that carry tokens, and the identity configurations that read them."""

from ipaddress import ip_network

import pytest

from auth.errors import InvalidTokenError, TokenFault
from auth.tokens.alb import ALB_HEADER
from auth.tokens.identity import TokenIdentity
from auth.tokens.verification import TokenIdentityConfig
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, SIGNER

JWT_CONFIG = TokenIdentityConfig(trusted_peers=None, issuer=ISSUER, audience=AUDIENCE)
ALB_CONFIG = TokenIdentityConfig(
    header=ALB_HEADER, trusted_peers=(ip_network("10.0.0.0/8"),), signer=SIGNER, issuer=ISSUER
)


def bearer_headers(token: str, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", f"Bearer {token}".encode()), *more]


def alb_headers(token: str, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(ALB_HEADER.encode(), token.encode()), *more]


async def refused_fault(
    identity: TokenIdentity, headers: list[tuple[bytes, bytes]], peer: str = "10.1.2.3"
) -> TokenFault:
    with pytest.raises(InvalidTokenError) as refused:
        await identity(headers, peer)
    assert not any(len(value) > 8 and value.decode("latin-1") in str(refused.value) for _, value in headers)
    return refused.value.fault
