"""auth.names: what a name may be. How headers and claims use it is in their own tests."""

import pytest

from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.names import LONGEST_NAME, MOST_GROUPS, group, groups, name, not_ours


def test_names_are_trimmed_and_otherwise_kept() -> None:
    assert name(" \tJörg 李 ", "X") == "Jörg 李"
    assert name("*", "X") == "*"


@pytest.mark.parametrize("text", ["a\x00b", "a\u200bb", "\ud800", "a\u00a0b"])
def test_all_of_a_name_can_be_seen(text: str) -> None:
    with pytest.raises(MalformedIdentityError, match="`X` holds a character that cannot be seen"):
        name(text, "X")


def test_how_long_a_name_may_be() -> None:
    assert name("a" * LONGEST_NAME, "X") == "a" * 512
    with pytest.raises(MalformedIdentityError, match="`X` holds a name of more than 512 characters"):
        name("a" * (LONGEST_NAME + 1), "X")


def test_groups_are_each_once_and_none_is_empty() -> None:
    assert groups([" b", "a", "", "b"], "X") == ("b", "a")
    assert group("  ", "X") == ""
    with pytest.raises(MalformedIdentityError, match="more than 1000"):
        groups(map(str, range(MOST_GROUPS + 1)), "X")


def test_no_group_is_everyone() -> None:
    for refuse in (lambda: group(" * ", "X"), lambda: groups(["a", "*"], "X")):
        with pytest.raises(MalformedIdentityError, match="everyone"):
            refuse()


def test_no_caller_is_the_gateway() -> None:
    assert not_ours("alice") == "alice"
    with pytest.raises(InvalidIdentityError, match="gateway's own"):
        not_ours("sagegraph")
