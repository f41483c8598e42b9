"""Groups whose registry records a request may see."""

from dataclasses import replace

from auth.errors import ForbiddenError
from auth.ownership import acting_groups, permitted_owner_groups
from auth.permissions import Permission
from registry.pages import VisibleGroups
from resolvers.request import Request


def visible_owners(
    request: Request, permission: Permission = Permission.READ, *, acting_only: bool = True
) -> VisibleGroups:
    """The groups whose records may be seen with this permission; None stands for every group.

    Args:
        request: The request of the caller.
        permission: The permission that it takes.
        acting_only: True if a request for an acting group sees that group's records alone. What lies below a node does
            not depend on the acting group, so that a normalised cache never mixes two answers.

    Raises:
        auth.errors.UnauthenticatedError: Nobody is asking.
        auth.errors.ForbiddenError: None of the groups that the request may act for has the permission at all.
    """
    policy, caller = request.policy, request.caller
    if caller is not None and not acting_only:
        caller = replace(caller, requested_group=None)
    if not any(permission in policy.permissions(caller, group) for group in acting_groups(policy, caller)):
        raise ForbiddenError(
            f"This needs the permission {permission.value}, which none of your groups has; an administrator "
            "grants it under `permissions`."
        )
    return permitted_owner_groups(policy, caller, permission)


def is_visible(owner: str | None, visible: VisibleGroups) -> bool:
    """True if the records of the owner, a group, may be seen; those of no group are for callers who see every group."""
    return visible is None or owner in visible
