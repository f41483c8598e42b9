"""auth.tokens.identity: who is asking, by a token and the keys of its issuer, and everything that does not work."""

import asyncio

import pytest

from auth.caller import Caller
from auth.errors import (
    InvalidIdentityError,
    MalformedIdentityError,
    TokenFault,
    VerificationKeysUnavailableError,
)
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.identity import TokenIdentity
from auth.tokens.jwks import JwksKeySource
from auth.tokens.verification import TokenIdentityConfig
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, KID, SIGNER, KeyServer, SigningKey, claims, ec
from tests.auth.tokens.token_requests import JWT_CONFIG, alb_headers, bearer_headers, refused_fault

STRANGER = "203.0.113.9"


async def test_a_bearer_token_says_who_is_asking(
    by_jwt: TokenIdentity, ec_key: SigningKey, key_server: KeyServer
) -> None:
    headers = bearer_headers(ec_key.sign(claims()), (b"x-acting-group", b"mlops"))
    for peer in (STRANGER, None):
        assert await by_jwt(headers, peer) == Caller("alice", ("risk", "mlops"), "mlops")
    assert key_server.asked == ["/jwks"]


@pytest.mark.parametrize("written", ["bearer {}", "BEARER   {}", " Bearer {} "])
async def test_how_a_bearer_token_may_be_written(by_jwt: TokenIdentity, ec_key: SigningKey, written: str) -> None:
    value = written.format(ec_key.sign(claims())).encode()
    assert await by_jwt([(b"Authorization", value)], None) == Caller("alice", ("risk", "mlops"))


async def test_a_bare_token_in_a_header_of_its_own(
    key_server: KeyServer, ec_key: SigningKey, fetcher: DocumentFetcher
) -> None:
    key_server.publish(ec_key)
    rules = TokenIdentityConfig(header="X-Pomerium-Jwt-Assertion", trusted_peers=None, issuer=ISSUER, audience=AUDIENCE)
    identity = TokenIdentity(rules, JwksKeySource(f"{key_server.url}/jwks", fetcher.get), fetcher)
    token = ec_key.sign(claims())
    assert await identity([(b"x-pomerium-jwt-assertion", token.encode())], None) == Caller("alice", ("risk", "mlops"))
    headers = [(b"x-pomerium-jwt-assertion", f"Bearer {token}".encode())]
    assert await refused_fault(identity, headers) is TokenFault.MALFORMED


async def test_the_headers_of_mode_headers_say_nothing(by_jwt: TokenIdentity, ec_key: SigningKey) -> None:
    forged = [(b"x-forwarded-user", b"eve"), (b"x-forwarded-groups", b"admin"), (b"x-forwarded-user", b"eve")]
    assert await by_jwt(forged, STRANGER) is None
    assert await by_jwt(bearer_headers(ec_key.sign(claims()), *forged), STRANGER) == Caller("alice", ("risk", "mlops"))


@pytest.mark.parametrize(
    "headers", [[], [(b"authorization", b"")], [(b"authorization", b"  ")], [(b"x-acting-group", b"risk")]]
)
async def test_without_a_token_a_request_is_anonymous(
    by_jwt: TokenIdentity, key_server: KeyServer, headers: list[tuple[bytes, bytes]]
) -> None:
    assert await by_jwt(headers, STRANGER) is None
    assert key_server.asked == []


@pytest.mark.parametrize(
    "value", ["Basic YWxpY2U6c2VjcmV0", "Bearer", "Bearer  ", "Bearer a b", "Bearer a,Bearer b", "{}"]
)
async def test_what_is_no_bearer_token(by_jwt: TokenIdentity, ec_key: SigningKey, value: str) -> None:
    headers = [(b"authorization", value.format(ec_key.sign(claims())).encode())]
    assert await refused_fault(by_jwt, headers) is TokenFault.MALFORMED


async def test_the_gateways_own_name(by_jwt: TokenIdentity, ec_key: SigningKey) -> None:
    with pytest.raises(InvalidIdentityError, match="reserved for the gateway"):
        await by_jwt(bearer_headers(ec_key.sign(claims(sub="sagegraph"))), None)


@pytest.mark.parametrize(
    "more",
    [
        (b"authorization", b""),
        (b"Authorization", b"Bearer e30.e30.e30"),
        (b"x_acting_group", b"risk"),
        (b"connection", b"close, Authorization"),
        (b"x-acting-group", b"*"),
        (b"x-acting-group", b"\xff"),
        (b"x-acting-group", "a\u202eb".encode()),
    ],
)
async def test_headers_that_no_honest_proxy_sends(
    by_jwt: TokenIdentity, key_server: KeyServer, ec_key: SigningKey, more: tuple[bytes, bytes]
) -> None:
    with pytest.raises(MalformedIdentityError):
        await by_jwt(bearer_headers(ec_key.sign(claims()), more), None)
    assert key_server.asked == []


async def test_a_shared_secret_counts_here_too(
    key_server: KeyServer, ec_key: SigningKey, fetcher: DocumentFetcher
) -> None:
    key_server.publish(ec_key)
    rules = TokenIdentityConfig(
        trusted_peers=None, issuer=ISSUER, audience=AUDIENCE, secret_header="X-Gateway-Secret", secret_value="hush"
    )
    identity = TokenIdentity(rules, JwksKeySource(f"{key_server.url}/jwks", fetcher.get), fetcher)
    token = ec_key.sign(claims())
    for more in ((), ((b"x-gateway-secret", b"guess"),)):
        with pytest.raises(InvalidIdentityError, match="X-Gateway-Secret"):
            await identity(bearer_headers(token, *more), None)
    assert key_server.asked == []
    assert await identity(bearer_headers(token, (b"x-gateway-secret", b"hush")), None) == Caller(
        "alice", ("risk", "mlops")
    )


async def test_a_load_balancers_token_says_who_is_asking(
    by_alb: TokenIdentity, alb_key: SigningKey, key_server: KeyServer
) -> None:
    token = alb_key.sign(claims(aud=None), signer=SIGNER, client="web", exp=1)
    assert await by_alb(alb_headers(token), "10.1.2.3") == Caller("alice", ("risk", "mlops"))
    assert key_server.asked == [f"/{KID}"]


async def test_a_load_balancers_token_counts_from_the_load_balancer_alone(
    by_alb: TokenIdentity, alb_key: SigningKey, key_server: KeyServer
) -> None:
    headers = alb_headers(alb_key.sign(claims(), signer=SIGNER))
    for peer in (STRANGER, None):
        with pytest.raises(InvalidIdentityError, match="trustedPeers"):
            await by_alb(headers, peer)
    assert key_server.asked == []


async def test_a_flood_of_unknown_ids_asks_once(by_jwt: TokenIdentity, key_server: KeyServer) -> None:
    evil = ec()
    tokens = [evil.sign(claims(), kid=f"made-up-{number}") for number in range(50)]
    faults = await asyncio.gather(*(refused_fault(by_jwt, bearer_headers(token)) for token in tokens))
    assert set(faults) == {TokenFault.UNKNOWN_KEY}
    assert len(key_server.asked) == 1


async def test_keys_that_cannot_be_had_are_not_the_callers_fault(
    by_jwt: TokenIdentity, key_server: KeyServer, ec_key: SigningKey
) -> None:
    key_server.status = 503
    with pytest.raises(VerificationKeysUnavailableError) as error:
        await by_jwt(bearer_headers(ec_key.sign(claims())), None)
    assert str(error.value) == "The keys that tokens are checked with cannot be had now; ask again in a few seconds."


async def test_leaving_it_ends_what_is_under_way(key_server: KeyServer, ec_key: SigningKey) -> None:
    key_server.is_held = True
    fetcher = DocumentFetcher()
    async with TokenIdentity(JWT_CONFIG, JwksKeySource(f"{key_server.url}/jwks", fetcher.get), fetcher) as identity:
        waiting = asyncio.create_task(identity(bearer_headers(ec_key.sign(claims())), None))
        await key_server.asking.wait()
        assert [task for task in asyncio.all_tasks() if "SingleFlight._run" in repr(task)]
    assert not [task for task in asyncio.all_tasks() if "SingleFlight._run" in repr(task)]
    with pytest.raises(VerificationKeysUnavailableError):
        await waiting
