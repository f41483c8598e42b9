"""Clean up AWS resources of ended deployments: stop jobs, delete endpoints that bear the deployment's tag."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from aws.client.errors import AWSError
from aws.kinds.kind import Kind
from aws.kinds.statuses import JobStatus, JobType, RuntimeStatus
from aws.kinds.transform_jobs import TransformJob
from aws.scopes import OpenScope
from aws.write.errors import WriteRejectedError
from registry import cleanup_queue, deployments
from registry.cleanup_queue import CleanupItem
from registry.enums import AuditOutcome, DeploymentState, ElementKind
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.launch import belongs_to_deployment
from workflows.deployments.request_approval import describe_runtime
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.transitions import AuditEntry, record_audit
from workflows.group_access import describe_one

_log = logging.getLogger("sagegraph.deployments")
# A resource that is not there may be about to come: another process may create it before it sees the cancellation.
_GRACE_PERIOD: Final = timedelta(minutes=2)
_WANTED_STATES: Final = frozenset({DeploymentState.LAUNCHING, DeploymentState.DEPLOYED})
_BUSY_STATUSES: Final = frozenset(
    {RuntimeStatus.CREATING, RuntimeStatus.UPDATING, RuntimeStatus.SYSTEM_UPDATING, RuntimeStatus.ROLLING_BACK}
)


class Cleanup:
    """Cleans up resources of AWS that deployments have left.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def clean_up(self, scope: OpenScope, item: CleanupItem) -> None:
        """Stop or delete the resource of an item in its scope, as far as AWS lets it be now. Raises RegistryError."""
        try:
            done = await (
                self._stop_job(scope, item)
                if item.kind is ElementKind.TRANSFORM_JOB
                else self._delete_runtime(scope, item)
            )
        except (AWSError, WriteRejectedError) as error:
            _log.warning("%s %s could not be cleaned up yet: %s", item.kind.value, item.name, error)
            return
        if done:
            async with self._deps.database.writing() as connection:
                await cleanup_queue.remove(connection, item)

    async def _stop_job(self, scope: OpenScope, item: CleanupItem) -> bool:
        job = await describe_one(scope.reader.fresh(), Kind.TRANSFORM_JOB, item.name, TransformJob)
        if job is None:
            return _is_past_grace(item)
        if job.status is JobStatus.IN_PROGRESS:
            await scope.writer.stop_job(JobType.TRANSFORM, item.name)
            await self._audit(scope, item, "deployment.stop")
        return True

    async def _delete_runtime(self, scope: OpenScope, item: CleanupItem) -> bool:
        runtime = await describe_runtime(scope.reader, item.name)
        if runtime is None:
            return _is_past_grace(item)
        if await self._is_wanted(item) or not await belongs_to_deployment(scope.reader, runtime, item.deployment_key):
            return True
        if runtime.status in _BUSY_STATUSES:
            return False
        if runtime.status is not RuntimeStatus.DELETING:
            await scope.writer.delete_runtime(item.name)
            await self._audit(scope, item, "deployment.delete")
        return True

    async def _is_wanted(self, item: CleanupItem) -> bool:
        """Tell whether a later attempt or another deployment launches under the requested name."""
        async with self._deps.database.reading() as connection:
            row = await deployments.by_key(connection, item.deployment_key)
            launching = await deployments.in_states(connection, DeploymentState.LAUNCHING)
        place = (item.account_id, item.region, item.name)
        if any(
            (deployment.account_id, deployment.region, runtime_name(deployment)) == place for deployment in launching
        ):
            return True
        return row is not None and row.state in _WANTED_STATES and runtime_name(row) == item.name

    async def _audit(self, scope: OpenScope, item: CleanupItem, action: str) -> None:
        async with self._deps.database.writing() as connection:
            row = await deployments.by_key(connection, item.deployment_key)
            if row is not None:
                entry = AuditEntry(action=action, actor=row.started_by, role_arn=scope.role, detail=item.name)
                await record_audit(connection, row, entry, AuditOutcome.SUCCEEDED, datetime.now(UTC))


def _is_past_grace(item: CleanupItem) -> bool:
    return datetime.now(UTC) - item.left_at > _GRACE_PERIOD
