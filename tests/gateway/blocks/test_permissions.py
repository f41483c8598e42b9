"""gateway.blocks.permissions: what each group may do."""

from typing import Any

import pytest

from auth.permissions import Grant, Permission
from gateway.settings import from_mapping
from tests.gateway.blocks.conftest import FaultsOf


def test_what_is_left_out_is_not_allowed() -> None:
    settings = from_mapping({})
    assert settings.grants() == ()
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
    assert settings.grants() == (
        Grant("*", frozenset({Permission.READ})),
        Grant(
            "mlops",
            frozenset({Permission.READ, Permission.APPROVE}),
            over=("risk",),
            instance_types=frozenset({"ml.m5.large", "ml.m5.xlarge"}),
            max_instances=2,
        ),
        Grant("risk", frozenset()),
    )


def test_every_permission_can_be_written() -> None:
    names = [permission.value for permission in Permission]
    assert from_mapping({"permissions": [{"group": "a", "allow": names}]}).grants()[0].allow == frozenset(Permission)


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
    found = faults_of({"permissions": [{"group": "a", "allow": ["READ"], **change}]})
    assert list(found) == [f"permissions[0].{key}"]
