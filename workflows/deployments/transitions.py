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
    """The audit's record of a transition.

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
    database: Database,
    seen: DeploymentRow,
    to: DeploymentState,
    entry: AuditEntry,
    reason: str | None = None,
    blocked_by: BlockCause | None = None,
) -> bool:
    """Bring a deployment from how it was seen into another state; False, and nothing done, if it is elsewhere by now.

    Args:
        database: The registry.
        seen: The deployment, as it was seen.
        to: The state.
        entry: What brings it there, for the audit.
        reason: Why it ends or is held up, for people.
        blocked_by: What holds it up, if it is BLOCKED then.
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
    """Make the transition in a transaction that is open; see `transition`."""
    at = datetime.now(UTC)
    moved = await deployments.transition(connection, seen, to, at, reason, blocked_by)
    if moved:
        await update_steps_and_tickets(connection, seen, to, at, reason)
        await record_audit(connection, seen, entry, _AUDIT_OUTCOMES.get(to, AuditOutcome.SUCCEEDED), at, reason)
    return moved


async def update_steps_and_tickets(
    connection: Connection, seen: DeploymentRow, to: DeploymentState, at: datetime, reason: str | None
) -> None:
    """Write what follows from a transition: steps and tickets."""
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
    """Append an audit event for a deployment."""
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
    """Queue the AWS resources that a deployment has started, or may have, and does not want any more."""
    for name in names:
        await cleanup_queue.enqueue(connection, row.key, kind, name, datetime.now(UTC))


def _ticket_status(to: DeploymentState) -> str:
    if to is DeploymentState.LAUNCHING:
        return backend.STATUS_APPROVED
    return backend.STATUS_REJECTED if to is DeploymentState.REJECTED else backend.STATUS_CLOSED


async def fail_attempt(deps: DeploymentDeps, key: str, attempt: int, kind: str, message: str) -> None:
    """End a deployment as FAILED, or BLOCKED if AWS refused its verification; an ended one stays as it is.

    Args:
        deps: What it is done with.
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

    `awaited` are the ARNs of versions whose approval lets it begin again. False, and nothing done, if the deployment is
    elsewhere by now.
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
    """The resources that the attempt may have begun in AWS: the jobs of a rehearsal, a new endpoint."""
    if row.state is DeploymentState.REHEARSING:
        return [(ElementKind.TRANSFORM_JOB, list((await deployment_steps.rehearsal_jobs(connection, row)).values()))]
    if row.state is DeploymentState.LAUNCHING and row.runtime_before is None:
        return [(ElementKind.RUNTIME, [runtime_name(row)])]
    return []
