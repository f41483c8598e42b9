"""auth.tokens.claims: the caller that valid claims name."""

from typing import Any

import pytest

from auth.caller import MAX_GROUPS, MAX_NAME_CHARACTERS, Caller
from auth.errors import InvalidIdentityError, InvalidTokenError, TokenFault
from auth.tokens.verification import (
    TokenIdentityConfig,
    caller_from_claims,
)

CONFIG = TokenIdentityConfig(trusted_peers=None)
ADDRESS = "https://example.com/groups"


def refused(claims: dict[str, Any], rules: TokenIdentityConfig = CONFIG) -> str:
    with pytest.raises(InvalidTokenError) as error:
        caller_from_claims(claims, rules, None)
    assert error.value.fault is TokenFault.CLAIMS
    return str(error.value)


def test_a_caller_with_groups_and_the_group_that_is_asked_for() -> None:
    claims = {"sub": " alice ", "groups": [" risk", "mlops", "", "risk", "a,b"]}
    assert caller_from_claims(claims, CONFIG, "mlops") == Caller("alice", ("risk", "mlops", "a,b"), "mlops")


@pytest.mark.parametrize("verified", [False, "false", "False", 0, "0"])
def test_an_email_that_nobody_has_verified(verified: Any) -> None:
    """Whoever signs up may enter somebody else's; a load balancer writes such claims as text."""
    by_email = TokenIdentityConfig(trusted_peers=None, user_claim="email")
    claims = {"sub": "5f1d", "email": "lead@example.com", "email_verified": verified}
    assert "not verified" in refused(claims, by_email)
    assert caller_from_claims(claims, CONFIG, None).subject == "5f1d"


@pytest.mark.parametrize("verified", [{}, {"email_verified": True}, {"email_verified": "true"}])
def test_an_email_that_is_verified_or_of_which_nothing_is_said(verified: dict[str, Any]) -> None:
    by_email = TokenIdentityConfig(trusted_peers=None, user_claim="email")
    assert caller_from_claims({"email": "ann@example.com", **verified}, by_email, None).subject == "ann@example.com"


@pytest.mark.parametrize("groups", [None, [], "", " , "])
def test_no_groups(groups: Any) -> None:
    assert caller_from_claims({"sub": "alice", "groups": groups}, CONFIG, None) == Caller("alice", ())
    assert caller_from_claims({"sub": "alice"}, CONFIG, None) == Caller("alice", ())


def test_groups_as_one_text() -> None:
    assert caller_from_claims({"sub": "alice", "groups": "risk, mlops"}, CONFIG, None).groups == ("risk", "mlops")
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
    assert caller_from_claims({"sub": "alice", "groups": text}, CONFIG, None).groups == groups
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
    assert caller_from_claims(claims, CONFIG, None).groups == ("risk",)


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
    assert "`sub` names no caller" in refused({"sub": subject})


@pytest.mark.parametrize("groups", [5, True, {"risk": 1}, ["risk", 5], [["risk"]], [None]])
def test_groups_that_are_not_text(groups: Any) -> None:
    assert "`groups` is missing or not text" in refused({"sub": "alice", "groups": groups})


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\u202eb", "a\u200bb", "\ud800", "a\u00a0b"])
def test_characters_that_cannot_be_seen(text: str) -> None:
    for payload in ({"sub": text}, {"sub": "alice", "groups": [text]}, {"sub": "alice", "groups": text}):
        string = refused(payload)
        assert "invisible character" in string
        assert text not in string


def test_bounds() -> None:
    longest, groups = "a" * MAX_NAME_CHARACTERS, [f"g{number}" for number in range(MAX_GROUPS)]
    assert caller_from_claims({"sub": longest, "groups": groups}, CONFIG, None) == Caller(longest, tuple(groups))
    assert "more than 512 characters" in refused({"sub": longest + "a"})
    assert "more than 512 characters" in refused({"sub": "alice", "groups": [longest + "a"]})
    assert "more than 1000 groups" in refused({"sub": "alice", "groups": [*groups, "one-more"]})


@pytest.mark.parametrize("groups", [["*"], ["risk", " * "], "risk,*"])
def test_a_group_named_as_everyone(groups: Any) -> None:
    assert "everyone" in refused({"sub": "alice", "groups": groups})


def test_the_gateways_own_name_is_nobodys() -> None:
    with pytest.raises(InvalidIdentityError, match="reserved for the gateway"):
        caller_from_claims({"sub": "sagegraph"}, CONFIG, None)
