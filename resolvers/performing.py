"""How a mutation is carried out: whether or not anybody waits for it, and audited whatever comes of it."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

from auth.errors import AuthError, ForbiddenError, UnauthenticatedError
from auth.ownership import standing_groups
from aws.errors import AccessDeniedError, AWSError
from registry import audit, audit_intents
from registry.audit_intents import Intent
from registry.errors import RegistryError
from registry.ids import new_key
from registry.words import AuditOutcome
from resolvers.acts import Act
from resolvers.errors import BadInputError
from resolvers.faults import user_errors_of
from resolvers.user_errors import UserError


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
Body = Callable[[Act, Any], Awaitable[Answer]]


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
    intent = _intent(act)
    async with act.request.services.database.writing() as connection:
        await audit_intents.begin(connection, intent)
        act.request.require_time()
    return await _audited(act, intent.key, body, given, payload)


def _intent(act: Act) -> Intent:
    """What is left of the change where the process dies before its event is kept; see `forgotten_acts.py`."""
    return Intent(
        key=new_key(),
        at=datetime.now(UTC),
        actor=act.subject,
        group=_acting_group(act),
        action=act.action,
        request_id=act.request.request_id,
        lease=act.request.services.engine.lease,
    )


def _acting_group(act: Act) -> str | None:
    """The first group that the caller acts for; None also for whoever asks to act for another one, which is refused."""
    try:
        return next(iter(standing_groups(act.request.policy, act.request.caller)), None)
    except ForbiddenError:
        return None


async def _audited(act: Act, intent_key: str, body: Body[Answer], given: Any, payload: Callable[..., Answer]) -> Answer:
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
        await _keep(act, intent_key, _event(act, outcome, detail, tuple(written[before:])))
    return answer


async def _keep(act: Act, intent_key: str, event: audit.NewEvent) -> None:
    """Keeps the event. What was done stands even where that fails, and then the log has the event, whole."""
    try:
        async with act.request.services.database.writing() as connection:
            await audit.append(connection, event)
            await audit_intents.end(connection, intent_key)
    except RegistryError:
        _log.exception("This event could not be audited: %s", event)


def _event(act: Act, outcome: AuditOutcome, detail: str | None, aws_request_ids: tuple[str, ...]) -> audit.NewEvent:
    return audit.NewEvent(
        at=datetime.now(UTC),
        actor=act.subject,
        # What is at fault before it is known for whom it is done is for the auditors of the group that asks.
        group=_acting_group(act) if act.group is None else act.group,
        role_arn=act.role_arn,
        action=act.action,
        target=act.target,
        outcome=outcome,
        detail=detail if detail is None or len(detail) <= _LONGEST_DETAIL else f"{detail[: _LONGEST_DETAIL - 1]}…",
        request_id=act.request.request_id,
        aws_request_ids=aws_request_ids,
    )


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
        return (AuditOutcome.SUCCEEDED, act.remark) if act.failure is None else (AuditOutcome.FAILED, act.failure)
    told = " ".join(error.message for error in answer.user_errors)
    return (AuditOutcome.REFUSED if act.refused else AuditOutcome.FAILED), told
