"""gateway.settings.permissions: models, values and their faults."""

from typing import Any

import pytest

from auth.permissions import Permission
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.permissions import check_permissions
from gateway.settings.settings import from_mapping
from tests.gateway.settings.conftest import FaultsOf


def test_what_is_left_out_is_not_allowed() -> None:
    settings = from_mapping({})
    assert settings.permissions == ()
    assert settings.enter_credentials.enabled is False


def test_grants_stand_in_the_order_of_the_file() -> None:
    settings = from_mapping(
        {
            "enterCredentials": {"enabled": "on"},
            "permissions": [
                {"group": "*", "allow": ["READ"]},
                {
                    "group": "mlops",
                    "allow": ["READ", "APPROVE", "READ"],
                    "over": ["risk"],
                    "instanceTypes": ["ml.m5.large", "ml.m5.xlarge"],
                    "maxInstances": "2",
                },
                {"group": "risk", "allow": []},
            ],
        }
    )
    assert settings.enter_credentials.enabled is True
    everyone, mlops, risk = settings.permissions
    assert [grant.group for grant in settings.permissions] == ["*", "mlops", "risk"]
    assert [grant.allow for grant in (everyone, risk)] == [(Permission.READ,), ()]
    assert mlops.allow == (Permission.READ, Permission.APPROVE, Permission.READ)
    assert (mlops.over, mlops.instance_types, mlops.max_instances) == (("risk",), ("ml.m5.large", "ml.m5.xlarge"), 2)
    assert (risk.over, risk.instance_types, risk.max_instances) == ((), None, None)


def test_every_permission_can_be_written() -> None:
    names = [permission.value for permission in Permission]
    assert from_mapping({"permissions": [{"group": "a", "allow": names}]}).permissions[0].allow == tuple(Permission)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"allow": ["READ", "FLY"]}, "allow[1]"),
        ({"allow": ["read"]}, "allow[0]"),
        ({"allow": "READ"}, "allow"),
        ({"over": ["*"]}, "over[0]"),
        ({"over": ["nobody"]}, "over[0]"),
        ({"instanceTypes": None}, "instanceTypes"),
        ({"instanceTypes": ["m5.large"]}, "instanceTypes[0]"),
        ({"maxInstances": None}, "maxInstances"),
        ({"maxInstances": "0"}, "maxInstances"),
    ],
)
def test_what_is_wrong_is_named(faults_of: FaultsOf, change: dict[str, Any], key: str) -> None:
    result = faults_of({"permissions": [{"group": "a", "allow": ["READ"], **change}]})
    assert list(result) == [f"permissions[0].{key}"]


NOBODY = "no entry of the settings has this group; give it the name of one that has"


def faults(permissions: Any, credentials: Any = None) -> dict[str, str]:
    written = RawNode({"permissions": permissions, "sagemaker-credentials": credentials})
    return {fault.key: fault.message for fault in check_permissions(written)}


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


SEPARATOR = "holds identity.groupsSeparator, which splits the name; change one of the two"


@pytest.mark.parametrize(
    ("identity", "group", "is_fault"),
    [
        ({}, "a,b", True),
        ({}, "a;b", False),
        ({"groupsSeparator": ";"}, "a;b", True),
        ({"groupsSeparator": ";"}, "a,b", False),
        ({"groupsSeparator": " | "}, "a | b", True),
        ({"groupsSeparator": UNKNOWN}, "a,b", False),
        ({"mode": "jwt"}, "a,b", False),
    ],
)
def test_a_group_that_would_arrive_as_two(identity: Any, group: str, is_fault: bool) -> None:
    credentials = {
        "storedCredentials": [{"group": group}],
        "assumeRoleByGroup": [{"group": group}],
        "eksServiceAccountCredentials": [{"groups": ["*", group]}],
    }
    places = ["storedCredentials[0].group", "assumeRoleByGroup[0].group", "eksServiceAccountCredentials[0].groups[1]"]
    written = {"identity": identity, "permissions": [{"group": group}], "sagemaker-credentials": credentials}
    result = {fault.key: fault.message for fault in check_permissions(RawNode(written))}
    keys = ["permissions[0].group", *(f"sagemaker-credentials.{place}" for place in places)]
    assert result == (dict.fromkeys(keys, SEPARATOR) if is_fault else {})
