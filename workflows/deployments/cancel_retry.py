"""Cancel a deployment, or begin its next attempt."""

from datetime import UTC, datetime

from registry import deployments
from registry.deployment_rows import ENDED_STATES, DeploymentRow
from registry.enums import DeploymentState
from workflows.deployments.advance import schedule_next_or_log
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.transitions import AuditEntry, end_and_clean_up

RETRYABLE_STATES = frozenset({DeploymentState.BLOCKED, DeploymentState.FAILED})
"""The states from which a deployment can begin again."""


async def cancel(deps: DeploymentDeps, row: DeploymentRow, by: str, comment: str | None) -> bool:
    """Stop a deployment; False if it has ended, or its state has changed since `row` was read.

    Its jobs and endpoint in AWS are cleaned up afterwards.

    Args:
        deps: Dependencies of deployments.
        row: The deployment, as it was read.
        by: The caller who cancels it.
        comment: The caller's words; None for none.

    Raises:
        RegistryError
    """
    if row.state in ENDED_STATES:
        return False
    reason = f"{by} cancelled it" + (f": {comment}" if comment else ".")
    entry = AuditEntry(action="deployment.cancel", actor=by)
    moved = await end_and_clean_up(deps, row, DeploymentState.CANCELLED, entry, reason)
    if moved:
        await schedule_next_or_log(deps, row.key)
    return moved


async def retry(deps: DeploymentDeps, row: DeploymentRow) -> bool:
    """Begin a deployment's next attempt; False if its state has changed since `row` was read.

    Raises:
        RegistryConflictError: Another deployment of the snapshot is under way.
        RegistryError: The database does not answer.
    """
    async with deps.database.writing() as connection:
        begun_again = await deployments.begin_next_attempt(connection, row, datetime.now(UTC))
    if begun_again:
        await schedule_next_or_log(deps, row.key)
    return begun_again
