"""auth.tokens.verification_keys: which published keys are of use, and what each may check."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256K1, SECP384R1, SECP521R1
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from auth.errors import InvalidTokenError, TokenFault, VerificationKeysUnavailableError
from auth.tokens.verification_keys import ACCEPTED_ALGORITHMS, VerificationKey, choose_key, parse_jwks, parse_pem
from tests.auth.tokens.token_issuer import SigningKey, ec, published, rsa

RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
OCT = {"kty": "oct", "kid": "secret", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "alg": "HS256"}


def told(keys: tuple[VerificationKey, ...]) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(key.key_id, key.algorithms) for key in keys]


def test_the_type_of_a_key_says_what_it_checks(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    keys = (
        rsa_key,
        ec_key,
        ec("p384", SECP384R1()),
        ec("p521", SECP521R1()),
        SigningKey("ed", "EdDSA", Ed25519PrivateKey.generate()),
    )
    assert told(parse_jwks(published(*(key.public for key in keys)))) == [
        ("rsa-1", RSA),
        ("ec-1", ("ES256",)),
        ("p384", ("ES384",)),
        ("p521", ("ES512",)),
        ("ed", ("EdDSA",)),
    ]
    assert not {"none", "HS256", "HS384", "HS512", "ES256K"} & ACCEPTED_ALGORITHMS


def test_what_a_key_says_of_itself_can_only_narrow_that(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    narrowed = {**rsa_key.public, "alg": "PS256", "use": "sig", "key_ops": ["verify"]}
    lying = [{**rsa_key.public, "alg": alg} for alg in ("HS256", "none", "ES256", "", 5, None)]
    assert told(parse_jwks(published(narrowed, *lying, {**ec_key.public, "alg": "RS256"}))) == [
        ("rsa-1", ("PS256",)),
        ("rsa-1", RSA),
    ]


def test_a_key_may_have_no_id(ec_key: SigningKey) -> None:
    without = {name: value for name, value in ec_key.public.items() if name != "kid"}
    assert told(parse_jwks(published(without))) == [(None, ("ES256",))]


@pytest.mark.parametrize(
    "changed",
    [
        {"use": "enc"},
        {"use": 5},
        {"key_ops": ["sign"]},
        {"key_ops": "verify"},
        {"kty": "RSA"},
        {"kty": ["EC"]},
        {"kty": None},
        {"crv": "secp256k1"},
        {"crv": "P-384"},
        {"crv": {}},
        {"x": None},
        {"x": ""},
        {"x": "AAAA"},
        {"x": 5},
        {"x": "!!!!"},
        {"y": ["y"]},
        {"kid": 5},
        {"d": "AAAA"},
    ],
)
def test_keys_of_no_use_are_passed_over(ec_key: SigningKey, rsa_key: SigningKey, changed: dict[str, Any]) -> None:
    assert told(parse_jwks(published({**ec_key.public, **changed}, rsa_key.public))) == [("rsa-1", RSA)]
    with pytest.raises(VerificationKeysUnavailableError, match="no public key that can check"):
        parse_jwks(published({**ec_key.public, **changed}))


@pytest.mark.parametrize("changed", [{"n": "AQAB"}, {"n": None}, {"e": ""}, {"e": "Ag"}, {"n": 5}, {"e": {}}])
def test_damaged_rsa_keys_are_passed_over(rsa_key: SigningKey, changed: dict[str, Any]) -> None:
    with pytest.raises(VerificationKeysUnavailableError, match="no public key that can check"):
        parse_jwks(published({**rsa_key.public, **changed}))


def test_short_keys_secrets_private_keys_and_foreign_curves_are_passed_over(rsa_key: SigningKey) -> None:
    short = rsa("short", bits=1024).public
    koblitz = ec("koblitz", SECP256K1()).public
    assert isinstance(rsa_key.key, RSAPrivateKey)
    private = {**RSAAlgorithm.to_jwk(rsa_key.key, as_dict=True), "kid": "by-mistake", "key_ops": ["verify"]}
    for useless in (short, koblitz, OCT, private):
        with pytest.raises(VerificationKeysUnavailableError):
            parse_jwks(published(useless))


@pytest.mark.parametrize(
    "document",
    [
        *(b"", b"garbage", b"\xff\xfe", b"[]", b"5", b"null", b"{}", b'{"keys": {}}', b'{"keys": null}'),
        *(b"[" * 100_000, published(), published("key", 5, None, [])),
    ],
)
def test_what_is_no_key_set(document: bytes) -> None:
    with pytest.raises(VerificationKeysUnavailableError):
        parse_jwks(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
MEMBERS = st.fixed_dictionaries(
    {"kty": st.sampled_from(["RSA", "EC", "OKP", "oct"]) | JSON},
    optional={
        "crv": st.sampled_from(["P-256", "P-521", "Ed25519", "Ed448"]) | JSON,
        **{name: JSON | st.text("AQ_-=", max_size=90) for name in ("n", "e", "x", "y", "kid", "use", "alg", "d")},
    },
)


SETS = st.lists(MEMBERS | JSON, max_size=3).map(lambda keys: published(*keys))


@given(st.binary(max_size=60) | SETS)
def test_whatever_the_server_answers_is_keys_or_an_outage(document: bytes) -> None:
    try:
        keys = parse_jwks(document)
    except VerificationKeysUnavailableError:
        return
    assert all(set(key.algorithms) <= ACCEPTED_ALGORITHMS for key in keys)


def test_the_key_of_a_load_balancer(alb_key: SigningKey) -> None:
    assert told((parse_pem(alb_key.pem, "k"),)) == [("k", ("ES256",))]


def test_what_is_no_key_of_a_load_balancer(rsa_key: SigningKey) -> None:
    for document in (b"", b"garbage", b"\xff", rsa_key.pem, ec(curve=SECP384R1()).pem, ec(curve=SECP256K1()).pem):
        with pytest.raises(VerificationKeysUnavailableError, match="not a public key"):
            parse_pem(document, "k")


def test_a_key_is_chosen_by_its_id_and_what_it_checks(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    keys = parse_jwks(published(rsa_key.public, ec_key.public))
    assert choose_key(keys, "ec-1", "ES256") is keys[1]
    assert choose_key(keys, "rsa-1", "PS512") is keys[0]
    assert choose_key(keys, "rsa-2", "RS256") is None
    for key_id, algorithm in (("ec-1", "RS256"), ("rsa-1", "ES256"), ("ec-1", "ES384")):
        with pytest.raises(InvalidTokenError) as refused:
            choose_key(keys, key_id, algorithm)
        assert refused.value.fault is TokenFault.ALGORITHM


def test_without_an_id_only_the_one_key_that_fits(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    one = parse_jwks(published(rsa_key.public, ec_key.public))
    assert choose_key(one, None, "ES256") is one[1]
    assert choose_key(one, None, "ES512") is None
    two = parse_jwks(published(ec_key.public, {**ec_key.public, "kid": "ec-2"}))
    assert choose_key(two, None, "ES256") is None


def test_one_id_for_two_types(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    keys = parse_jwks(published({**rsa_key.public, "kid": "k"}, {**ec_key.public, "kid": "k"}))
    assert choose_key(keys, "k", "ES256") is keys[1]
