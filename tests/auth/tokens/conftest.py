"""What the tests of tokens share: keys made once, a server of public keys, a clock."""

from collections.abc import AsyncIterator

import pytest

from auth.tokens.alb import AlbKeySource
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.identity import TokenIdentity
from auth.tokens.jwks import JwksKeySource
from tests.auth.tokens.token_issuer import KID, Clock, KeyServer, SigningKey, ec, rsa, serving
from tests.auth.tokens.token_requests import ALB_CONFIG, JWT_CONFIG


@pytest.fixture(scope="session")
def rsa_key() -> SigningKey:
    return rsa()


@pytest.fixture(scope="session")
def ec_key() -> SigningKey:
    return ec()


@pytest.fixture(scope="session")
def alb_key() -> SigningKey:
    return ec(KID)


@pytest.fixture
def seconds() -> Clock:
    return Clock()


@pytest.fixture
async def key_server() -> AsyncIterator[KeyServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[DocumentFetcher]:
    async with DocumentFetcher(seconds=2) as opened:
        yield opened


@pytest.fixture
async def by_jwt(key_server: KeyServer, ec_key: SigningKey, rsa_key: SigningKey) -> AsyncIterator[TokenIdentity]:
    key_server.publish(ec_key, rsa_key)
    fetcher = DocumentFetcher()
    async with TokenIdentity(JWT_CONFIG, JwksKeySource(f"{key_server.url}/jwks", fetcher.get), fetcher) as identity:
        yield identity


@pytest.fixture
async def by_alb(key_server: KeyServer, alb_key: SigningKey) -> AsyncIterator[TokenIdentity]:
    key_server.documents[f"/{KID}"] = alb_key.pem
    fetcher = DocumentFetcher()
    async with TokenIdentity(ALB_CONFIG, AlbKeySource(key_server.url, fetcher.get), fetcher) as identity:
        yield identity
