"""auth.tokens.verification: when a token is believed, and of what class the reason is when it is not."""

import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, SECP521R1
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auth.errors import InvalidTokenError, TokenFault
from auth.tokens.verification import (
    LEEWAY_SECONDS,
    TokenHeader,
    TokenIdentityConfig,
    parse_token_header,
    verify_claims,
)
from auth.tokens.verification_keys import VerificationKey, parse_jwks
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, SIGNER, SigningKey, claims, ec, padded, published

RULES = TokenIdentityConfig(trusted_peers=None, issuer=ISSUER, audience=AUDIENCE)
NOW = int(time.time())
# Far enough from the leeway for a slow machine.
SLACK = 20


def public(key: SigningKey) -> VerificationKey:
    (verification_key,) = parse_jwks(published(key.public))
    return verification_key


def fault(token: str, key: SigningKey, rules: TokenIdentityConfig = RULES) -> TokenFault:
    with pytest.raises(InvalidTokenError) as refused:
        verify_claims(token, public(key), rules)
    assert not any(part and part in str(refused.value) for part in token.split("."))
    assert refused.value.__cause__ is refused.value.__context__ is None
    return refused.value.fault


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_rsa(rsa_key: SigningKey, algorithm: str) -> None:
    token = rsa_key.sign(text := claims(), algorithm)
    assert parse_token_header(token, RULES) == TokenHeader(algorithm, "rsa-1")
    assert verify_claims(token, public(rsa_key), RULES) == text


@pytest.mark.parametrize(
    "key",
    [
        ec(),
        ec("p384", SECP384R1(), "ES384"),
        ec("p521", SECP521R1(), "ES512"),
        SigningKey("ed", "EdDSA", Ed25519PrivateKey.generate()),
    ],
    ids=lambda key: key.algorithm,
)
def test_curves(key: SigningKey) -> None:
    token = key.sign(text := claims())
    assert parse_token_header(token, RULES) == TokenHeader(key.algorithm, key.key_id)
    assert verify_claims(token, public(key), RULES) == text


def test_padding_as_load_balancers_write_it(ec_key: SigningKey) -> None:
    """A load balancer signs the padded parts, so the padding is part of what is signed."""
    text = claims(sub="a")
    body = jwt.PyJWS()
    token = ec_key.sign(text)
    assert "=" in padded(token)
    head, payload, _ = padded(token).split(".")
    algorithm: Any = body.get_algorithm_by_name("ES256")
    signature = jwt.utils.base64url_encode(algorithm.sign(f"{head}.{payload}".encode(), ec_key.key)).decode()
    assert verify_claims(padded(f"{head}.{payload}.{signature}"), public(ec_key), RULES) == text


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["another", AUDIENCE]])
def test_the_audience_may_be_one_of_many(ec_key: SigningKey, audience: Any) -> None:
    assert verify_claims(ec_key.sign(claims(aud=audience)), public(ec_key), RULES)["aud"] == audience


def test_clocks_may_differ_a_little(ec_key: SigningKey) -> None:
    # Taken now: the suite may have collected its tests minutes ago.
    now, little = int(time.time()), LEEWAY_SECONDS - SLACK
    text = claims(exp=now - little, nbf=now + little, iat=now + little)
    assert verify_claims(ec_key.sign(text), public(ec_key), RULES) == text


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"exp": NOW - LEEWAY_SECONDS - SLACK}, TokenFault.EXPIRED),
        ({"exp": 0}, TokenFault.EXPIRED),
        ({"exp": -1}, TokenFault.EXPIRED),
        ({"exp": True}, TokenFault.EXPIRED),
        ({"exp": None}, TokenFault.CLAIMS),
        ({"exp": "soon"}, TokenFault.MALFORMED),
        ({"exp": float("inf")}, TokenFault.MALFORMED),
        ({"exp": float("nan")}, TokenFault.MALFORMED),
        ({"exp": {}}, TokenFault.MALFORMED),
        ({"nbf": NOW + 3600}, TokenFault.NOT_YET_VALID),
        ({"nbf": []}, TokenFault.MALFORMED),
        ({"iat": NOW + 3600}, TokenFault.NOT_YET_VALID),
        ({"iat": "today"}, TokenFault.CLAIMS),
        ({"iss": ISSUER.rstrip("/")}, TokenFault.ISSUER),
        ({"iss": "https://evil.example/"}, TokenFault.ISSUER),
        ({"iss": [ISSUER]}, TokenFault.ISSUER),
        ({"iss": None}, TokenFault.CLAIMS),
        ({"aud": "another"}, TokenFault.AUDIENCE),
        ({"aud": ["another"]}, TokenFault.AUDIENCE),
        ({"aud": AUDIENCE.upper()}, TokenFault.AUDIENCE),
        ({"aud": {AUDIENCE: 1}}, TokenFault.AUDIENCE),
        ({"aud": [AUDIENCE, 5]}, TokenFault.AUDIENCE),
        ({"aud": []}, TokenFault.CLAIMS),
        ({"aud": None}, TokenFault.CLAIMS),
    ],
)
def test_claims_that_are_not_right(ec_key: SigningKey, changed: dict[str, Any], expected: TokenFault) -> None:
    # PyJWT's own encoder would not write an issuer that is no text.
    token = jwt.PyJWS().encode(json.dumps(claims(**changed)).encode(), ec_key.key, "ES256")
    assert fault(token, ec_key) is expected


def test_what_is_not_asked_for_may_be_anything(ec_key: SigningKey) -> None:
    rules = TokenIdentityConfig(trusted_peers=None)
    text = claims(iss="anybody", aud="anything", jti="5")
    assert verify_claims(ec_key.sign(text), public(ec_key), rules) == text


@pytest.mark.parametrize("payload", [b"[]", b"5", b"null", b"", b"{", b"\xff", b"[" * 5000])
def test_a_payload_that_is_no_object(ec_key: SigningKey, payload: bytes) -> None:
    token = jwt.PyJWS().encode(payload, ec_key.key, "ES256")
    assert fault(token, ec_key) is TokenFault.MALFORMED


def test_another_key(ec_key: SigningKey) -> None:
    assert fault(ec().sign(claims()), ec_key) is TokenFault.SIGNATURE


def test_a_key_of_another_type(ec_key: SigningKey, rsa_key: SigningKey) -> None:
    assert fault(ec_key.sign(claims()), rsa_key) is TokenFault.ALGORITHM
    assert fault(rsa_key.sign(claims()), ec_key) is TokenFault.ALGORITHM


@pytest.mark.parametrize("part", [0, 1, 2])
def test_what_is_changed_after_it_is_signed(ec_key: SigningKey, part: int) -> None:
    parts = ec_key.sign(claims()).split(".")
    other = ec_key.sign(claims(sub="eve"), typ="JOSE").split(".")
    parts[part] = other[part]
    assert fault(".".join(parts), ec_key) is TokenFault.SIGNATURE


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "HS512", "ES256K", "RS1", "", "es256", None, 5])
def test_a_way_to_sign_that_is_not_accepted(algorithm: Any) -> None:
    header = jwt.utils.base64url_encode(json.dumps({"alg": algorithm}).encode()).decode()
    with pytest.raises(InvalidTokenError) as refused:
        parse_token_header(f"{header}.e30.", RULES)
    assert refused.value.fault is TokenFault.ALGORITHM


@pytest.mark.parametrize("signer", [None, "", SIGNER.upper(), SIGNER + "0", [SIGNER], {"is": SIGNER}])
def test_another_signer(ec_key: SigningKey, signer: Any) -> None:
    rules = TokenIdentityConfig(signer=SIGNER)
    assert parse_token_header(ec_key.sign(claims(), signer=SIGNER), rules) == TokenHeader("ES256", "ec-1")
    with pytest.raises(InvalidTokenError) as refused:
        parse_token_header(ec_key.sign(claims(), signer=signer), rules)
    assert refused.value.fault is TokenFault.SIGNER


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "e30",
        "e30.e30",
        "e30.e30.e30.e30",
        "W10.e30.",
        "bnVsbA.e30.",
        "e30=.e30.",
        "é.e30.",
    ],
)
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(InvalidTokenError) as refused:
        parse_token_header(token, RULES)
    assert refused.value.fault in {TokenFault.MALFORMED, TokenFault.ALGORITHM}


@pytest.mark.parametrize("header", [{"crit": ["exp"], "exp": 1}, {"crit": []}, {"crit": "b64"}, {"b64": False}])
def test_extensions_that_are_not_understood(ec_key: SigningKey, header: dict[str, Any]) -> None:
    body = {"alg": "ES256", **header}
    head = jwt.utils.base64url_encode(json.dumps(body).encode()).decode()
    token = f"{head}.e30.{ec_key.sign(claims()).split('.')[2]}"
    assert fault(token, ec_key) is TokenFault.MALFORMED


def test_a_claim_that_is_missing_is_named(ec_key: SigningKey) -> None:
    with pytest.raises(InvalidTokenError) as refused:
        verify_claims(ec_key.sign(claims(aud=None)), public(ec_key), RULES)
    assert str(refused.value) == ("The token is refused (claims: one is missing or malformed). `aud` is missing.")
