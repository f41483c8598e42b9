"""The caller: groups, roles and permissions, without a call to AWS."""

from collections.abc import Sequence
from dataclasses import dataclass

from auth.credential_entries import AuthenticationType, entry_facts
from auth.permissions import Permission
from resolvers.request import Request


@dataclass(frozen=True, slots=True)
class CallerRole:
    """The role that one of the caller's groups is served with; `active` for the group that this request acts for.

    The account is None for stored keys: only AWS knows to whom keys belong.
    """

    group: str
    role_arn: str | None
    account_id: str | None
    region: str
    authentication_type: AuthenticationType
    active: bool


@dataclass(frozen=True, slots=True)
class CallerProfile:
    """The value of `me`."""

    subject: str
    groups: Sequence[str]
    group: str | None
    roles: Sequence[CallerRole]
    permissions: Sequence[Permission]


def caller_profile(request: Request) -> CallerProfile | None:
    """The caller; None for an anonymous one. Raises ForbiddenError for an acting group that is not the caller's."""
    caller = request.caller
    if caller is None:
        return None
    acting = request.policy.select_acting_role(caller)
    allowed = request.policy.permissions(caller, acting.group)
    roles = [
        CallerRole(selection.group or "*", arn, account, selection.entry.region, kind, selection.group == acting.group)
        for selection in request.policy.available_roles(caller)
        if selection.entry is not None
        for arn, account, kind in [entry_facts(selection.entry)]
    ]
    return CallerProfile(
        caller.subject,
        caller.groups,
        acting.group,
        roles,
        [permission for permission in Permission if permission in allowed],
    )
