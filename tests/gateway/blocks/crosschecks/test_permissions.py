"""gateway.blocks.crosschecks.permissions: one entry for each group, and `over` only groups that are known."""

from typing import Any

import pytest

from gateway.blocks.crosschecks.permissions import check
from gateway.blocks.written import UNKNOWN, Written

NOBODY = "no entry of the settings has this group; give it the name of one that has"


def faults(permissions: Any, credentials: Any = None) -> dict[str, str]:
    written = Written({"permissions": permissions, "sagemaker-credentials": credentials})
    return {fault.key: fault.message for fault in check(written)}


def test_a_group_with_two_entries() -> None:
    entries = [{"group": "*"}, {"group": "a"}, {"group": "*"}, {"group": "a"}]
    assert faults(entries) == {
        "permissions[2].group": "is the same group as permissions[0].group; write one entry for it",
        "permissions[3].group": "is the same group as permissions[1].group; write one entry for it",
    }


@pytest.mark.parametrize(
    "credentials",
    [
        {"storedCredentials": [{"group": "risk"}]},
        {"eksServiceAccountCredentials": [{"groups": ["x", "risk"]}]},
        {"assumeRoleByGroup": [{"group": "risk"}]},
        {"eksServiceAccountCredentials": [{"groups": ["*"]}]},
        {"assumeRoleByGroup": [{"group": UNKNOWN}]},
    ],
)
def test_over_a_group_that_has_or_may_have_credentials(credentials: Any) -> None:
    assert faults([{"group": "a", "over": ["risk"]}], credentials) == {}


def test_over_a_group_with_permissions_alone() -> None:
    assert faults([{"group": "a", "over": ["risk"]}, {"group": "risk"}]) == {}


def test_over_a_group_that_nothing_names() -> None:
    entries = [{"group": "*"}, {"group": "a", "over": ["a", "rsik"]}]
    assert faults(entries, {"storedCredentials": [{"group": "risk"}]}) == {"permissions[1].over[1]": NOBODY}


@pytest.mark.parametrize("over", ["risk", ["*"], [UNKNOWN], [5], [None], UNKNOWN, None])
def test_what_is_no_name_is_left_to_the_block(over: Any) -> None:
    assert faults([{"group": "a", "over": over}]) == {}


@pytest.mark.parametrize("wrong", [None, "text", {}, [None], [[]], ["text"]])
def test_wrong_shapes_are_left_to_the_blocks(wrong: Any) -> None:
    assert faults(wrong, wrong) == {}
