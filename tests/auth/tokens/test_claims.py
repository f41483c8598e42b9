"""auth.tokens.claims: a caller from claims, under the bounds of names in headers."""

from typing import Any

import pytest

from auth.caller import Caller
from auth.errors import InvalidIdentityError, InvalidTokenError, TokenFault
from auth.names import MAX_GROUPS, MAX_NAME_CHARACTERS
from auth.tokens.claims import caller_from_claims
from auth.tokens.rules import TokenIdentityConfig

RULES = TokenIdentityConfig(trusted_peers=None)
ADDRESS = "https://example.com/groups"


def refused(claims: dict[str, Any], rules: TokenIdentityConfig = RULES) -> str:
    with pytest.raises(InvalidTokenError) as error:
        caller_from_claims(claims, rules, None)
    assert error.value.fault is TokenFault.CLAIMS
    return str(error.value)


def test_a_caller_with_groups_and_the_group_that_is_asked_for() -> None:
    claims = {"sub": " alice ", "groups": [" risk", "mlops", "", "risk", "a,b"]}
    assert caller_from_claims(claims, RULES, "mlops") == Caller("alice", ("risk", "mlops", "a,b"), "mlops")


@pytest.mark.parametrize("groups", [None, [], "", " , "])
def test_no_groups(groups: Any) -> None:
    assert caller_from_claims({"sub": "alice", "groups": groups}, RULES, None) == Caller("alice", ())
    assert caller_from_claims({"sub": "alice"}, RULES, None) == Caller("alice", ())


def test_groups_as_one_text() -> None:
    assert caller_from_claims({"sub": "alice", "groups": "risk, mlops"}, RULES, None).groups == ("risk", "mlops")
    rules = TokenIdentityConfig(trusted_peers=None, groups_separator=" ")
    assert caller_from_claims({"sub": "alice", "groups": "risk mlops,x"}, rules, None).groups == ("risk", "mlops,x")


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
    for claims in ({"sub": text}, {"sub": "alice", "groups": [text]}, {"sub": "alice", "groups": text}):
        said = refused(claims)
        assert "cannot be seen" in said
        assert text not in said


def test_bounds() -> None:
    longest, groups = "a" * MAX_NAME_CHARACTERS, [f"g{number}" for number in range(MAX_GROUPS)]
    assert caller_from_claims({"sub": longest, "groups": groups}, RULES, None) == Caller(longest, tuple(groups))
    assert "more than 512 characters" in refused({"sub": longest + "a"})
    assert "more than 512 characters" in refused({"sub": "alice", "groups": [longest + "a"]})
    assert "more than 1000 groups" in refused({"sub": "alice", "groups": [*groups, "one-more"]})


@pytest.mark.parametrize("groups", [["*"], ["risk", " * "], "risk,*"])
def test_a_group_named_as_everyone(groups: Any) -> None:
    assert "everyone" in refused({"sub": "alice", "groups": groups})


def test_the_gateways_own_name_is_nobodys() -> None:
    with pytest.raises(InvalidIdentityError, match="gateway's own"):
        caller_from_claims({"sub": "sagegraph"}, RULES, None)
