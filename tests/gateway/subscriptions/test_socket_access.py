"""gateway.subscriptions.socket_access: who comes in by a WebSocket, and the messages that are read."""

import time
from collections.abc import AsyncIterator
from json import JSONDecodeError
from typing import Any

import orjson
import pytest

from gateway.requested_documents import UnknownDocumentError
from gateway.settings.settings import Settings
from gateway.subscriptions.socket_access import SocketAccess
from schema.build import build_schema
from schema.limits.trusted_documents import TrustedDocuments, trusted_set
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, KID, claims, ec
from tests.auth.tokens.token_issuer import serving as serving_keys
from tests.gateway.subscriptions.conftest import DEPLOYMENTS
from tests.gateway_client import load_test_settings
from tests.live.subscribers import ServedGateway, served_gateway, socket


async def nobody(_headers: Any, _peer: str | None) -> None:
    return None


@pytest.fixture
def access() -> SocketAccess:
    settings: Settings = load_test_settings("http://127.0.0.1:9", limits={"bytes": 1000})
    return SocketAccess(TrustedDocuments(), settings, nobody)


def test_a_message_is_json_within_the_limit(access: SocketAccess) -> None:
    assert access.decode('{"type": "ping"}') == {"type": "ping"}
    fits = orjson.dumps("x" * 998).decode()
    assert access.decode(fits) == "x" * 998
    for text in (orjson.dumps("x" * 999).decode(), "{", "NaN", "", "[" * 900):
        with pytest.raises(JSONDecodeError):
            access.decode(text)


def test_a_document_is_given_or_named(access: SocketAccess) -> None:
    assert access.text_of({"query": "{ a }", "documentId": "x"}) == "{ a }"
    assert access.text_of({}) is None
    assert access.text_of({"documentId": [], "extensions": {"persistedQuery": []}}) is None
    with pytest.raises(UnknownDocumentError):
        access.text_of({"documentId": "x"})
    with pytest.raises(UnknownDocumentError):
        access.text_of({"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}})


def test_a_trusted_hash_counts_more_than_the_text_beside_it() -> None:
    """Over a WebSocket Apollo sends both, and prints the text in a way of its own."""
    trusted = TrustedDocuments(only=True)
    trusted.replace(trusted_set(build_schema()._schema, {"sha256:abc": "{ me { subject } }"}))
    access = SocketAccess(trusted, load_test_settings("http://127.0.0.1:9"), nobody)
    for digest, text in (("sha256:abc", "{ me { subject } }"), ("other", "{me{subject}}")):
        extensions = {"persistedQuery": {"sha256Hash": digest}}
        assert access.text_of({"query": "{me{subject}}", "extensions": extensions}) == text


@pytest.mark.parametrize(
    ("user", "groups", "acting", "code"),
    [
        ("ann", ("risk", "marketing"), "marketing", None),
        ("ann", ("risk",), None, None),
        ("ann", ("risk",), 7, None),
        (None, (), None, 4401),
        (None, (), "risk", 4401),
        ("ann", ("risk",), "\u0000", 4403),
    ],
)
async def test_who_comes_in_by_headers(
    gateway: ServedGateway, user: str | None, groups: tuple[str, ...], acting: object, code: int | None
) -> None:
    """A socket of nobody would only keep others out: nothing can be subscribed to by it."""
    async with socket(gateway.url, user=user, groups=groups) as client:
        await client.send(type="connection_init", payload={} if acting is None else {"actingGroup": acting})
        if code is None:
            assert await client.receive() == {"type": "connection_ack"}
        else:
            assert await client.close_code() == code
    await gateway.quiet()


async def test_headers_that_name_a_user_are_no_parameters(gateway: ServedGateway) -> None:
    async with socket(gateway.url, user=None) as client:
        payload = {"X-Forwarded-User": "ann", "X-Forwarded-Groups": "risk", "user": "ann", "authorization": "Bearer a"}
        await client.send(type="connection_init", payload=payload)
        assert await client.close_code() == 4401
    await gateway.quiet()


@pytest.fixture
async def with_tokens(sandbox: Any, estate: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """A gateway of mode `jwt`, and a function that gives a token."""
    key = ec(KID)
    async with serving_keys() as keys:
        keys.publish(key)
        identity = {"mode": "jwt", "jwt": {"jwksUrl": f"{keys.url}/jwks", "issuer": ISSUER, "audience": AUDIENCE}}
        bounds = {"perCaller": 1}

        def token(**changed: Any) -> str:
            return f"Bearer {key.sign(claims(groups=['risk'], **changed))}"

        async with served_gateway(sandbox.url, identity=identity, subscriptions=bounds) as gateway:
            yield gateway, token


async def test_who_comes_in_by_a_token(with_tokens: Any) -> None:
    gateway, token = with_tokens
    now = int(time.time())
    cases = [
        (None, 4401),
        (token(), None),
        (token(exp=now - 600), 4401),
        (token(aud="another"), 4401),
        ("Bearer nonsense", 4401),
        ("", 4401),
    ]
    for authorization, code in cases:
        async with socket(gateway.url, user="ann", groups=("risk",)) as client:
            payload = {} if authorization is None else {"authorization": authorization}
            await client.send(type="connection_init", payload=payload)
            if code is None:
                assert await client.receive() == {"type": "connection_ack"}
                await client.subscribe("1", DEPLOYMENTS)
                await client.send(type="complete", id="1")
            else:
                assert await client.close_code() == code, authorization
        await gateway.quiet()


async def test_connections_of_a_token_s_bearer_are_bounded(with_tokens: Any) -> None:
    gateway, token = with_tokens
    async with socket(gateway.url, user=None) as first, socket(gateway.url, user=None) as second:
        await first.start({"authorization": token()})
        await second.send(type="connection_init", payload={"authorization": token()})
        assert await second.close_code() == 1013
        async with socket(gateway.url, user=None) as other:
            await other.start({"authorization": token(sub="another")})
    await gateway.quiet()
