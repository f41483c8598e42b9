"""resolvers.viewer: what somebody may see of themselves, from the settings alone."""

from typing import Any

import pytest

from auth.caller import Caller
from auth.credential_entries import AssumedRole, AuthenticationType, CredentialEntries, StoredKeys, WebIdentityRole
from auth.errors import ForbiddenError
from auth.permissions import Permission
from auth.policy import Policy
from aws.client.call_stats import CallStats
from gateway.settings.server import LimitSettings
from resolvers.request import Request, RequestInfo
from resolvers.viewer import CallerProfile, CallerRole, Membership, caller_profile
from tests.grants import Grant
from tests.registry.factories import NOON

HERE = ("eu-west-1",)
ROLE, SHARED = "arn:aws:iam::222222222222:role/risk", "arn:aws:iam::333333333333:role/everyone"
KEYS = StoredKeys(
    key="k", region="us-east-2", regions=("us-east-2",), group="keys", access_key_id="A", secret_access_key="S"
)
ASSUMED = AssumedRole(key="a", region="eu-west-1", regions=HERE, group="risk", role_arn=ROLE)
EVERYONES = WebIdentityRole(
    key="w", region="eu-west-1", regions=HERE, path="p", role_arn=SHARED, token_file="/none", groups=("*",)
)
GRANTS = (
    Grant("*", frozenset({Permission.READ})),
    Grant("risk", frozenset({Permission.APPROVE, Permission.IMPORT, Permission.DEPLOY}), over=("loans", "cards")),
    Grant("keys", frozenset({Permission.AUDIT})),
)


async def seen(caller: Caller | None, *everyones: WebIdentityRole) -> CallerProfile | None:
    """What a caller sees; nothing of AWS can be asked."""
    nothing: Any = None
    policy = Policy(CredentialEntries(assumed=(ASSUMED,), stored=(KEYS,), web_identity=everyones), GRANTS)
    return caller_profile(
        Request(RequestInfo(caller, "id", NOON, CallStats()), policy, LimitSettings(), nothing, nothing)
    )


async def test_nobody_is_nobody() -> None:
    assert await seen(None, EVERYONES) is None


@pytest.mark.parametrize(
    ("asked", "active", "permissions"),
    [
        (None, "risk", [Permission.READ, Permission.IMPORT, Permission.DEPLOY, Permission.APPROVE]),
        ("keys", "keys", [Permission.READ, Permission.AUDIT]),
        # Without a role, and a group of theirs all the same.
        ("plain", "plain", [Permission.READ]),
    ],
)
async def test_each_group_with_a_role_and_the_one_that_acts(
    asked: str | None, active: str, permissions: list[Permission]
) -> None:
    """Permissions are of the acting group alone, in the contract's order; to whom keys belong, only AWS knows."""
    roles = [
        CallerRole("risk", ROLE, "222222222222", "eu-west-1", HERE, AuthenticationType.ASSUME_ROLE, active == "risk"),
        CallerRole("keys", None, None, "us-east-2", ("us-east-2",), AuthenticationType.BASIC, active == "keys"),
    ]
    seen_by_risk = [Permission.READ, Permission.IMPORT, Permission.DEPLOY, Permission.APPROVE]
    assert await seen(Caller("ann", ("plain", "keys", "risk"), asked)) == CallerProfile(
        "ann",
        ("plain", "keys", "risk"),
        active,
        roles,
        permissions,
        [
            Membership("plain", [Permission.READ], [], None),
            Membership("keys", [Permission.READ, Permission.AUDIT], [], roles[1]),
            Membership("risk", seen_by_risk, ["loans", "cards"], roles[0]),
        ],
    )


async def test_whoever_has_no_role_has_everyones() -> None:
    """Also whoever has no group: the role is then shown as that of all."""
    kind = AuthenticationType.ASSUME_ROLE_WITH_WEB_IDENTITY
    for groups, shown in ((("plain", "other"), ["plain", "other"]), ((), ["*"])):
        profile = await seen(Caller("bob", groups), EVERYONES)
        assert profile is not None
        assert (profile.group, profile.permissions) == (groups[0] if groups else None, [Permission.READ])
        expected = [
            CallerRole(group, SHARED, "333333333333", "eu-west-1", HERE, kind, number == 0)
            for number, group in enumerate(shown)
        ]
        assert profile.roles == expected
    assert await seen(Caller("bob", ("plain",))) == CallerProfile(
        "bob", ("plain",), "plain", [], [Permission.READ], [Membership("plain", [Permission.READ], [], None)]
    )


async def test_a_group_of_others_is_no_answer() -> None:
    with pytest.raises(ForbiddenError, match="You are not in the group `audit`"):
        await seen(Caller("ann", ("risk",), "audit"))


async def test_a_group_that_is_called_everyone_is_no_membership() -> None:
    profile = await seen(Caller("eve", ("*", "plain")))
    assert profile is not None
    assert [membership.group for membership in profile.memberships] == ["plain"]
