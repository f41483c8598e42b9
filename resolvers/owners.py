"""Whose records a request may see: those of its groups, and of the groups that they are over."""

from auth.errors import ForbiddenError
from auth.ownership import owners, standing_groups
from auth.permissions import Permission
from registry.pages import Groups
from resolvers.request import Request


def visible_owners(request: Request, permission: Permission = Permission.READ) -> Groups:
    """The groups whose records may be seen with this permission; None stands for every group.

    Raises:
        auth.errors.UnauthenticatedError: Nobody is asking.
        auth.errors.ForbiddenError: None of the groups that the request may act for has the permission at all.
    """
    policy, caller = request.policy, request.caller
    if not any(permission in policy.permissions(caller, group) for group in standing_groups(policy, caller)):
        raise ForbiddenError(
            f"This takes the permission {permission.value}, which none of your groups has; "
            "`permissions` would grant it."
        )
    return owners(policy, caller, permission)


def is_among(owner: str | None, seen: Groups) -> bool:
    """Whether a group's records are among those that may be seen; those of no group are for who sees every group's."""
    return seen is None or owner in seen
