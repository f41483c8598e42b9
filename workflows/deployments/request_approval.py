"""Request approval of a verified and rehearsed snapshot, or complete a rehearsal-only deployment."""

from dataclasses import replace
from datetime import UTC, datetime

from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from registry import deployment_steps, deployments
from registry.database import Connection
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName, StepState
from workflows.approvals.backend import usual_reason
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.rollout_plans import plan_text, rollout_from_document
from workflows.deployments.snapshot_fingerprint import describe_snapshot
from workflows.deployments.transitions import AuditEntry, transition_in
from workflows.deployments.variant_changes import describe_changes
from workflows.group_access import describe_one


async def request_approval_or_complete(
    deps: DeploymentDeps, reader: Reader, row: DeploymentRow, entry: AuditEntry, skipped_because: str | None = None
) -> None:
    """Ask for a decision, or complete a deployment that is to be no more than a rehearsal.

    Args:
        deps: Dependencies of deployments.
        reader: The reader of the group's scope.
        row: The deployment, as it was seen.
        entry: The audit's record of the transition.
        skipped_because: The reason why there was no rehearsal; None if there was one.

    Raises:
        AWSError: The endpoint that was asked for could not be read.
    """
    runtime = await _requested_runtime(reader, row) if row.launch else None
    before = None if runtime is None or runtime.detail is None else runtime.detail.snapshot_name
    changes = None if runtime is None else await _variant_changes(reader, row, runtime)
    to = DeploymentState.AWAITING_APPROVAL if row.launch else DeploymentState.COMPLETED
    async with deps.database.writing() as connection:
        await deployments.record_runtime_snapshot(connection, row, before)
        reason = usual_reason(await _author(connection, row)) if row.launch else None
        if await transition_in(connection, row, to, entry):
            await deployments.set_reason(connection, replace(row, state=to), reason)
            endpoint = _endpoint_text(row, before, changes)
            await _record_for_approver(connection, row, endpoint, skipped_because)


async def _author(connection: Connection, row: DeploymentRow) -> str | None:
    """The snapshot's author as the present attempt has noted it."""
    current = await deployments.by_key(connection, row.key)
    return None if current is None else current.snapshot_author


async def describe_runtime(reader: Reader, name: str) -> Runtime | None:
    """The endpoint of this name as AWS describes it now; None if there is none. Raises AWSError."""
    return await describe_one(reader.fresh(), Kind.RUNTIME, name, Runtime)


async def _record_for_approver(
    connection: Connection, row: DeploymentRow, endpoint: str | None, skipped_because: str | None
) -> None:
    """Keep a skipped rehearsal and the requested endpoint in the steps, for the approver to read."""
    now = datetime.now(UTC)
    if skipped_because is not None:
        rehearse = DeploymentStepName.REHEARSE
        await deployment_steps.end(connection, row, rehearse, StepState.SKIPPED, now, skipped_because)
    if endpoint is not None:
        await deployment_steps.begin(connection, row, DeploymentStepName.APPROVE, now, detail=endpoint)


def _endpoint_text(row: DeploymentRow, current_snapshot: str | None, changes: str | None) -> str | None:
    """The endpoint that was requested by name, and the change to it, in words; None if none was."""
    if not row.launch or row.runtime_wish is None:
        return None
    rollout = rollout_from_document(row.rollout)
    if current_snapshot is None:
        text = f"A new endpoint `{row.runtime_wish}` would run it"
        return f"{text}." if rollout is None else f"{text}, at once: there is nothing to roll it out over."
    plan = None if rollout is None else plan_text(rollout)
    return " ".join(filter(None, [f"`{row.runtime_wish}`, which runs `{current_snapshot}` now.", changes, plan]))


async def _variant_changes(reader: Reader, row: DeploymentRow, runtime: Runtime) -> str | None:
    snapshot = await describe_snapshot(reader, row.snapshot_name)
    if snapshot is None:
        return None
    return describe_changes(runtime, snapshot, retain=row.retain_variant_properties)


async def _requested_runtime(reader: Reader, row: DeploymentRow) -> Runtime | None:
    """The endpoint that was asked for by name; None if it does not exist."""
    return None if row.runtime_wish is None else await describe_runtime(reader, row.runtime_wish)
