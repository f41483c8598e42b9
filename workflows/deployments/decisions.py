"""Record decisions about deployments, whether made in the gateway or in another system."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from registry import approval_write_backs, deployments, tickets
from registry.deployment_records import DeploymentDecision
from registry.deployment_rows import DeploymentRow
from registry.enums import AuditOutcome, DecisionOutcome, DeploymentState
from registry.storable_text import replace_unstorable
from workflows.approvals.backend import PendingDecision, usual_reason
from workflows.deployments.advance import schedule_next_or_log
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.four_eyes import originators
from workflows.deployments.package_gate import require_snapshot_approved
from workflows.deployments.snapshot_fingerprint import describe_snapshot, matches_deployment
from workflows.deployments.transitions import AuditEntry, record_audit, transition, update_steps_and_tickets
from workflows.deployments.waiting_reasons import set_waiting_reason


class DecisionResult(Enum):
    """The outcome of a decision."""

    DONE = "DONE"
    """It counts."""
    LATE = "LATE"
    """The deployment does not wait for a decision, or not any more."""
    VOID = "VOID"
    """The snapshot is not the one that it would be for; the deployment has failed."""


SNAPSHOT_CHANGED: Final = (
    "The snapshot `{0}` was deleted, or made anew under its name, after approval was requested. Call retryDeployment "
    "to start again."
)


async def decide(
    deps: DeploymentDeps,
    key: str,
    outcome: DecisionOutcome,
    by: str,
    at: datetime,
    comment: str | None,
    attempt: int | None = None,
) -> DecisionResult:
    """Decide about a deployment that waits for it; of two decisions at once, one counts.

    Args:
        deps: Dependencies of deployments.
        key: The deployment's key.
        outcome: The decision.
        by: The person who decided, and may.
        at: The moment of the decision.
        comment: The words that were said with it.
        attempt: The attempt that was decided about; None for the one that waits.

    Raises:
        UnapprovedPackageError: A version that its models come from is not approved; nothing was decided.
        StepFailedError: The group's role may not see the snapshot.
        AWSError: AWS turned calls away, or did not answer; nothing was decided.
    """
    async with deps.database.reading() as connection:
        row = await deployments.by_key(connection, key)
    if row is None or row.state is not DeploymentState.AWAITING_APPROVAL:
        return DecisionResult.LATE
    if attempt is not None and row.attempt != attempt:
        return DecisionResult.LATE
    decision = DeploymentDecision(outcome, by, at, None if comment is None else replace_unstorable(comment))
    if outcome is DecisionOutcome.REJECTED:
        reason = f"{by} decided against it" + (f": {decision.comment}" if decision.comment else ".")
        return await _record_decision(deps, row, decision, DeploymentState.REJECTED, reason)
    return await _approve(deps, row, decision)


async def _approve(deps: DeploymentDeps, row: DeploymentRow, decision: DeploymentDecision) -> DecisionResult:
    """Record an approval if the snapshot is the one that it is for; else the deployment fails."""
    async with deps.scope(row) as scope:
        snapshot = await describe_snapshot(scope.reader, row.snapshot_name)
        matches = snapshot is not None and matches_deployment(row, snapshot)
        if matches and snapshot is not None and snapshot.detail is not None:
            await require_snapshot_approved(deps, scope.reader, row.account_id, row.region, snapshot.detail.model_names)
    if matches:
        return await _record_decision(deps, row, decision, DeploymentState.LAUNCHING, None)
    entry = AuditEntry(action="deployment.approve", actor=decision.by, role_arn=scope.role)
    reason = SNAPSHOT_CHANGED.format(row.snapshot_name)
    if not await transition(deps.database, row, DeploymentState.FAILED, entry, reason):
        return DecisionResult.LATE
    await schedule_next_or_log(deps, row.key)
    return DecisionResult.VOID


async def _record_decision(
    deps: DeploymentDeps, row: DeploymentRow, decision: DeploymentDecision, to: DeploymentState, reason: str | None
) -> DecisionResult:
    entry = AuditEntry(action="deployment.approve", actor=decision.by, detail=decision.outcome.value)
    now = datetime.now(UTC)
    async with deps.database.writing() as connection:
        taken = await deployments.decide(connection, row, decision, to, now, reason)
        if taken:
            await update_steps_and_tickets(connection, row, to, now, reason)
            await record_audit(connection, row, entry, AuditOutcome.SUCCEEDED, now)
            if deps.config.write_back_approval:
                await approval_write_backs.enqueue(connection, row, decision)
    if not taken:
        return DecisionResult.LATE
    await schedule_next_or_log(deps, row.key)
    return DecisionResult.DONE


class DeploymentDecider:
    """The deployments that wait for decisions made elsewhere, see workflows.approvals.backend.Decider.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def originators(self, pending: PendingDecision) -> Sequence[str]:
        """The people who may not decide about the pending deployment; see workflows.deployments.four_eyes."""
        return await originators(self._deps, pending.deployment)

    async def pending(self) -> Sequence[PendingDecision]:
        """The filed tickets of deployments that wait for them in that very attempt, oldest first."""
        async with self._deps.database.reading() as connection:
            open_tickets = await tickets.open_approvals(connection)
            rows = await deployments.by_keys(connection, [ticket.deployment_key for ticket in open_tickets])
        return [
            PendingDecision(ticket, row)
            for ticket in open_tickets
            if ticket.key is not None
            and (row := rows.get(ticket.deployment_key)) is not None
            and row.state is DeploymentState.AWAITING_APPROVAL
            and row.attempt == ticket.attempt
        ]

    async def decide(
        self, pending: PendingDecision, outcome: DecisionOutcome, by: str, at: datetime, comment: str | None
    ) -> None:
        """Take a decision about the pending ticket's attempt; see `decide`."""
        row = pending.deployment
        await decide(self._deps, row.key, outcome, by, at, comment, row.attempt)

    async def waits_because(self, pending: PendingDecision, reason: str | None) -> None:
        """Show the reason why a pending deployment still waits; None goes back to the usual one."""
        usual = usual_reason(pending.deployment.snapshot_author)
        await set_waiting_reason(self._deps, [pending.deployment], reason or usual)

    async def status_is(self, pending: PendingDecision, status: str) -> None:
        """Keep the status of the pending ticket."""
        if status != pending.ticket.status:
            async with self._deps.database.writing() as connection:
                await tickets.set_status(connection, pending.ticket.number, status)
