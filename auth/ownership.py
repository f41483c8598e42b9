"""Who sees and decides for whose registrations and deployments: a group for its own, and for those that it is over."""

from dataclasses import dataclass

from auth.caller import Caller
from auth.errors import UnauthenticatedError
from auth.permissions import Permission
from auth.policy import EVERYONE, Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """That a caller may do something, and through which of their groups; None for a caller without any."""

    group: str | None


def through(policy: Policy, caller: Caller | None, owner: str, permission: Permission) -> Standing | None:
    """Give the standing in which the caller may do this with what the group `owner` has; None where there is none.

    Raises:
        UnauthenticatedError: Nobody is asking.
        ForbiddenError: The request asks to act for a group that the caller is not in.
    """
    for group in standing_groups(policy, caller):
        over = policy.over(caller, group)
        if permission in policy.permissions(caller, group) and (owner in over or EVERYONE in over):
            return Standing(group)
    return None


def owners(policy: Policy, caller: Caller | None, permission: Permission) -> frozenset[str] | None:
    """Give the groups with whose registrations and deployments the caller may do this; None stands for every group.

    Raises:
        UnauthenticatedError: Nobody is asking.
        ForbiddenError: The request asks to act for a group that the caller is not in.
    """
    allowed = [
        policy.over(caller, group)
        for group in standing_groups(policy, caller)
        if permission in policy.permissions(caller, group)
    ]
    every = frozenset(owner for over in allowed for owner in over)
    return None if EVERYONE in every else every


def standing_groups(policy: Policy, caller: Caller | None) -> tuple[str | None, ...]:
    """Give the groups that this request may act for: the one that it asks for, else all of the caller's, acting first.

    An identity that has a group of the name `*` is not everybody: that name is left out.

    Raises:
        UnauthenticatedError: Nobody is asking.
        ForbiddenError: The request asks to act for a group that the caller is not in.
    """
    acting = policy.acting(caller).group
    if caller is None:
        raise UnauthenticatedError("This needs a caller, and the request carries no identity.")
    groups = (acting,) if caller.asked_group is not None else (acting, *caller.groups)
    return tuple(dict.fromkeys(group for group in groups if group != EVERYONE))


def may(policy: Policy, group: str, permission: Permission) -> bool:
    """Whether a group itself may do this: for what the gateway does in its name, without a caller."""
    return permission in policy.permissions(Caller("", (group,)), group)
