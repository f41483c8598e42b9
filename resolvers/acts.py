"""One mutation: who does what to what, and whether they may."""

from dataclasses import dataclass

from auth.errors import ForbiddenError, UnauthenticatedError
from auth.ownership import through
from auth.permissions import Permission
from aws.writing.writer import Writer
from resolvers.request import Request, View
from resolvers.user_errors import UserErrorCode, UserFaultError, fault


@dataclass(frozen=True, slots=True)
class Hand:
    """The power to change what one group has in AWS, in one region. Nothing else can write there.

    Attributes:
        view: The group's SageMaker, to read what was there and what has come of it.
        group: The group.
        subject: Who is asking.
    """

    view: View
    group: str
    subject: str

    @property
    def writer(self) -> Writer:
        """What changes it."""
        return self.view.scope.writer


@dataclass(slots=True, eq=False)
class Act:
    """A mutation under way. What it turns out to be about is noted as it becomes known, for the audit.

    Attributes:
        request: The request that it is part of.
        action: The mutation's name in the schema.
        permission: What it takes.
        group: For which group it is done.
        role_arn: As which AWS role.
        target: What it is done to: a kind and a name, or an id.
        refused: Whether it was answered as if there were nothing, to somebody who may not know better.
        failure: Why it came to nothing, though nothing is wrong with the input.
        remark: What the audit is to say of it where it succeeded.
    """

    request: Request
    action: str
    permission: Permission
    group: str | None = None
    role_arn: str | None = None
    target: str | None = None
    refused: bool = False
    failure: str | None = None
    remark: str | None = None

    @property
    def subject(self) -> str:
        """Who is asking. Raises UnauthenticatedError where nobody is."""
        if self.request.caller is None:
            raise UnauthenticatedError("This needs a caller, and the request carries no identity.")
        return self.request.caller.subject

    async def hand(self, group: str | None, region: str | None) -> Hand:
        """The power to act for a group that the caller is in; left out: the acting group.

        Raises:
            auth.errors.ForbiddenError: The caller is not in the group, or the group may not do this or has no role.
            auth.errors.UnknownRegionError, auth.errors.CredentialsError
        """
        policy, caller = self.request.policy, self.request.caller
        seat = policy.seat(caller, group)
        self.group = seat.group
        policy.require(caller, seat.group, self.permission)
        return self._taken(await self.request.view_of_seat(seat, region), seat.group)

    async def hand_for(self, owner: str, region: str) -> Hand:
        """The power to act for the group that owns something, as that group's role, once `owned` has been asked.

        Raises:
            auth.errors.ForbiddenError, auth.errors.UnknownRegionError, auth.errors.CredentialsError
        """
        self.require_for(owner)
        return self._taken(await self.request.view_for(owner, region), owner)

    def require_for(self, owner: str) -> None:
        """Returns only where the caller may do this with what the group has in the registry.

        Raises:
            auth.errors.ForbiddenError
        """
        self.group = owner
        if through(self.request.policy, self.request.caller, owner, self.permission) is None:
            raise ForbiddenError(
                f"None of your groups may do this for the group `{owner}`: it takes the permission "
                f"{self.permission.value}, of that group itself or of one that is `over` it."
            )

    def require_visible(self, owner: str, what: str, *path: str) -> None:
        """Returns only where the caller may see what the group has, and do this with it.

        What may not even be seen is answered as what is not there, so that nobody learns of it by asking.

        Raises:
            UserFaultError: It may not be seen.
            auth.errors.ForbiddenError: It may be seen, but this may not be done with it.
        """
        if through(self.request.policy, self.request.caller, owner, Permission.READ) is None:
            self.refused = True
            raise absent(what, *path)
        self.require_for(owner)

    def _taken(self, view: View, group: str | None) -> Hand:
        if group is None:
            raise ForbiddenError("Without a group nothing can be changed; be in one that the settings have.")
        self.role_arn = view.scope.role
        return Hand(view, group, self.subject)


def absent(what: str, *path: str) -> UserFaultError:
    """That there is nothing with the id that a field gives."""
    return fault(f"There is no {what} with this id among those that you may see.", UserErrorCode.NOT_FOUND, *path)
