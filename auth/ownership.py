"""Ownership: a group sees and decides for its own registrations and deployments, and for groups that it is over."""

from dataclasses import dataclass
from functools import partial

from auth.caller import Caller
from auth.errors import no_caller_error
from auth.permissions import EVERYONE, Permission
from auth.policy import Policy


@dataclass(frozen=True, slots=True)
class GrantedVia:
    """The grant behind a permission of a caller.

    Attributes:
        group: The group that has the permission; None for a caller without groups.
    """

    group: str | None


def granting_group(policy: Policy, caller: Caller | None, owner: str, permission: Permission) -> GrantedVia | None:
    """Give the grant by which the caller has a permission for another group's records; None if there is none.

    Args:
        policy: The permissions of groups.
        caller: The caller; None if the request carries no identity.
        owner: The group that owns the registration or deployment.
        permission: The permission that is needed.

    Raises:
        UnauthenticatedError: `caller` is None.
        ForbiddenError: The request asks to act for a group that the caller is not in.
    """
    if caller is None:
        return _granting_group(policy, caller, owner, permission)
    work = partial(_granting_group, policy, caller, owner, permission)
    return policy.answer(caller, ("granting group", owner, permission), work)


def _granting_group(policy: Policy, caller: Caller | None, owner: str, permission: Permission) -> GrantedVia | None:
    for group in acting_groups(policy, caller):
        over = policy.overseen_groups(caller, group)
        if permission in policy.permissions(caller, group) and (owner in over or EVERYONE in over):
            return GrantedVia(group)
    return None


def permitted_owner_groups(policy: Policy, caller: Caller | None, permission: Permission) -> frozenset[str] | None:
    """Give the groups for whose registrations and deployments the caller has `permission`; None stands for all groups.

    Raises:
        UnauthenticatedError: `caller` is None.
        ForbiddenError: The request asks to act for a group that the caller is not in.
    """
    allowed = [
        policy.overseen_groups(caller, group)
        for group in acting_groups(policy, caller)
        if permission in policy.permissions(caller, group)
    ]
    every = frozenset(owner for over in allowed for owner in over)
    return None if EVERYONE in every else every


def acting_groups(policy: Policy, caller: Caller | None) -> tuple[str | None, ...]:
    """Give the groups that this request may act for: the one that it names, else all of the caller's.

    The acting group comes first. A group of an identity that is named `*` is left out, because `*` stands for everyone.

    Raises:
        UnauthenticatedError: `caller` is None.
        ForbiddenError: The request asks to act for a group that the caller is not in.
    """
    acting = policy.select_acting_role(caller).group
    if caller is None:
        raise no_caller_error()
    groups = (acting,) if caller.requested_group is not None else (acting, *caller.groups)
    return tuple(dict.fromkeys(group for group in groups if group != EVERYONE))


def group_has_permission(policy: Policy, group: str, permission: Permission) -> bool:
    """Tell whether a group itself has a permission: for the gateway's work in its name, without a caller."""
    return permission in policy.permissions(Caller("", (group,)), group)
