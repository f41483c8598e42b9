"""auth.caller: what a name may be. How headers and claims use it is in their own tests."""

import pytest

from auth.caller import MAX_GROUPS, MAX_NAME_CHARACTERS, parse_group, parse_groups, parse_name, reject_gateway_subject
from auth.errors import InvalidIdentityError, MalformedIdentityError


def test_names_are_trimmed_and_otherwise_kept() -> None:
    assert parse_name(" \tJörg 李 ", "X") == "Jörg 李"
    assert parse_name("*", "X") == "*"


@pytest.mark.parametrize("text", ["a\x00b", "a\u200bb", "\ud800", "a\u00a0b"])
def test_all_of_a_name_can_be_seen(text: str) -> None:
    with pytest.raises(MalformedIdentityError, match="`X` holds an invisible character"):
        parse_name(text, "X")


def test_how_long_a_name_may_be() -> None:
    assert parse_name("a" * MAX_NAME_CHARACTERS, "X") == "a" * 512
    with pytest.raises(MalformedIdentityError, match="`X` holds a name of more than 512 characters"):
        parse_name("a" * (MAX_NAME_CHARACTERS + 1), "X")


def test_groups_are_each_once_and_none_is_empty() -> None:
    assert parse_groups([" b", "a", "", "b"], "X") == ("b", "a")
    assert parse_group("  ", "X") == ""
    with pytest.raises(MalformedIdentityError, match="more than 1000"):
        parse_groups(map(str, range(MAX_GROUPS + 1)), "X")


def test_no_group_is_everyone() -> None:
    for refuse in (lambda: parse_group(" * ", "X"), lambda: parse_groups(["a", "*"], "X")):
        with pytest.raises(MalformedIdentityError, match="everyone"):
            refuse()


def test_no_caller_is_the_gateway() -> None:
    assert reject_gateway_subject("alice") == "alice"
    with pytest.raises(InvalidIdentityError, match="reserved for the gateway"):
        reject_gateway_subject("sagegraph")
