"""The caller: groups, roles and permissions, without a call to AWS."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from auth.caller import Caller
from auth.credential_entries import AuthenticationType, entry_facts
from auth.permissions import EVERYONE, Permission
from auth.policy import Policy
from resolvers.request import Request


@dataclass(frozen=True, slots=True)
class CallerRole:
    """The role that one of the caller's groups is served with.

    Attributes:
        group: The group.
        role_arn: The role's ARN; None for stored keys.
        account_id: The account; None for stored keys, whose account only AWS knows.
        region: The first of its regions.
        regions: Its regions.
        authentication_type: The way in which the gateway gets credentials.
        active: True for the group that this request acts for.
    """

    group: str
    role_arn: str | None
    account_id: str | None
    region: str
    regions: Sequence[str]
    authentication_type: AuthenticationType
    active: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """One of the caller's groups.

    Attributes:
        group: The group.
        permissions: Its permissions, in the contract's order.
        over: The other groups whose registrations and deployments it sees and decides about; `*` for every group.
        role: The role that serves it; None if it has none.
    """

    group: str
    permissions: Sequence[Permission]
    over: Sequence[str]
    role: CallerRole | None


@dataclass(frozen=True, slots=True)
class CallerProfile:
    """The value of `me`.

    Attributes:
        subject: The caller's name, by their identity provider.
        groups: The groups that the caller is in.
        group: The group that the request acts for; None without one.
        roles: The roles of the groups.
        permissions: The permissions of the acting group.
        memberships: The groups with their permissions and roles.
    """

    subject: str
    groups: Sequence[str]
    group: str | None
    roles: Sequence[CallerRole]
    permissions: Sequence[Permission]
    memberships: Sequence[Membership]


def caller_profile(request: Request) -> CallerProfile | None:
    """The caller of the request; None for an anonymous one.

    Raises:
        auth.errors.ForbiddenError: The acting group is not the caller's.
    """
    caller = request.caller
    if caller is None:
        return None
    acting = request.policy.select_acting_role(caller)
    roles = [
        CallerRole(
            selection.group or "*",
            arn,
            account,
            selection.entry.region,
            selection.entry.regions,
            kind,
            selection.group == acting.group,
        )
        for selection in request.policy.available_roles(caller)
        if selection.entry is not None
        for arn, account, kind in [entry_facts(selection.entry)]
    ]
    return CallerProfile(
        caller.subject,
        caller.groups,
        acting.group,
        roles,
        _in_order(request.policy.permissions(caller, acting.group)),
        [_membership(request.policy, caller, group, roles) for group in caller.groups if group != EVERYONE],
    )


def _membership(policy: Policy, caller: Caller, group: str, roles: Sequence[CallerRole]) -> Membership:
    permissions = _in_order(policy.permissions(caller, group))
    over = [other for other in policy.overseen_groups(caller, group) if other != group]
    return Membership(group, permissions, over, next((role for role in roles if role.group == group), None))


def _in_order(allowed: Collection[Permission]) -> Sequence[Permission]:
    return [permission for permission in Permission if permission in allowed]
