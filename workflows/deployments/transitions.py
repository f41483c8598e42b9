"""State transitions of deployments, in one transaction with steps, tickets, audit and queued cleanup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry import audit, awaited_packages, cleanup_queue, deployment_steps, deployments, tickets
from registry.audit import NewAuditEvent
from registry.database import Connection, Database
from registry.deployment_rows import ENDED_STATES, DeploymentRow
from registry.enums import (
    AuditOutcome,
    BlockCause,
    DeploymentState,
    DeploymentStepName,
    ElementKind,
    StepState,
    TicketKind,
)
from workflows.approvals import backend
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.resource_names import runtime_name

_AUDIT_OUTCOMES: Final = {
    DeploymentState.FAILED: AuditOutcome.FAILED,
    DeploymentState.BLOCKED: AuditOutcome.REFUSED,
    DeploymentState.SKIPPED: AuditOutcome.REFUSED,
}
# The state of a running step once the deployment comes into such a state.
_STEP_STATES_AT_END: Final = {
    DeploymentState.FAILED: StepState.FAILED,
    DeploymentState.BLOCKED: StepState.FAILED,
    DeploymentState.REJECTED: StepState.FAILED,
    DeploymentState.CANCELLED: StepState.SKIPPED,
    DeploymentState.SKIPPED: StepState.SKIPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """The audit's record of a transition.

    Attributes:
        action: Such as `deployment.launch`.
        actor: The person on whose behalf it is made.
        role_arn: The AWS role that was used; None if AWS was not asked.
        detail: Further facts; the reason of the transition comes first.
        aws_request_ids: AWS's ids of the calls that changed something.
    """

    action: str
    actor: str
    role_arn: str | None = None
    detail: str | None = None
    aws_request_ids: tuple[str, ...] = ()


async def transition(
    database: Database,
    seen: DeploymentRow,
    to: DeploymentState,
    entry: AuditEntry,
    reason: str | None = None,
    blocked_by: BlockCause | None = None,
) -> bool:
    """Bring a deployment from the state that it was seen in to another; False, and nothing done, if it is elsewhere by
    now.

    Args:
        database: The registry.
        seen: The deployment, as it was seen.
        to: The new state.
        entry: The audit's record.
        reason: The reason why it ends or is held up, for people.
        blocked_by: The cause that holds it up, if it is BLOCKED then.
    """
    async with database.writing() as connection:
        return await transition_in(connection, seen, to, entry, reason, blocked_by)


async def transition_in(
    connection: Connection,
    seen: DeploymentRow,
    to: DeploymentState,
    entry: AuditEntry,
    reason: str | None = None,
    blocked_by: BlockCause | None = None,
) -> bool:
    """Make the transition of a deployment as it was seen, in a transaction that is open; see `transition`."""
    at = datetime.now(UTC)
    moved = await deployments.transition(connection, seen, to, at, reason, blocked_by)
    if moved:
        await update_steps_and_tickets(connection, seen, to, at, reason)
        await record_audit(connection, seen, entry, _AUDIT_OUTCOMES.get(to, AuditOutcome.SUCCEEDED), at, reason)
    return moved


async def update_steps_and_tickets(
    connection: Connection, seen: DeploymentRow, to: DeploymentState, at: datetime, reason: str | None
) -> None:
    """Write the steps and tickets that follow from the transition of a deployment as it was seen.

    Args:
        connection: The transaction of the transition.
        seen: The deployment before it.
        to: The new state.
        at: The moment of the transition.
        reason: The reason why it ends or is held up.
    """
    broken_off = _STEP_STATES_AT_END.get(to)
    if broken_off is not None:
        await deployment_steps.end_running(connection, seen, broken_off, at, reason)
    else:
        await deployment_steps.end_running(connection, seen, StepState.DONE, at, None)
    if seen.state is DeploymentState.AWAITING_APPROVAL:
        await tickets.close(connection, seen.key, seen.attempt, TicketKind.APPROVAL, _ticket_status(to), at)
    if to is DeploymentState.AWAITING_APPROVAL:
        await deployment_steps.begin(connection, seen, DeploymentStepName.APPROVE, at)
        await tickets.create(connection, seen.key, seen.attempt, TicketKind.APPROVAL, at)
    if to is DeploymentState.FAILED:
        await deployment_steps.begin(connection, seen, DeploymentStepName.NOTIFY, at)
        await tickets.create(connection, seen.key, seen.attempt, TicketKind.NOTIFICATION, at)


async def record_audit(
    connection: Connection,
    row: DeploymentRow,
    entry: AuditEntry,
    outcome: AuditOutcome,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Append an audit event for the deployment of a row.

    Args:
        connection: The transaction.
        row: The deployment.
        entry: The action and the person on whose behalf it was done.
        outcome: The action's outcome.
        at: The moment of the action.
        reason: The detail of the event; None for that of the entry.
    """
    event = NewAuditEvent(
        at=at,
        actor=entry.actor,
        group=row.group,
        role_arn=entry.role_arn,
        action=entry.action,
        target=f"Deployment {row.id}",
        outcome=outcome,
        detail=reason or entry.detail,
        aws_request_ids=entry.aws_request_ids,
    )
    await audit.append(connection, event)


async def queue_cleanup(connection: Connection, row: DeploymentRow, kind: ElementKind, *names: str) -> None:
    """Queue AWS resources, by their names, that a row's deployment has started, or may have, and no longer wants."""
    for name in names:
        await cleanup_queue.enqueue(connection, row.key, kind, name, datetime.now(UTC))


def _ticket_status(to: DeploymentState) -> str:
    if to is DeploymentState.LAUNCHING:
        return backend.STATUS_APPROVED
    return backend.STATUS_REJECTED if to is DeploymentState.REJECTED else backend.STATUS_CLOSED


async def fail_attempt(deps: DeploymentDeps, key: str, attempt: int, kind: str, message: str) -> None:
    """End a deployment as FAILED, or BLOCKED if AWS refused its verification; an ended one stays as it is.

    Args:
        deps: Dependencies of deployments.
        key: The deployment's key.
        attempt: Its attempt.
        kind: The word for the failure.
        message: The failure, for people.
    """
    async with deps.database.reading() as connection:
        row = await deployments.by_key(connection, key)
    if row is None or row.attempt != attempt or row.state in ENDED_STATES:
        return
    refused = kind == "REFUSED" and row.state is DeploymentState.VERIFYING
    to = DeploymentState.BLOCKED if refused else DeploymentState.FAILED
    entry = AuditEntry(action=f"deployment.{row.state.value.lower()}", actor=row.started_by)
    await end_and_clean_up(deps, row, to, entry, message, BlockCause.REFUSED if refused else None)


async def end_and_clean_up(
    deps: DeploymentDeps,
    row: DeploymentRow,
    to: DeploymentState,
    entry: AuditEntry,
    reason: str,
    blocked_by: BlockCause | None = None,
    awaited: Sequence[str] = (),
) -> bool:
    """End or hold up a deployment, and queue the cleanup of AWS resources that its attempt may have created.

    Args:
        deps: Dependencies of deployments.
        row: The deployment, as it was seen.
        to: The new state.
        entry: The audit's record.
        reason: The reason, for people.
        blocked_by: The cause that holds it up, if it is BLOCKED then.
        awaited: The ARNs of versions whose approval lets it begin again.

    Returns:
        False, and nothing done, if the deployment is elsewhere by now.
    """
    async with deps.database.writing() as connection:
        left = await resources_of_attempt(connection, row)
        moved = await transition_in(connection, row, to, entry, reason, blocked_by)
        if moved:
            await awaited_packages.replace(connection, row, awaited)
            for element, names in left:
                await queue_cleanup(connection, row, element, *names)
    return moved


async def resources_of_attempt(
    connection: Connection, row: DeploymentRow
) -> Sequence[tuple[ElementKind, Sequence[str]]]:
    """The resources that the attempt of a row may have begun in AWS: the jobs of a rehearsal, a new endpoint."""
    if row.state is DeploymentState.REHEARSING:
        return [(ElementKind.TRANSFORM_JOB, list((await deployment_steps.rehearsal_jobs(connection, row)).values()))]
    if row.state is DeploymentState.LAUNCHING and row.runtime_before is None:
        return [(ElementKind.RUNTIME, [runtime_name(row)])]
    return []
