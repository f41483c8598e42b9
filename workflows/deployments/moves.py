"""How deployments go from one state to the next: in one transaction with their steps, their tickets and the audit."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry import audit, deployment_steps, deployments, leftovers, tickets
from registry.audit import NewEvent
from registry.courses import Course
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

_AUDITED: Final = {
    DeploymentState.FAILED: AuditOutcome.FAILED,
    DeploymentState.BLOCKED: AuditOutcome.REFUSED,
    DeploymentState.SKIPPED: AuditOutcome.REFUSED,
}
# What becomes of a step that runs when the deployment comes into such a state.
_BROKEN_OFF: Final = {
    DeploymentState.FAILED: StepState.FAILED,
    DeploymentState.BLOCKED: StepState.FAILED,
    DeploymentState.REJECTED: StepState.FAILED,
    DeploymentState.CANCELLED: StepState.SKIPPED,
    DeploymentState.SKIPPED: StepState.SKIPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
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


async def move(database: Database, seen: Course, to: DeploymentState, deed: Deed, reason: str | None = None) -> bool:
    """Brings a deployment from how it was seen into another state; False, and nothing done, where it is elsewhere."""
    async with database.writing() as connection:
        return await move_in(connection, seen, to, deed, reason)


async def move_in(
    connection: Connection, seen: Course, to: DeploymentState, deed: Deed, reason: str | None = None
) -> bool:
    """The same, in a transaction."""
    at = datetime.now(UTC)
    moved = await deployments.move(connection, seen, to, at, reason)
    if moved:
        await attend(connection, seen, to, at, reason)
        await keep(connection, seen, deed, _AUDITED.get(to, AuditOutcome.SUCCEEDED), at, reason)
    return moved


async def attend(connection: Connection, seen: Course, to: DeploymentState, at: datetime, reason: str | None) -> None:
    """What goes with a move that has been made: its steps and tickets."""
    broken_off = _BROKEN_OFF.get(to)
    if broken_off is not None:
        await deployment_steps.end_running(connection, seen, broken_off, at, reason)
    else:
        await deployment_steps.end_running(connection, seen, StepState.DONE, at, None)
    if seen.state is DeploymentState.AWAITING_APPROVAL:
        await tickets.close(connection, seen.key, seen.attempt, TicketKind.APPROVAL, _status(to), at)
    if to is DeploymentState.AWAITING_APPROVAL:
        await deployment_steps.begin(connection, seen, DeploymentStepName.APPROVE, at)
        await tickets.intend(connection, seen.key, seen.attempt, TicketKind.APPROVAL, at)
    if to is DeploymentState.FAILED:
        await deployment_steps.begin(connection, seen, DeploymentStepName.NOTIFY, at)
        await tickets.intend(connection, seen.key, seen.attempt, TicketKind.NOTIFICATION, at)


async def keep(
    connection: Connection, course: Course, deed: Deed, outcome: AuditOutcome, at: datetime, reason: str | None = None
) -> None:
    """Audits what was done for a deployment."""
    event = NewEvent(
        at=at,
        actor=deed.actor,
        group=course.group,
        role_arn=deed.role_arn,
        action=deed.action,
        target=f"Deployment {course.id}",
        outcome=outcome,
        detail=reason or deed.detail,
        aws_request_ids=deed.aws_request_ids,
    )
    await audit.append(connection, event)


async def leave(connection: Connection, course: Course, kind: ElementKind, *names: str) -> None:
    """Notes what the deployment has begun in AWS, or may have, and no longer wants."""
    for name in names:
        await leftovers.put(connection, course.key, kind, name, datetime.now(UTC))


def _status(to: DeploymentState) -> str:
    if to is DeploymentState.LAUNCHING:
        return ticketing.APPROVED
    return ticketing.REJECTED if to is DeploymentState.REJECTED else ticketing.CLOSED
