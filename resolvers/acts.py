"""One mutation: who does what to what, whether they may, and what the audit keeps of it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

from auth.errors import AuthError, ForbiddenError, UnauthenticatedError
from auth.ownership import standing_groups, through
from auth.permissions import Permission
from aws.errors import AccessDeniedError, AWSError
from aws.writing.writer import Writer
from registry import audit
from registry.errors import RegistryError
from registry.words import AuditOutcome
from resolvers.errors import BadInputError
from resolvers.faults import user_errors_of
from resolvers.request import Request, View
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, fault


class Payload(Protocol):
    """What a mutation answers with."""

    @property
    def user_errors(self) -> tuple[UserError, ...]:
        """What is wrong with the input's content; empty where it was done."""


_log = logging.getLogger("sagegraph.audit")
Answer = TypeVar("Answer", bound=Payload)
# Errors whose messages are made for whoever asks, and hold no secret.
_TOLD: Final = (AuthError, AWSError, BadInputError, RegistryError)
# An event is for people, and kept for good; what an input has wrong can be as long as the input, in every such event.
_LONGEST_DETAIL: Final = 4_000
_UNTOLD: Final = "The gateway failed; its log has the details under the request id."
Body = Callable[["Act", Any], Awaitable[Answer]]


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
    """

    request: Request
    action: str
    permission: Permission
    group: str | None = None
    role_arn: str | None = None
    target: str | None = None
    refused: bool = False
    failure: str | None = None

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


async def perform(act: Act, body: Body[Answer], given: Any, payload: Callable[..., Answer]) -> Answer:
    """What the mutation answers. It is audited whatever comes of it, and goes on when its caller has left.

    Args:
        act: Who does what.
        body: Does it; called with the act and the input.
        given: The input.
        payload: Makes a payload that holds nothing but `user_errors`.

    Raises:
        auth.errors.UnauthenticatedError: Nobody is asking; nothing is read or written, not even an audit event.
        auth.errors.ForbiddenError: No group that this request may act for has the permission.
        registry.errors.RegistryUnavailableError: It could not be audited, so nothing is done.
        DeadlineError: The request's time is up.
        Exception: Whatever else failed beyond the input's content.
    """
    _require_somewhere(act)
    return await act.request.finish(_begun(act, body, given, payload))


def _require_somewhere(act: Act) -> None:
    """Nobody in particular is refused without a trace; a caller's refusal is audited further on."""
    if act.request.caller is None:
        raise UnauthenticatedError("This needs a caller, and the request carries no identity.")


async def _begun(act: Act, body: Body[Answer], given: Any, payload: Callable[..., Answer]) -> Answer:
    """Begins where it can be audited, and is still waited for: a database that is locked is waited for, too."""
    async with act.request.services.database.writing() as connection:
        await audit.probe(connection)
    act.request.require_time()
    # Where the process is killed before the event is kept, this line is what tells that something was begun.
    begun = {"action": act.action, "actor": act.subject, "request_id": act.request.request_id}
    _log.info("A change begins.", extra=begun)
    return await _audited(act, body, given, payload)


async def _audited(act: Act, body: Body[Answer], given: Any, payload: Callable[..., Answer]) -> Answer:
    written = act.request.tally.written
    before = len(written)
    outcome: AuditOutcome = AuditOutcome.FAILED
    detail: str | None = _UNTOLD
    try:
        _require_permission(act)
        answer = await body(act, given)
        outcome, detail = _outcome(act, answer)
    except (ForbiddenError, AccessDeniedError) as error:
        outcome, detail = AuditOutcome.REFUSED, str(error)
        raise
    except Exception as error:
        if (errors := user_errors_of(error)) is None:
            detail = str(error) if isinstance(error, _TOLD) else _UNTOLD
            raise
        answer = payload(user_errors=errors)
        outcome, detail = _outcome(act, answer)
    finally:
        await _keep(act, outcome, detail, tuple(written[before:]))
    return answer


async def _keep(act: Act, outcome: AuditOutcome, detail: str | None, aws_request_ids: tuple[str, ...]) -> None:
    """Keeps the event. What was done stands even where that fails, and then the log has the event, whole."""
    event = audit.NewEvent(
        at=datetime.now(UTC),
        actor=act.subject,
        group=act.group,
        role_arn=act.role_arn,
        action=act.action,
        target=act.target,
        outcome=outcome,
        detail=detail if detail is None or len(detail) <= _LONGEST_DETAIL else f"{detail[: _LONGEST_DETAIL - 1]}…",
        request_id=act.request.request_id,
        aws_request_ids=aws_request_ids,
    )
    try:
        async with act.request.services.database.writing() as connection:
            await audit.append(connection, event)
    except RegistryError:
        _log.exception("This event could not be audited: %s", event)


def _require_permission(act: Act) -> None:
    """Whoever has the permission through none of their groups is refused before anything is looked up."""
    policy, caller = act.request.policy, act.request.caller
    groups = standing_groups(policy, caller)
    if not any(act.permission in policy.permissions(caller, group) for group in groups):
        act.group = groups[0] if groups else None
        raise ForbiddenError(
            f"{act.action} takes the permission {act.permission.value}, which none of your groups has; "
            "`permissions` would grant it."
        )


def _outcome(act: Act, answer: Payload) -> tuple[AuditOutcome, str | None]:
    if not answer.user_errors:
        return (AuditOutcome.SUCCEEDED if act.failure is None else AuditOutcome.FAILED), act.failure
    told = " ".join(error.message for error in answer.user_errors)
    return (AuditOutcome.REFUSED if act.refused else AuditOutcome.FAILED), told
