"""gateway.commands.check: whether the keys that tokens are checked with can be had."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.commands.check import Finding, report
from gateway.settings.settings import from_mapping
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, SIGNER, KeyServer, ec, serving
from tests.gateway_client import fresh_database

NOBODY = Finding("sagemaker-credentials: no group has a role, so nobody can ask AWS anything", fault=True)


@pytest.fixture
async def key_server() -> AsyncIterator[KeyServer]:
    async with serving() as server:
        yield server


async def findings(identity: dict[str, Any]) -> list[Finding]:
    """The report, but for the database's line, which comes first."""
    result = await report(from_mapping({"identity": identity, "database": {"url": fresh_database()}}))
    assert result[0] == Finding("database: has the tables that this gateway works with", fault=False)
    return result[1:]


async def test_the_keys_of_an_issuer(key_server: KeyServer) -> None:
    url = f"{key_server.url}/jwks"
    identity = {"mode": "jwt", "jwt": {"jwksUrl": f"{url}?a=b", "issuer": ISSUER, "audience": AUDIENCE}}
    key_server.publish(ec())
    plain = "over plain http, where whoever is on the way can put in their own"
    assert await findings(identity) == [
        Finding(f"identity.mode `jwt`: 1 usable key at {url} {plain}", fault=False),
        NOBODY,
    ]
    del key_server.documents["/jwks"]
    assert await findings(identity) == [
        Finding(f"identity.mode `jwt`: The keys' address, {url}, answers 404.", fault=True),
        NOBODY,
    ]
    assert key_server.asked == ["/jwks", "/jwks"]


async def test_the_keys_of_load_balancers(key_server: KeyServer) -> None:
    identity = {"mode": "alb", "alb": {"region": "us-east-2", "signer": SIGNER, "keysUrl": key_server.url}}
    assert await findings(identity) == [
        Finding(f"identity.mode `alb`: the keys' server at {key_server.url} answers", fault=False),
        NOBODY,
    ]
    key_server.status = 500
    (first, _) = await findings(identity)
    assert first.fault
    assert "answers 500, not 200" in first.line


async def test_headers_have_no_keys() -> None:
    assert await findings({}) == [NOBODY]
