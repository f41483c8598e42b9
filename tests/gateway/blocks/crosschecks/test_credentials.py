"""gateway.blocks.crosschecks.credentials: one entry for each group, one for each path, and bases that exist."""

from typing import Any

import pytest

from gateway.blocks.crosschecks.credentials import check_credentials
from gateway.blocks.written import UNKNOWN, RawNode

STORED_ENTRY, EKS_ENTRY, ASSUMED_ENTRY = "storedCredentials", "eksServiceAccountCredentials", "assumeRoleByGroup"


def faults(**lists: list[dict[str, Any]]) -> dict[str, str]:
    """The faults between entries, by the part of their key behind the block's."""
    found = list(check_credentials(RawNode({"sagemaker-credentials": lists})))
    return {fault.key.removeprefix("sagemaker-credentials."): fault.message for fault in found}


def same(noun: str, first: str) -> str:
    place = f"sagemaker-credentials.{first}"
    return f"is the same {noun} as {place}; a {noun} stands in one entry only, so take one of the two out"


def test_entries_that_agree() -> None:
    assert faults(
        storedCredentials=[{"group": "a"}, {"group": "b"}],
        eksServiceAccountCredentials=[{"path": "p", "groups": ["c"]}, {"path": "q", "groups": ["*"]}, {"path": "r"}],
        assumeRoleByGroup=[
            {"group": "e", "base": {"path": "r"}},
            {"group": "f", "base": {"group": "b"}},
            {"group": "g", "base": "ambient"},
            {"group": "h"},
        ],
    ) == {}  # fmt: skip


@pytest.mark.parametrize(
    ("lists", "second", "first"),
    [
        ({STORED_ENTRY: [{"group": "a"}, {"group": "a"}]}, f"{STORED_ENTRY}[1].group", f"{STORED_ENTRY}[0].group"),
        ({EKS_ENTRY: [{"groups": ["a", "b", "a"]}]}, f"{EKS_ENTRY}[0].groups[2]", f"{EKS_ENTRY}[0].groups[0]"),
        ({EKS_ENTRY: [{"groups": ["a"]}, {"groups": ["a"]}]}, f"{EKS_ENTRY}[1].groups[0]", f"{EKS_ENTRY}[0].groups[0]"),
        ({ASSUMED_ENTRY: [{"group": "a"}, {"group": "a"}]}, f"{ASSUMED_ENTRY}[1].group", f"{ASSUMED_ENTRY}[0].group"),
        (
            {STORED_ENTRY: [{"group": "a"}], EKS_ENTRY: [{"groups": ["a"]}]},
            f"{EKS_ENTRY}[0].groups[0]",
            f"{STORED_ENTRY}[0].group",
        ),
        (
            {STORED_ENTRY: [{"group": "a"}], ASSUMED_ENTRY: [{"group": "a"}]},
            f"{ASSUMED_ENTRY}[0].group",
            f"{STORED_ENTRY}[0].group",
        ),
        (
            {EKS_ENTRY: [{"groups": ["a"]}], ASSUMED_ENTRY: [{"group": "a"}]},
            f"{ASSUMED_ENTRY}[0].group",
            f"{EKS_ENTRY}[0].groups[0]",
        ),
    ],
)
def test_a_group_that_stands_twice(lists: dict[str, Any], second: str, first: str) -> None:
    assert faults(**lists) == {second: same("group", first)}


def test_a_path_that_stands_twice() -> None:
    entries = [{"path": "p"}, {"path": "q"}, {"path": "p"}]
    assert faults(eksServiceAccountCredentials=entries) == {
        f"{EKS_ENTRY}[2].path": same("path", f"{EKS_ENTRY}[0].path")
    }


def test_everyone_beside_others() -> None:
    message = 'has "*" beside other groups; write ["*"] alone, or name the groups'
    assert faults(eksServiceAccountCredentials=[{"groups": ["a", "*"]}]) == {f"{EKS_ENTRY}[0].groups": message}


def test_everyone_in_two_entries() -> None:
    message = f'has "*", and so has sagemaker-credentials.{EKS_ENTRY}[0].groups; only one entry serves everyone'
    assert faults(eksServiceAccountCredentials=[{"groups": ["*"]}, {"groups": ["*"]}]) == {
        f"{EKS_ENTRY}[1].groups": message
    }


@pytest.mark.parametrize("base", [{}, {"path": "p", "group": "a"}])
def test_a_base_that_names_none_or_two(base: dict[str, str]) -> None:
    found = faults(
        storedCredentials=[{"group": "a"}],
        eksServiceAccountCredentials=[{"path": "p"}],
        assumeRoleByGroup=[{"group": "b", "base": base}],
    )
    assert found == {f"{ASSUMED_ENTRY}[0].base": "names not exactly one base; write {path: …} or {group: …}"}


def test_a_base_path_that_no_entry_has() -> None:
    message = "no eksServiceAccountCredentials entry has this path; give it the path of one"
    found = faults(storedCredentials=[{"group": "p"}], assumeRoleByGroup=[{"group": "b", "base": {"path": "p"}}])
    assert found == {f"{ASSUMED_ENTRY}[0].base.path": message}


def test_a_base_group_without_stored_keys() -> None:
    message = "no storedCredentials entry has this group; give it the group of one"
    found = faults(
        eksServiceAccountCredentials=[{"path": "a", "groups": ["a"]}],
        assumeRoleByGroup=[{"group": "b", "base": {"group": "a"}}, {"group": "c", "base": {"group": "c"}}],
    )
    assert found == {f"{ASSUMED_ENTRY}[0].base.group": message, f"{ASSUMED_ENTRY}[1].base.group": message}


def test_nothing_is_said_where_a_variable_is_not_set() -> None:
    assert faults(
        eksServiceAccountCredentials=[{"path": UNKNOWN, "groups": UNKNOWN}],
        storedCredentials=[{"group": UNKNOWN}, {"group": UNKNOWN}],
        assumeRoleByGroup=[
            {"group": "a", "base": {"path": "p"}},
            {"group": "b", "base": {"group": UNKNOWN}},
            {"group": "c", "base": UNKNOWN},
        ],
    ) == {}  # fmt: skip


@pytest.mark.parametrize("wrong", [None, "text", 5, ["text"], [None], [[]], [{"group": 5, "groups": 5, "base": 5}]])
def test_wrong_shapes_are_left_to_the_blocks(wrong: Any) -> None:
    assert faults(storedCredentials=wrong, eksServiceAccountCredentials=wrong, assumeRoleByGroup=wrong) == {}
