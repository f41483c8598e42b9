"""auth.tokens.verification: when a token is believed, and of what class the reason is when it is not."""

import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, SECP521R1
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auth.caller import MAX_GROUPS, MAX_NAME_CHARACTERS, Caller
from auth.errors import InvalidIdentityError, InvalidTokenError, TokenFault
from auth.tokens.verification import (
    LEEWAY_SECONDS,
    TokenHeader,
    TokenIdentityConfig,
    caller_from_claims,
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


RULES_CLAIMS = TokenIdentityConfig(trusted_peers=None)
ADDRESS = "https://example.com/groups"


def refused(claims: dict[str, Any], rules: TokenIdentityConfig = RULES_CLAIMS) -> str:
    with pytest.raises(InvalidTokenError) as error:
        caller_from_claims(claims, rules, None)
    assert error.value.fault is TokenFault.CLAIMS
    return str(error.value)


def test_a_caller_with_groups_and_the_group_that_is_asked_for() -> None:
    claims = {"sub": " alice ", "groups": [" risk", "mlops", "", "risk", "a,b"]}
    assert caller_from_claims(claims, RULES_CLAIMS, "mlops") == Caller("alice", ("risk", "mlops", "a,b"), "mlops")


@pytest.mark.parametrize("verified", [False, "false", "False", 0, "0"])
def test_an_email_that_nobody_has_verified(verified: Any) -> None:
    """Whoever signs up may enter somebody else's; a load balancer writes such claims as text."""
    by_email = TokenIdentityConfig(trusted_peers=None, user_claim="email")
    claims = {"sub": "5f1d", "email": "lead@example.com", "email_verified": verified}
    assert "not verified" in refused(claims, by_email)
    assert caller_from_claims(claims, RULES_CLAIMS, None).subject == "5f1d"


@pytest.mark.parametrize("verified", [{}, {"email_verified": True}, {"email_verified": "true"}])
def test_an_email_that_is_verified_or_of_which_nothing_is_said(verified: dict[str, Any]) -> None:
    by_email = TokenIdentityConfig(trusted_peers=None, user_claim="email")
    assert caller_from_claims({"email": "ann@example.com", **verified}, by_email, None).subject == "ann@example.com"


@pytest.mark.parametrize("groups", [None, [], "", " , "])
def test_no_groups(groups: Any) -> None:
    assert caller_from_claims({"sub": "alice", "groups": groups}, RULES_CLAIMS, None) == Caller("alice", ())
    assert caller_from_claims({"sub": "alice"}, RULES_CLAIMS, None) == Caller("alice", ())


def test_groups_as_one_text() -> None:
    assert caller_from_claims({"sub": "alice", "groups": "risk, mlops"}, RULES_CLAIMS, None).groups == ("risk", "mlops")
    rules = TokenIdentityConfig(trusted_peers=None, groups_separator=" ")
    assert caller_from_claims({"sub": "alice", "groups": "risk mlops,x"}, rules, None).groups == ("risk", "mlops,x")


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("[ds, risk]", ("ds", "risk")),
        ("[ds]", ("ds",)),
        ("[]", ()),
        (" [ ds ,risk ] ", ("ds", "risk")),
        ("['ds', 'risk']", ("ds", "risk")),
        ('["ds","risk"]', ("ds", "risk")),
        ('["a, b", "c]"]', ("a, b", "c]")),
        ("[CN=x]", ("CN=x",)),
        ("[101, 1.50]", ("101", "1.50")),
    ],
)
def test_a_list_that_comes_as_text(text: str, groups: tuple[str, ...]) -> None:
    assert caller_from_claims({"sub": "alice", "groups": text}, RULES_CLAIMS, None).groups == groups
    spaced = TokenIdentityConfig(trusted_peers=None, groups_separator=" ")
    assert caller_from_claims({"sub": "alice", "groups": text}, spaced, None).groups == groups


@pytest.mark.parametrize("text", ["[ds", "[ds, risk", '[["ds"]]', '["ds", null]', "[" * 5000 + "]"])
def test_a_text_that_is_half_a_list(text: str) -> None:
    assert "`groups`" in refused({"sub": "alice", "groups": text})


ENTRA_SOURCES = {"src1": {"endpoint": "https://graph.example.com/groups"}}


@pytest.mark.parametrize(
    ("claims", "groups_claim"),
    [
        ({"_claim_names": {"groups": "src1"}, "_claim_sources": ENTRA_SOURCES}, "groups"),
        ({"hasgroups": True}, "groups"),
        ({"hasgroups": "true"}, "groups"),
        ({"_claim_names": {"realm": "src1"}}, "realm.roles"),
        ({"_claim_names": {"https://a.b/groups": "src1"}}, "https://a.b/groups"),
    ],
)
def test_groups_that_the_issuer_left_out(claims: dict[str, Any], groups_claim: str) -> None:
    rules = TokenIdentityConfig(trusted_peers=None, groups_claim=groups_claim)
    with pytest.raises(InvalidTokenError, match="overage") as raised:
        caller_from_claims({"sub": "alice", **claims}, rules, None)
    assert (raised.value.fault, raised.value.status) == (TokenFault.CLAIMS, 401)


@pytest.mark.parametrize(
    ("claims", "groups_claim"),
    [
        ({"hasgroups": True}, "roles"),
        ({"hasgroups": False}, "groups"),
        ({"_claim_names": {"wids": "src1"}}, "groups"),
        ({"_claim_names": "groups"}, "groups"),
    ],
)
def test_other_claims_that_were_left_out(claims: dict[str, Any], groups_claim: str) -> None:
    rules = TokenIdentityConfig(trusted_peers=None, groups_claim=groups_claim)
    assert caller_from_claims({"sub": "alice", **claims}, rules, None).groups == ()


@pytest.mark.parametrize("path", [".", "..", "\\"])
def test_a_path_without_a_name(path: str) -> None:
    rules = TokenIdentityConfig(trusted_peers=None, groups_claim=path)
    assert caller_from_claims({"sub": "alice"}, rules, None).groups == ()


def test_groups_that_are_there_are_not_left_out() -> None:
    claims = {"sub": "alice", "groups": ["risk"], "_claim_names": {"groups": "src1"}, "hasgroups": True}
    assert caller_from_claims(claims, RULES_CLAIMS, None).groups == ("risk",)


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        (r"resource_access.my\.app.roles", {"resource_access": {"my.app": {"roles": ["ds"]}}}),
        (r"a\.b", {"a.b": ["ds"]}),
        (r"a\.b.c\.d", {"a.b": {"c.d": ["ds"]}}),
        (r"a\\.b", {"a\\": {"b": ["ds"]}}),
        (r"a\b", {r"a\b": ["ds"]}),
    ],
)
def test_a_dot_in_a_name(path: str, claims: dict[str, Any]) -> None:
    rules = TokenIdentityConfig(trusted_peers=None, groups_claim=path)
    assert caller_from_claims({"sub": "alice", **claims}, rules, None).groups == ("ds",)


def test_claims_of_other_names() -> None:
    rules = TokenIdentityConfig(trusted_peers=None, user_claim="profile.email", groups_claim=ADDRESS)
    claims = {"sub": "x", "groups": ["no"], "profile": {"email": "ann@example.com"}, ADDRESS: ["risk"]}
    assert caller_from_claims(claims, rules, None) == Caller("ann@example.com", ("risk",))


def test_the_exact_name_goes_before_the_path() -> None:
    rules = TokenIdentityConfig(trusted_peers=None, groups_claim="realm_access.roles")
    nested = {"sub": "alice", "realm_access": {"roles": ["nested"]}}
    assert caller_from_claims(nested, rules, None).groups == ("nested",)
    assert caller_from_claims({**nested, "realm_access.roles": ["exact"]}, rules, None).groups == ("exact",)


@pytest.mark.parametrize("between", [None, 5, "text", ["roles"], {}])
def test_a_path_that_leads_nowhere_is_no_groups(between: Any) -> None:
    rules = TokenIdentityConfig(trusted_peers=None, groups_claim="realm_access.roles")
    assert caller_from_claims({"sub": "alice", "realm_access": between}, rules, None).groups == ()


@pytest.mark.parametrize("subject", [None, 5, True, ["alice"], {"name": "alice"}])
def test_a_name_that_is_not_text(subject: Any) -> None:
    assert "`sub` is missing or not text" in refused({"sub": subject})
    assert "`sub` is missing or not text" in refused({})


@pytest.mark.parametrize("subject", ["", "  ", "\t"])
def test_a_name_that_names_nobody(subject: str) -> None:
    assert "`sub` names nobody" in refused({"sub": subject})


@pytest.mark.parametrize("groups", [5, True, {"risk": 1}, ["risk", 5], [["risk"]], [None]])
def test_groups_that_are_not_text(groups: Any) -> None:
    assert "`groups` is missing or not text" in refused({"sub": "alice", "groups": groups})


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\u202eb", "a\u200bb", "\ud800", "a\u00a0b"])
def test_characters_that_cannot_be_seen(text: str) -> None:
    for payload in ({"sub": text}, {"sub": "alice", "groups": [text]}, {"sub": "alice", "groups": text}):
        string = refused(payload)
        assert "cannot be seen" in string
        assert text not in string


def test_bounds() -> None:
    longest, groups = "a" * MAX_NAME_CHARACTERS, [f"g{number}" for number in range(MAX_GROUPS)]
    assert caller_from_claims({"sub": longest, "groups": groups}, RULES_CLAIMS, None) == Caller(longest, tuple(groups))
    assert "more than 512 characters" in refused({"sub": longest + "a"})
    assert "more than 512 characters" in refused({"sub": "alice", "groups": [longest + "a"]})
    assert "more than 1000 groups" in refused({"sub": "alice", "groups": [*groups, "one-more"]})


@pytest.mark.parametrize("groups", [["*"], ["risk", " * "], "risk,*"])
def test_a_group_named_as_everyone(groups: Any) -> None:
    assert "everyone" in refused({"sub": "alice", "groups": groups})


def test_the_gateways_own_name_is_nobodys() -> None:
    with pytest.raises(InvalidIdentityError, match="gateway's own"):
        caller_from_claims({"sub": "sagegraph"}, RULES_CLAIMS, None)
