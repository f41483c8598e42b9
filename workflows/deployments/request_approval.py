"""Request approval of a verified and rehearsed snapshot, or complete a rehearsal-only deployment."""

from datetime import UTC, datetime

from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from registry import deployment_steps, deployments
from registry.database import Connection
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName, StepState
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.transitions import AuditEntry, transition_in
from workflows.group_access import describe_one


async def request_approval_or_complete(
    deps: DeploymentDeps, reader: Reader, row: DeploymentRow, entry: AuditEntry, skipped_because: str | None = None
) -> None:
    """Asks for a decision, or completes a deployment that is to be no more than a rehearsal.

    Args:
        deps: What it is done with.
        reader: The group's scope.
        row: The deployment, as it was seen.
        entry: What brought it here.
        skipped_because: Why there was no rehearsal; None where there was one.

    Raises:
        AWSError: The endpoint that was asked for could not be read.
    """
    before = await _current_snapshot(reader, row) if row.launch else None
    to = DeploymentState.AWAITING_APPROVAL if row.launch else DeploymentState.COMPLETED
    async with deps.database.writing() as connection:
        await deployments.record_runtime_snapshot(connection, row, before)
        if await transition_in(connection, row, to, entry):
            await _record_for_approver(connection, row, before, skipped_because)


async def describe_runtime(reader: Reader, name: str) -> Runtime | None:
    """The endpoint of this name as AWS describes it now; None where there is none. Raises AWSError."""
    return await describe_one(reader.fresh(), Kind.RUNTIME, name, Runtime)


async def _record_for_approver(
    connection: Connection, row: DeploymentRow, current_snapshot: str | None, skipped_because: str | None
) -> None:
    """Notes, for whoever decides, what was left out, and the endpoint that was asked for by name."""
    now = datetime.now(UTC)
    if skipped_because is not None:
        rehearse = DeploymentStepName.REHEARSE
        await deployment_steps.end(connection, row, rehearse, StepState.SKIPPED, now, skipped_because)
    if row.launch and (name := row.runtime_wish) is not None:
        told = (
            f"A new endpoint `{name}` would run it."
            if current_snapshot is None
            else f"`{name}`, which runs `{current_snapshot}` now."
        )
        await deployment_steps.begin(connection, row, DeploymentStepName.APPROVE, now, detail=told)


async def _current_snapshot(reader: Reader, row: DeploymentRow) -> str | None:
    """The snapshot that the endpoint runs that was asked for by name."""
    runtime = None if row.runtime_wish is None else await describe_runtime(reader, row.runtime_wish)
    return None if runtime is None or runtime.detail is None else runtime.detail.snapshot_name
