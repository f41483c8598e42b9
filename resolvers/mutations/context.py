"""Mutation context: who changes which target, and with which group write access."""

from dataclasses import dataclass

from auth.errors import ForbiddenError, UnauthenticatedError
from auth.ownership import granting_group
from auth.permissions import Permission
from aws.write.writer import Writer
from resolvers.errors import UserErrorCode, UserFaultError, user_fault
from resolvers.request import Request
from resolvers.views.resource_view import LiveView


@dataclass(frozen=True, slots=True)
class GroupWriteAccess:
    """The power to change what one group has in AWS, in one region. Nothing else can write there.

    Attributes:
        view: The group's SageMaker, to read what was there and what has come of it.
        group: The group.
        subject: Who is asking.
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
    """A mutation under way. What it turns out to be about is noted as it becomes known, for the audit.

    Attributes:
        request: The request that it is part of.
        action: The mutation's name in the schema.
        permission: What it takes.
        group: For which group it is done.
        role_arn: As which AWS role.
        target: What it is done to: a kind and a name, or an id.
        hidden_refusal: Whether it was answered as if there were nothing, to somebody who may not know better.
        failure_reason: Why it came to nothing, though nothing is wrong with the input.
        success_note: What the audit is to say of it where it succeeded.
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
            raise UnauthenticatedError("This needs a caller, and the request carries no identity.")
        return self.request.caller.subject

    async def write_access(self, group: str | None, region: str | None) -> GroupWriteAccess:
        """The power to act for a group that the caller is in; left out: the acting group.

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
        """The power to act for the group that owns something, as that group's role, once `owned` has been asked.

        Raises:
            auth.errors.ForbiddenError, auth.errors.UnknownRegionError, auth.errors.CredentialsError
        """
        self.require_permission_for(owner)
        return self._grant(await self.request.view_for(owner, region), owner)

    def require_permission_for(self, owner: str) -> None:
        """Returns only where the caller may do this with what the group has in the registry.

        Raises:
            auth.errors.ForbiddenError
        """
        self.group = owner
        if granting_group(self.request.policy, self.request.caller, owner, self.permission) is None:
            raise ForbiddenError(permission_refusal(owner, self.permission, self._acting()))

    def _acting(self) -> str:
        """The words that tell of the acting group, if the request names one."""
        group = None if self.request.caller is None else self.request.caller.requested_group
        return "" if group is None else f", and the request acts for `{group}` alone"

    def require_visible(self, owner: str, noun: str, *path: str) -> None:
        """Check that the caller may see a group's thing and do this action on it.

        What may not even be seen is answered as what is not there, so that nobody learns of it by asking. What is seen
        by id does not depend on the acting group; what may be done does.

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
    """Build the error of an id that names nothing the caller may see."""
    return user_fault(f"There is no {noun} with this id among those that you may see.", UserErrorCode.NOT_FOUND, *path)


def permission_refusal(owner: str, permission: Permission, narrowing: str = "") -> str:
    """The sentence that refuses to change what a group has; `narrowing` tells what the request leaves out."""
    return (
        f"None of your groups may do this for the group `{owner}`: it needs the permission {permission.value}, of that "
        f"group itself or of one that is `over` it{narrowing}."
    )
