"""Tokens that are forged, stolen, changed or nonsense: none makes a caller, and each is refused for its reason."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auth.errors import AuthError, InvalidTokenError, TokenFault
from auth.tokens.alb import ALB_HEADER
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.identity import MAX_TOKEN_CHARACTERS, TokenIdentity
from auth.tokens.verification import TokenIdentityConfig
from auth.tokens.verification_keys import VerificationKey, choose_key, parse_jwks
from tests.auth.tokens.token_issuer import (
    AUDIENCE,
    ISSUER,
    KID,
    OTHER_KID,
    SIGNER,
    KeyServer,
    SigningKey,
    claims,
    ec,
    padded,
    published,
)
from tests.auth.tokens.token_requests import JWT_CONFIG, alb_headers, bearer_headers, refused_fault

Build = Callable[[SigningKey], str]


def raw(header: Any, payload: Any, signature: bytes = b"") -> str:
    """A token of any parts, signed or not."""
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def with_public_key_as_secret(key: SigningKey, secret: bytes) -> str:
    """The oldest trick: what everybody may know, used as the secret of a symmetric signature."""
    unsigned = raw({"alg": "HS256", "kid": key.key_id}, claims()).rstrip(".")
    return raw(
        {"alg": "HS256", "kid": key.key_id}, claims(), hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    )


ATTACKS: list[tuple[str, Build, TokenFault, int]] = [
    # What is tried, the token, why it is refused, how often keys are fetched for it.
    ("another issuer's key under a known id", lambda key: ec("ec-1").sign(claims()), TokenFault.SIGNATURE, 1),
    ("another issuer's key under its own id", lambda key: ec("evil").sign(claims()), TokenFault.UNKNOWN_KEY, 1),
    ("another issuer", lambda key: key.sign(claims(iss="https://evil.example/")), TokenFault.ISSUER, 1),
    ("another audience", lambda key: key.sign(claims(aud="another")), TokenFault.AUDIENCE, 1),
    ("no audience", lambda key: key.sign(claims(aud=None)), TokenFault.CLAIMS, 1),
    ("expired", lambda key: key.sign(claims(exp=1)), TokenFault.EXPIRED, 1),
    ("never expires", lambda key: key.sign(claims(exp=None)), TokenFault.CLAIMS, 1),
    ("not yet valid", lambda key: key.sign(claims(nbf=2**40)), TokenFault.NOT_YET_VALID, 1),
    ("issued in the future", lambda key: key.sign(claims(iat=2**40)), TokenFault.NOT_YET_VALID, 1),
    ("unsigned", lambda key: raw({"alg": "none", "kid": "ec-1"}, claims()), TokenFault.ALGORITHM, 0),
    ("unsigned, spelled otherwise", lambda key: raw({"alg": "nOnE", "kid": "ec-1"}, claims()), TokenFault.ALGORITHM, 0),
    ("signature taken away", lambda key: key.sign(claims()).rpartition(".")[0] + ".", TokenFault.SIGNATURE, 1),
    ("public key as secret (PEM)", lambda key: with_public_key_as_secret(key, key.pem), TokenFault.ALGORITHM, 0),
    (
        "public key as secret (JWK)",
        lambda key: with_public_key_as_secret(key, json.dumps(key.public).encode()),
        TokenFault.ALGORITHM,
        0,
    ),
    ("a key of another type", lambda key: ec("rsa-1").sign(claims()), TokenFault.ALGORITHM, 1),
    (
        "a payload that was not signed",
        lambda key: raw({"alg": "ES256", "kid": "ec-1"}, claims(sub="root")) + key.sign(claims()).split(".")[2],
        TokenFault.SIGNATURE,
        1,
    ),
    (
        "a key of one's own in the header",
        lambda key: (evil := ec("ec-1")).sign(claims(), jwk=evil.public),
        TokenFault.SIGNATURE,
        1,
    ),
    (
        "an address of one's own in the header",
        lambda key: ec("ec-1").sign(claims(), jku="http://127.0.0.1:9/keys", x5u="http://127.0.0.1:9/"),
        TokenFault.SIGNATURE,
        1,
    ),
    ("an id that is no text", lambda key: raw({"alg": "ES256", "kid": ["ec-1"]}, claims()), TokenFault.MALFORMED, 0),
    ("an id that is a path", lambda key: key.sign(claims(), kid="../../jwks"), TokenFault.UNKNOWN_KEY, 1),
    ("an algorithm that is no text", lambda key: raw({"alg": ["ES256"]}, claims()), TokenFault.ALGORITHM, 0),
    ("too long", lambda key: key.sign(claims(more="x" * MAX_TOKEN_CHARACTERS)), TokenFault.MALFORMED, 0),
    ("the name is no text", lambda key: key.sign(claims(sub="alice", groups=[5])), TokenFault.CLAIMS, 1),
    ("the group of everyone", lambda key: key.sign(claims(groups=["*"])), TokenFault.CLAIMS, 1),
    ("no token", lambda key: "garbage", TokenFault.MALFORMED, 0),
    ("encrypted", lambda key: "e30.e30.e30.e30.e30", TokenFault.MALFORMED, 0),
]


@pytest.mark.parametrize(
    ("build", "expected", "fetches"), [row[1:] for row in ATTACKS], ids=[row[0] for row in ATTACKS]
)
async def test_attacks(
    by_jwt: TokenIdentity,
    key_server: KeyServer,
    ec_key: SigningKey,
    build: Build,
    expected: TokenFault,
    fetches: int,
) -> None:
    assert await refused_fault(by_jwt, bearer_headers(build(ec_key))) is expected
    assert len(key_server.asked) == fetches


ALB_ATTACKS: list[tuple[str, Build, TokenFault, int]] = [
    ("another load balancer", lambda key: key.sign(claims(), signer=SIGNER + "0"), TokenFault.SIGNER, 0),
    ("no signer", lambda key: key.sign(claims()), TokenFault.SIGNER, 0),
    ("another load balancer's key", lambda key: ec(KID).sign(claims(), signer=SIGNER), TokenFault.SIGNATURE, 1),
    ("a key that nobody has", lambda key: key.sign(claims(), signer=SIGNER, kid=OTHER_KID), TokenFault.UNKNOWN_KEY, 1),
    ("an id that is a path", lambda key: key.sign(claims(), signer=SIGNER, kid=f"../{KID}"), TokenFault.UNKNOWN_KEY, 0),
    ("no id", lambda key: key.sign(claims(), signer=SIGNER, kid=None), TokenFault.UNKNOWN_KEY, 0),
    ("another issuer", lambda key: key.sign(claims(iss="https://evil/"), signer=SIGNER), TokenFault.ISSUER, 1),
    ("expired", lambda key: key.sign(claims(exp=1), signer=SIGNER), TokenFault.EXPIRED, 1),
    ("never expires", lambda key: key.sign(claims(exp=None), signer=SIGNER), TokenFault.CLAIMS, 1),
    ("unsigned", lambda key: raw({"alg": "none", "kid": KID, "signer": SIGNER}, claims()), TokenFault.ALGORITHM, 0),
    ("public key as secret", lambda key: with_public_key_as_secret(key, key.pem), TokenFault.ALGORITHM, 0),
    (
        "another curve",
        lambda key: raw({"alg": "ES384", "kid": KID, "signer": SIGNER}, claims(), b"x" * 96),
        TokenFault.ALGORITHM,
        0,
    ),
    ("padding that was not signed", lambda key: padded(key.sign(claims(), signer=SIGNER)), TokenFault.SIGNATURE, 1),
    ("a scheme before it", lambda key: "Bearer " + key.sign(claims(), signer=SIGNER), TokenFault.MALFORMED, 0),
]


@pytest.mark.parametrize(
    ("build", "expected", "fetches"), [row[1:] for row in ALB_ATTACKS], ids=[row[0] for row in ALB_ATTACKS]
)
async def test_attacks_on_a_load_balancer(
    by_alb: TokenIdentity,
    key_server: KeyServer,
    alb_key: SigningKey,
    build: Build,
    expected: TokenFault,
    fetches: int,
) -> None:
    assert await refused_fault(by_alb, alb_headers(build(alb_key))) is expected
    assert len(key_server.asked) == fetches


class Published:
    """Keys that are simply there."""

    def __init__(self, *keys: SigningKey) -> None:
        self._keys = parse_jwks(published(*(key.public for key in keys)))

    async def find(self, key_id: str | None, algorithm: str) -> VerificationKey:
        key = choose_key(self._keys, key_id, algorithm)
        if key is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        return key

    async def check(self) -> str:
        return "they are"

    async def close(self) -> None:
        return


GOOD = ec()
PARTS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(GOOD.sign(claims()).encode().split(b".")),
    st.dictionaries(
        st.sampled_from(["alg", "kid", "crit", "b64", "exp", "iss", "aud", "sub", "typ", "signer"]),
        st.sampled_from(["ES256", "ec-1", ["b64"], ISSUER, AUDIENCE]) | st.integers() | st.floats() | st.none(),
        max_size=4,
    ).map(lambda part: base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")),
)
TOKENS = st.binary(max_size=80) | st.lists(PARTS, max_size=5).map(b".".join)


@given(TOKENS, st.sampled_from([b"", b"Bearer ", b"bearer  ", b"Basic "]))
@example(GOOD.sign(claims()).encode()[:-1], b"Bearer ")
def test_whatever_is_sent_is_no_caller_and_no_surprise(token: bytes, scheme: bytes) -> None:
    if token == GOOD.sign(claims()).encode():
        return
    for rules, header, value in (
        (JWT_CONFIG, b"authorization", scheme + token),
        (TokenIdentityConfig(header=ALB_HEADER, trusted_peers=None, signer=SIGNER), ALB_HEADER.encode(), token),
    ):
        identity = TokenIdentity(rules, Published(GOOD), DocumentFetcher())
        text = asyncio.run(outcome(identity, header, value))
        assert len(token) < 8 or token.decode("latin-1") not in text


async def outcome(identity: TokenIdentity, header: bytes, value: bytes) -> str:
    """What a caller is told; empty for an anonymous one."""
    try:
        assert await identity([(header, value)], None) is None
    except AuthError as error:
        return str(error)
    return ""
