"""Finish a launch: the endpoint is in service, or it has failed."""

import logging
from collections.abc import Sequence

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import RuntimeStatus
from registry import deployment_lists
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from registry.ids import key_of
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.rollbacks import is_rollback, rollback_text
from workflows.deployments.transitions import AuditEntry, end_and_clean_up, transition
from workflows.element_tracking import track_elements

_log = logging.getLogger("sagegraph.deployments")

RUNTIME_GONE = "GONE"
"""Stands for the status of an endpoint that is not there."""


class FinishLaunchPhase:
    """Ends launches.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def finish(self, key: str, attempt: int, status: str, snapshot_name: str | None, reason: str | None) -> None:
        """End a launch by the state that the endpoint was seen in.

        Args:
            key: The deployment's key.
            attempt: Its attempt.
            status: SageMaker's word for the endpoint's status, or `GONE`.
            snapshot_name: The snapshot that the endpoint runs; None if it is gone.
            reason: SageMaker's reason for a failure; None if it gives none.
        """
        row = await self._deps.load_in_state(key, attempt, DeploymentState.LAUNCHING)
        if row is None:
            return
        actor = row.started_by if row.decision is None else row.decision.by
        entry = AuditEntry(action="deployment.settle", actor=actor, detail=f"Endpoint {row.runtime_name}: {status}")
        if status == RuntimeStatus.IN_SERVICE.value and snapshot_name == row.snapshot_name:
            await self._track(row)
            if await transition(self._deps.database, row, DeploymentState.DEPLOYED, entry):
                self._count(row, "deployed")
            return
        rolled_back = is_rollback(row, status, snapshot_name)
        text = (
            await rollback_text(self._deps, row, status, reason)
            if rolled_back
            else _failure_reason(row, status, snapshot_name, reason)
        )
        # One that AWS does not show is looked for again: it may be a moment behind, and an endpoint costs money.
        if await end_and_clean_up(self._deps, row, DeploymentState.FAILED, entry, text):
            self._count(row, "rolled_back" if rolled_back else "failed")

    def _count(self, row: DeploymentRow, outcome: str) -> None:
        """Count how a rollout has ended."""
        if row.rollout is not None:
            self._deps.observer.on_rollout(row.rollout["strategy"], outcome)

    async def _track(self, row: DeploymentRow) -> None:
        """Add the snapshot and the endpoint to the registrations that the deployment is of."""
        deps, name = self._deps, row.runtime_name or runtime_name(row)
        try:
            async with deps.group_scopes.open(row.group, row.region, row.account_id, glance=True) as scope:
                snapshots = await scope.reader.describe(Kind.SNAPSHOT, [row.snapshot_name])
                runtimes = await scope.reader.describe(Kind.RUNTIME, [name])
                described = (snapshots[row.snapshot_name], runtimes[name])
                seen = [resource for resource in described if isinstance(resource, Snapshot | Runtime)]
                await track_elements(deps.database, scope.reader, await self._registration_keys(row), seen)
        except (AWSError, AuthError) as error:
            _log.warning(
                "The endpoint of the deployment %s could not be recorded and is left to the next sync: %s",
                row.key,
                error,
            )

    async def _registration_keys(self, row: DeploymentRow) -> Sequence[str]:
        async with self._deps.database.reading() as connection:
            deployment = await deployment_lists.by_key(connection, row.key)
        ids = () if deployment is None else deployment.registration_ids
        return [str(key_of(item, "Registration")) for item in ids]


def _failure_reason(row: DeploymentRow, status: str, snapshot_name: str | None, reason: str | None) -> str:
    name = runtime_name(row)
    if status == RUNTIME_GONE:
        return f"Somebody deleted the endpoint `{name}` while it was being created."
    if status == RuntimeStatus.IN_SERVICE.value:
        why = f" AWS says: {reason}" if reason else ""
        return f"The endpoint `{name}` has not come to `{row.snapshot_name}`; it runs `{snapshot_name}`.{why}"
    return f"The endpoint `{name}` is {status}. AWS says: {reason or 'nothing more'}"
