"""auth.tokens.alb: the keys of load balancers, each at its own address."""

import asyncio
import uuid

import pytest

from auth.errors import InvalidTokenError, TokenFault, VerificationKeysUnavailableError
from auth.tokens.alb import MAX_KEYS, MAX_NEW_KEYS_PER_MINUTE, AlbKeySource, alb_keys_url
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.jwks_cache import REFRESH_SECONDS
from tests.auth.tokens.token_issuer import KID, OTHER_KID, Clock, KeyServer, SigningKey


@pytest.fixture
def keys(key_server: KeyServer, fetcher: DocumentFetcher, seconds: Clock, alb_key: SigningKey) -> AlbKeySource:
    key_server.documents[f"/{KID}"] = alb_key.pem
    return AlbKeySource(f"{key_server.url}/", fetcher.get, seconds)


async def fault(keys: AlbKeySource, key_id: str | None, algorithm: str = "ES256") -> TokenFault:
    with pytest.raises(InvalidTokenError) as refused:
        await keys.find(key_id, algorithm)
    return refused.value.fault


def made_up() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("us-east-2", "https://public-keys.auth.elb.us-east-2.amazonaws.com"),
        ("us-gov-west-1", "https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1"),
        ("cn-north-1", "https://public-keys.auth.elb.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_address_of_a_region(region: str, url: str) -> None:
    assert alb_keys_url(region) == url


async def test_a_key_is_fetched_once(keys: AlbKeySource, key_server: KeyServer) -> None:
    verification_keys = await asyncio.gather(*(keys.find(KID, "ES256") for _ in range(20)))
    assert {(key.key_id, key.algorithms) for key in verification_keys} == {(KID, ("ES256",))}
    assert key_server.asked == [f"/{KID}"]


@pytest.mark.parametrize(
    "key_id",
    [
        None,
        "",
        "..",
        "../../latest/meta-data",
        f"../{KID}",
        f"{KID}/../{OTHER_KID}",
        f"{KID}?x=1",
        f"{KID}#",
        f"{KID}\n",
        f" {KID}",
        f"{KID}0",
        KID.upper(),
        KID.replace("-", ""),
        KID.replace("1", "\u0661"),
        f"@evil.example/{KID}",
        "%2e%2e%2f" + KID,
    ],
)
async def test_what_is_no_uuid_enters_no_address(keys: AlbKeySource, key_server: KeyServer, key_id: str | None) -> None:
    assert await fault(keys, key_id) is TokenFault.UNKNOWN_KEY
    assert key_server.asked == []


@pytest.mark.parametrize("algorithm", ["RS256", "ES384", "HS256", "none", "PS256"])
async def test_any_other_algorithm(keys: AlbKeySource, key_server: KeyServer, algorithm: str) -> None:
    assert await fault(keys, KID, algorithm) is TokenFault.ALGORITHM
    assert key_server.asked == []


async def test_a_key_that_nobody_has_is_asked_for_once(keys: AlbKeySource, key_server: KeyServer) -> None:
    for _ in range(3):
        assert await fault(keys, OTHER_KID) is TokenFault.UNKNOWN_KEY
    assert key_server.asked == [f"/{OTHER_KID}"]


async def test_a_flood_of_made_up_ids_neither_asks_much_nor_harms_a_known_key(
    keys: AlbKeySource, key_server: KeyServer, seconds: Clock
) -> None:
    await keys.find(KID, "ES256")
    for _ in range(MAX_NEW_KEYS_PER_MINUTE - 1):
        assert await fault(keys, made_up()) is TokenFault.UNKNOWN_KEY
    for _ in range(100):
        with pytest.raises(VerificationKeysUnavailableError):
            await keys.find(made_up(), "ES256")
    assert len(key_server.asked) == MAX_NEW_KEYS_PER_MINUTE
    assert (await keys.find(KID, "ES256")).key_id == KID
    seconds.seconds += 60
    assert await fault(keys, made_up()) is TokenFault.UNKNOWN_KEY
    assert len(key_server.asked) == MAX_NEW_KEYS_PER_MINUTE + 1


async def test_ids_without_a_key_are_forgotten_first(keys: AlbKeySource, key_server: KeyServer, seconds: Clock) -> None:
    await keys.find(KID, "ES256")
    first = made_up()
    await fault(keys, first)
    for _ in range(MAX_KEYS - 1):
        seconds.seconds += 7
        await fault(keys, made_up())
    asked = len(key_server.asked)
    await keys.find(KID, "ES256")
    assert len(key_server.asked) == asked == MAX_KEYS + 1
    seconds.seconds += 7
    await fault(keys, first)
    assert key_server.asked[-1] == f"/{first}"


async def test_where_all_have_keys_the_one_not_used_longest_is_forgotten(
    keys: AlbKeySource, key_server: KeyServer, seconds: Clock, alb_key: SigningKey
) -> None:
    ids = [made_up() for _ in range(MAX_KEYS)]
    for key_id in ids:
        key_server.documents[f"/{key_id}"] = alb_key.pem
        await keys.find(key_id, "ES256")
        seconds.seconds += 7
    await keys.find(ids[0], "ES256")
    await keys.find(KID, "ES256")
    asked = len(key_server.asked)
    await keys.find(ids[0], "ES256")
    assert len(key_server.asked) == asked
    seconds.seconds += 7
    await keys.find(ids[1], "ES256")
    assert key_server.asked[asked:] == [f"/{ids[1]}"]


async def test_a_server_that_is_down_keeps_known_keys(
    keys: AlbKeySource, key_server: KeyServer, seconds: Clock
) -> None:
    await keys.find(KID, "ES256")
    key_server.status = 500
    seconds.seconds += REFRESH_SECONDS + 1
    assert (await keys.find(KID, "ES256")).key_id == KID
    with pytest.raises(VerificationKeysUnavailableError):
        await keys.find(OTHER_KID, "ES256")
    await keys.close()


async def test_garbage_is_an_outage(keys: AlbKeySource, key_server: KeyServer, rsa_key: SigningKey) -> None:
    for key_id, document in ((made_up(), b"garbage"), (made_up(), rsa_key.pem)):
        key_server.documents[f"/{key_id}"] = document
        with pytest.raises(VerificationKeysUnavailableError):
            await keys.find(key_id, "ES256")


async def test_check_asks_for_a_key_that_nobody_has(keys: AlbKeySource, key_server: KeyServer) -> None:
    assert await keys.check() == f"the keys' server at {key_server.url} answers"
    assert key_server.asked == ["/00000000-0000-0000-0000-000000000000"]
    key_server.status = 500
    with pytest.raises(VerificationKeysUnavailableError, match="answers 500"):
        await keys.check()
