"""Mutation context: who changes which target, and with which group write access."""

from dataclasses import dataclass

from auth.errors import ForbiddenError, no_caller_error
from auth.ownership import granting_group
from auth.permissions import Permission
from aws.write.writer import Writer
from resolvers.errors import UserErrorCode, UserFaultError, user_fault
from resolvers.request import Request
from resolvers.views.resource_view import LiveView


@dataclass(frozen=True, slots=True)
class GroupWriteAccess:
    """The power to change the resources of one group in AWS, in one region. Nothing else can write there.

    Attributes:
        view: The group's SageMaker, to read the resource before and after the change.
        group: The group.
        subject: The caller.
    """

    view: LiveView
    group: str
    subject: str

    @property
    def writer(self) -> Writer:
        """The writer of the scope."""
        return self.view.scope.writer


@dataclass(slots=True, eq=False)
class MutationContext:
    """A mutation under way. Its group, role and target are noted as they become known, for the audit.

    Attributes:
        request: The request that it is part of.
        action: The mutation's name in the schema.
        permission: The permission that it takes.
        group: The group that it is made for.
        role_arn: The AWS role that it is made as.
        target: The resource or record that it changes: a kind and a name, or an id.
        hidden_refusal: True if it was answered "not found" because the caller may not see the target.
        failure_reason: The reason why it came to nothing, though nothing is wrong with the input.
        success_note: The detail of its event if it succeeds.
    """

    request: Request
    action: str
    permission: Permission
    group: str | None = None
    role_arn: str | None = None
    target: str | None = None
    hidden_refusal: bool = False
    failure_reason: str | None = None
    success_note: str | None = None

    @property
    def subject(self) -> str:
        """The caller's name. Raises UnauthenticatedError for an anonymous caller."""
        if self.request.caller is None:
            raise no_caller_error()
        return self.request.caller.subject

    async def write_access(self, group: str | None, region: str | None) -> GroupWriteAccess:
        """The power to act for a group that the caller is in, in a region.

        Args:
            group: The group; None for the acting one.
            region: The region; None for the first of the group's role.

        Raises:
            auth.errors.ForbiddenError: The caller is not in the group, or the group may not do this or has no role.
            auth.errors.UnknownRegionError, auth.errors.CredentialsError
        """
        policy, caller = self.request.policy, self.request.caller
        selection = policy.select_role_for(caller, group)
        self.group = selection.group
        policy.require(caller, selection.group, self.permission)
        return self._grant(await self.request.view_for_role(selection, region), selection.group)

    async def write_access_for_owner(self, owner: str, region: str) -> GroupWriteAccess:
        """The power to act for the owner of a record, as that group's role, if the caller has the permission for it.

        Raises:
            auth.errors.ForbiddenError, auth.errors.UnknownRegionError, auth.errors.CredentialsError
        """
        self.require_permission_for(owner)
        return self._grant(await self.request.view_for(owner, region), owner)

    def require_permission_for(self, owner: str) -> None:
        """Check that the caller has the mutation's permission for the records of a group, the owner.

        Raises:
            auth.errors.ForbiddenError
        """
        self.group = owner
        if granting_group(self.request.policy, self.request.caller, owner, self.permission) is None:
            raise ForbiddenError(permission_refusal(owner, self.permission, self._acting()))

    def _acting(self) -> str:
        """The words about the acting group, if the request names one."""
        group = None if self.request.caller is None else self.request.caller.requested_group
        return "" if group is None else f", and the request acts for `{group}` alone"

    def require_visible(self, owner: str, noun: str, *path: str) -> None:
        """Check that the caller may see a group's record and do this action on it.

        A record that may not be seen is answered as if there were none, so that nobody learns of it by asking. By id, a
        record is seen with any acting group; an action on it depends on that group.

        Args:
            owner: The group.
            noun: The noun of the record in messages.
            path: The path of the input's field that names it.

        Raises:
            UserFaultError: It may not be seen.
            auth.errors.ForbiddenError: It may be seen, but this may not be done with it.
        """
        if not self.request.may(owner, Permission.READ):
            self.hidden_refusal = True
            raise not_found(noun, *path)
        self.require_permission_for(owner)

    def _grant(self, view: LiveView, group: str | None) -> GroupWriteAccess:
        if group is None:
            raise ForbiddenError("Only members of a group can change anything; join a group that the settings name.")
        self.role_arn = view.scope.role
        return GroupWriteAccess(view, group, self.subject)


def not_found(noun: str, *path: str) -> UserFaultError:
    """Build the error of an id that names no record, called `noun`, that the caller may see."""
    return user_fault(f"There is no {noun} with this id that you may see.", UserErrorCode.NOT_FOUND, *path)


def permission_refusal(owner: str, permission: Permission, narrowing: str = "") -> str:
    """The sentence that refuses to change a record of a group.

    Args:
        owner: The group.
        permission: The permission that is missing.
        narrowing: A further clause, such as that of the acting group.
    """
    return (
        f"This needs the permission {permission.value} for the group `{owner}`. None of your groups has it{narrowing}. "
        "An administrator gives it under `permissions` to that group, or to one that is `over` it."
    )
