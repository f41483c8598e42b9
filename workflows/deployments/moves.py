"""How deployments go from one state to the next: in one transaction with their steps, their tickets and the audit."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry import audit, deployment_steps, deployments, leftovers, tickets
from registry.audit import NewAuditEvent
from registry.courses import DeploymentRow
from registry.database import Connection, Database
from registry.words import (
    AuditOutcome,
    DeploymentState,
    DeploymentStepName,
    ElementKind,
    StepState,
    TicketKind,
)
from workflows.deployments import ticketing

_AUDIT_OUTCOMES: Final = {
    DeploymentState.FAILED: AuditOutcome.FAILED,
    DeploymentState.BLOCKED: AuditOutcome.REFUSED,
    DeploymentState.SKIPPED: AuditOutcome.REFUSED,
}
# What becomes of a step that runs when the deployment comes into such a state.
_STEP_STATES_AT_END: Final = {
    DeploymentState.FAILED: StepState.FAILED,
    DeploymentState.BLOCKED: StepState.FAILED,
    DeploymentState.REJECTED: StepState.FAILED,
    DeploymentState.CANCELLED: StepState.SKIPPED,
    DeploymentState.SKIPPED: StepState.SKIPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What was done for a deployment, as the audit keeps it.

    Attributes:
        action: Such as `deployment.launch`.
        actor: On whose behalf.
        role_arn: As which AWS role; None where AWS was not asked.
        detail: What else there is to say.
        aws_request_ids: AWS's ids of what was changed.
    """

    action: str
    actor: str
    role_arn: str | None = None
    detail: str | None = None
    aws_request_ids: tuple[str, ...] = ()


async def transition(
    database: Database, seen: DeploymentRow, to: DeploymentState, entry: AuditEntry, reason: str | None = None
) -> bool:
    """Brings a deployment from how it was seen into another state; False, and nothing done, where it is elsewhere."""
    async with database.writing() as connection:
        return await transition_in(connection, seen, to, entry, reason)


async def transition_in(
    connection: Connection, seen: DeploymentRow, to: DeploymentState, entry: AuditEntry, reason: str | None = None
) -> bool:
    """The same, in a transaction."""
    at = datetime.now(UTC)
    moved = await deployments.transition(connection, seen, to, at, reason)
    if moved:
        await update_steps_and_tickets(connection, seen, to, at, reason)
        await record_audit(connection, seen, entry, _AUDIT_OUTCOMES.get(to, AuditOutcome.SUCCEEDED), at, reason)
    return moved


async def update_steps_and_tickets(
    connection: Connection, seen: DeploymentRow, to: DeploymentState, at: datetime, reason: str | None
) -> None:
    """What goes with a move that has been made: its steps and tickets."""
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
    course: DeploymentRow,
    entry: AuditEntry,
    outcome: AuditOutcome,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Audits what was done for a deployment."""
    event = NewAuditEvent(
        at=at,
        actor=entry.actor,
        group=course.group,
        role_arn=entry.role_arn,
        action=entry.action,
        target=f"Deployment {course.id}",
        outcome=outcome,
        detail=reason or entry.detail,
        aws_request_ids=entry.aws_request_ids,
    )
    await audit.append(connection, event)


async def queue_cleanup(connection: Connection, course: DeploymentRow, kind: ElementKind, *names: str) -> None:
    """Notes what the deployment has begun in AWS, or may have, and no longer wants."""
    for name in names:
        await leftovers.enqueue(connection, course.key, kind, name, datetime.now(UTC))


def _ticket_status(to: DeploymentState) -> str:
    if to is DeploymentState.LAUNCHING:
        return ticketing.STATUS_APPROVED
    return ticketing.STATUS_REJECTED if to is DeploymentState.REJECTED else ticketing.STATUS_CLOSED
