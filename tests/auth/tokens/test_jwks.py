"""auth.tokens.jwks: the keys of an issuer, over HTTP."""

import asyncio

import pytest

from auth.errors import InvalidTokenError, TokenFault, VerificationKeysUnavailableError
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.jwks import JwksKeySource
from auth.tokens.jwks_cache import MAX_STALE_SECONDS, MIN_READ_INTERVAL_SECONDS
from tests.auth.tokens.token_issuer import Clock, KeyServer, SigningKey, ec


@pytest.fixture
def jwks(key_server: KeyServer, fetcher: DocumentFetcher, seconds: Clock) -> JwksKeySource:
    return JwksKeySource(f"{key_server.url}/jwks", fetcher.get, seconds)


async def unknown(jwks: JwksKeySource, key_id: str | None) -> None:
    with pytest.raises(InvalidTokenError) as refused:
        await jwks.find(key_id, "ES256")
    assert refused.value.fault is TokenFault.UNKNOWN_KEY


async def test_keys_are_fetched_once(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, rsa_key: SigningKey
) -> None:
    key_server.publish(ec_key, rsa_key)
    keys = await asyncio.gather(*(jwks.find("ec-1", "ES256") for _ in range(20)), jwks.find("rsa-1", "RS256"))
    assert [key.key_id for key in keys] == ["ec-1"] * 20 + ["rsa-1"]
    assert key_server.asked == ["/jwks"]


async def test_a_new_key_is_found_when_a_token_names_it(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, seconds: Clock
) -> None:
    key_server.publish(ec_key)
    await jwks.find("ec-1", "ES256")
    key_server.publish(ec_key, ec("ec-2"))
    await unknown(jwks, "ec-2")
    assert len(key_server.asked) == 1
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    assert (await jwks.find("ec-2", "ES256")).key_id == "ec-2"
    assert len(key_server.asked) == 2


async def test_a_flood_of_unknown_ids_fetches_once_a_pause(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, seconds: Clock
) -> None:
    key_server.publish(ec_key)
    for turn in range(3):
        await asyncio.gather(*(unknown(jwks, f"made-up-{turn}-{number}") for number in range(100)))
        assert len(key_server.asked) == turn + 1
        seconds.seconds += MIN_READ_INTERVAL_SECONDS


async def test_a_key_that_does_not_fit_its_algorithm_is_not_looked_for_again(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, seconds: Clock
) -> None:
    key_server.publish(ec_key)
    await jwks.find("ec-1", "ES256")
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    with pytest.raises(InvalidTokenError) as refused:
        await jwks.find("ec-1", "RS256")
    assert refused.value.fault is TokenFault.ALGORITHM
    assert len(key_server.asked) == 1


async def test_a_server_that_is_down_at_first(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, seconds: Clock
) -> None:
    key_server.publish(ec_key)
    key_server.status = 503
    for _ in range(2):
        with pytest.raises(VerificationKeysUnavailableError):
            await jwks.find("ec-1", "ES256")
    assert len(key_server.asked) == 1
    key_server.status = None
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    assert (await jwks.find("ec-1", "ES256")).key_id == "ec-1"


@pytest.mark.parametrize("document", [b"garbage", b'{"keys": []}', None])
async def test_a_server_that_is_down_later(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, seconds: Clock, document: bytes | None
) -> None:
    """What is no key set counts as an outage, not as the withdrawal of every key."""
    key_server.publish(ec_key)
    await jwks.find("ec-1", "ES256")
    if document is None:
        del key_server.documents["/jwks"]
    else:
        key_server.documents["/jwks"] = document
    seconds.seconds += MAX_STALE_SECONDS
    assert (await jwks.find("ec-1", "ES256")).key_id == "ec-1"
    with pytest.raises(VerificationKeysUnavailableError):
        await jwks.find("ec-2", "ES256")
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    with pytest.raises(VerificationKeysUnavailableError):
        await jwks.find("ec-1", "ES256")
    assert len(key_server.asked) == 3


async def test_check_says_what_there_is(
    jwks: JwksKeySource, key_server: KeyServer, ec_key: SigningKey, rsa_key: SigningKey
) -> None:
    plain = "over plain http, where whoever is on the way can put in their own"
    key_server.publish(ec_key)
    assert await jwks.check() == f"1 usable key at {key_server.url}/jwks {plain}"
    key_server.publish(ec_key, rsa_key)
    assert await jwks.check() == f"2 usable keys at {key_server.url}/jwks {plain}"
    key_server.documents["/jwks"] = b"{}"
    with pytest.raises(VerificationKeysUnavailableError, match="no list of `keys`"):
        await jwks.check()


async def test_closing_ends_a_fetch(jwks: JwksKeySource, key_server: KeyServer) -> None:
    key_server.is_held = True
    waiting = asyncio.create_task(jwks.find("ec-1", "ES256"))
    await key_server.asking.wait()
    await jwks.close()
    with pytest.raises(VerificationKeysUnavailableError):
        await waiting
