"""Run a mutation to completion with one audit event of any outcome."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

from auth.errors import AuthError, ForbiddenError, no_caller_error
from auth.ownership import acting_groups
from aws.client.errors import AccessDeniedError, AWSError
from registry import audit, audit_intents
from registry.audit_intents import AuditIntent
from registry.enums import AuditOutcome
from registry.errors import RegistryError
from registry.ids import new_key
from resolvers.errors import BadInputError, UserError, user_errors_of
from resolvers.mutations.context import MutationContext


class HasUserErrors(Protocol):
    """The result of a mutation."""

    @property
    def user_errors(self) -> tuple[UserError, ...]:
        """The faults of the input; empty if the change was made."""


_log = logging.getLogger("sagegraph.audit")
RETRY_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between the tries to keep an event while the registry is away; a process that ends waits for them."""
PayloadT = TypeVar("PayloadT", bound=HasUserErrors)
# Errors whose messages are written for clients, and hold no secret.
_CLIENT_SAFE_ERRORS: Final = (AuthError, AWSError, BadInputError, RegistryError)
# An event is kept for good; the faults of an input can be as long as the input.
_MAX_DETAIL_LENGTH: Final = 4_000
_MASKED_DETAIL: Final = "The gateway failed; its log has the details under the request id."
MutationBody = Callable[[MutationContext, Any], Awaitable[PayloadT]]


async def run_audited(
    context: MutationContext, body: MutationBody[PayloadT], input: Any, payload: Callable[..., PayloadT]
) -> PayloadT:
    """Run a mutation and audit its outcome; it continues after its caller has disconnected.

    Args:
        context: The mutation's context.
        body: Makes the change; called with the context and the input.
        input: The input.
        payload: Makes a payload that holds nothing but `user_errors`.

    Returns:
        The payload of `body`, or one with the faults of the input.

    Raises:
        auth.errors.UnauthenticatedError: Nobody is asking; nothing is read or written, not even an audit event.
        auth.errors.ForbiddenError: No group that this request may act for has the permission.
        registry.errors.RegistryUnavailableError: It could not be audited, so nothing is done.
        DeadlineError: The request's time is up.
        Exception: Any other failure than a fault of the input.
    """
    _require_caller(context)
    return await context.request.run_to_completion(_begin(context, body, input, payload))


def _require_caller(context: MutationContext) -> None:
    """Refuse anonymous requests, without an event; the refusal of a caller is audited further on."""
    if context.request.caller is None:
        raise no_caller_error()


async def _begin(
    context: MutationContext, body: MutationBody[PayloadT], input: Any, payload: Callable[..., PayloadT]
) -> PayloadT:
    """Run the mutation if its begin can be kept and the request has time left after waiting for the database."""
    _refuse_again_without_event(context)
    intent = _intent(context)
    async with context.request.services.database.writing() as connection:
        await audit_intents.begin(connection, intent)
        context.request.require_time()
    return await _run_and_audit(context, intent.key, body, input, payload)


def _refuse_again_without_event(context: MutationContext) -> None:
    """Refuse a mutation without an event if one of the same request has been refused before.

    Somebody without any permission would fill the audit with a request of many mutations.
    """
    try:
        _require_permission(context)
    except ForbiddenError:
        if context.request.refusal_audited:
            raise
        context.request.refusal_audited = True


def _intent(context: MutationContext) -> AuditIntent:
    """Build the trace that a change leaves if the process dies before its event is kept; see `abandoned.py`."""
    return AuditIntent(
        key=new_key(),
        at=datetime.now(UTC),
        actor=context.subject,
        group=_acting_group(context),
        action=context.action,
        request_id=context.request.request_id,
        lease=context.request.services.engine.lease,
    )


def _acting_group(context: MutationContext) -> str | None:
    """The first group that the caller acts for; None also if the request names a group that is not theirs."""
    try:
        return next(iter(acting_groups(context.request.policy, context.request.caller)), None)
    except ForbiddenError:
        return None


async def _run_and_audit(
    context: MutationContext,
    intent_key: str,
    body: MutationBody[PayloadT],
    input: Any,
    payload: Callable[..., PayloadT],
) -> PayloadT:
    written = context.request.call_stats.write_request_ids
    before = len(written)
    outcome: AuditOutcome = AuditOutcome.FAILED
    detail: str | None = _MASKED_DETAIL
    try:
        _require_permission(context)
        result = await body(context, input)
        outcome, detail = _outcome_of(context, result)
    except (ForbiddenError, AccessDeniedError) as error:
        outcome, detail = AuditOutcome.REFUSED, str(error)
        raise
    except Exception as error:
        if (errors := user_errors_of(error)) is None:
            detail = str(error) if isinstance(error, _CLIENT_SAFE_ERRORS) else _MASKED_DETAIL
            raise
        result = payload(user_errors=errors)
        outcome, detail = _outcome_of(context, result)
    finally:
        await _append_event(context, intent_key, _event(context, outcome, detail, tuple(written[before:])))
    return result


async def _append_event(context: MutationContext, intent_key: str, event: audit.NewAuditEvent) -> None:
    """Keep the event. If that fails, the mutation stands, the log has the event whole, and it is tried again.

    Nobody waits for the later tries but the process, when it ends.
    """
    try:
        async with context.request.services.database.writing() as connection:
            await audit.append(connection, event)
            await audit_intents.end(connection, intent_key)
    except RegistryError:
        _log.exception("This event could not be audited yet: %s", event)
        context.request.continue_in_background(_append_later(context, intent_key, event))


async def _append_later(context: MutationContext, intent_key: str, event: audit.NewAuditEvent) -> None:
    """Keep the event once the registry is back, unless the first try has, whose answer may have been lost."""
    for pause in RETRY_PAUSES:
        await asyncio.sleep(pause)
        try:
            async with context.request.services.database.writing() as connection:
                if await audit_intents.end(connection, intent_key):
                    await audit.append(connection, event)
        except RegistryError as error:
            _log.warning("The event of request %s could not be audited yet: %s", event.request_id, error)
        else:
            return
    _log.error("This event could not be audited: %s", event)


def _event(
    context: MutationContext, outcome: AuditOutcome, detail: str | None, aws_request_ids: tuple[str, ...]
) -> audit.NewAuditEvent:
    return audit.NewAuditEvent(
        at=datetime.now(UTC),
        actor=context.subject,
        # A fault that shows before the group is known concerns the auditors of the group that the caller acts for.
        group=_acting_group(context) if context.group is None else context.group,
        role_arn=context.role_arn,
        action=context.action,
        target=context.target,
        outcome=outcome,
        detail=detail
        if detail is None or len(detail) <= _MAX_DETAIL_LENGTH
        else f"{detail[: _MAX_DETAIL_LENGTH - 1]}…",
        request_id=context.request.request_id,
        aws_request_ids=aws_request_ids,
    )


def _require_permission(context: MutationContext) -> None:
    """Refuse a caller none of whose groups has the permission, before anything is looked up."""
    policy, caller = context.request.policy, context.request.caller
    groups = acting_groups(policy, caller)
    if not any(context.permission in policy.permissions(caller, group) for group in groups):
        context.group = groups[0] if groups else None
        raise ForbiddenError(
            f"{context.action} needs the permission {context.permission.value}, which none of your groups "
            "has; an administrator grants it under `permissions`."
        )


def _outcome_of(context: MutationContext, result: HasUserErrors) -> tuple[AuditOutcome, str | None]:
    if not result.user_errors:
        return (
            (AuditOutcome.SUCCEEDED, context.success_note)
            if context.failure_reason is None
            else (AuditOutcome.FAILED, context.failure_reason)
        )
    message = " ".join(error.message for error in result.user_errors)
    return (AuditOutcome.REFUSED if context.hidden_refusal else AuditOutcome.FAILED), message
