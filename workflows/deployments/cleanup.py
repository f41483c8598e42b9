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
# What is not there may be about to come: whoever begins it may not have heard yet that nobody wants it.
_GRACE_PERIOD: Final = timedelta(minutes=2)
_WANTED_STATES: Final = frozenset({DeploymentState.LAUNCHING, DeploymentState.DEPLOYED})
_BUSY_STATUSES: Final = frozenset(
    {RuntimeStatus.CREATING, RuntimeStatus.UPDATING, RuntimeStatus.SYSTEM_UPDATING, RuntimeStatus.ROLLING_BACK}
)


class Cleanup:
    """Puts things away.

    Args:
        deps: What it is done with.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def clean_up(self, scope: OpenScope, entry: CleanupItem) -> None:
        """Puts one thing away, as far as AWS lets it be now. Raises RegistryError."""
        try:
            done = await (
                self._stop_job(scope, entry)
                if entry.kind is ElementKind.TRANSFORM_JOB
                else self._delete_runtime(scope, entry)
            )
        except (AWSError, WriteRejectedError) as error:
            _log.warning("%s %s could not be put away yet: %s", entry.kind.value, entry.name, error)
            return
        if done:
            async with self._deps.database.writing() as connection:
                await cleanup_queue.remove(connection, entry)

    async def _stop_job(self, scope: OpenScope, entry: CleanupItem) -> bool:
        job = await describe_one(scope.reader.fresh(), Kind.TRANSFORM_JOB, entry.name, TransformJob)
        if job is None:
            return _is_past_grace(entry)
        if job.status is JobStatus.IN_PROGRESS:
            await scope.writer.stop_job(JobType.TRANSFORM, entry.name)
            await self._audit(scope, entry, "deployment.stop")
        return True

    async def _delete_runtime(self, scope: OpenScope, entry: CleanupItem) -> bool:
        runtime = await describe_runtime(scope.reader, entry.name)
        if runtime is None:
            return _is_past_grace(entry)
        if await self._is_wanted(entry) or not await belongs_to_deployment(scope.reader, runtime, entry.deployment_key):
            return True
        if runtime.status in _BUSY_STATUSES:
            return False
        if runtime.status is not RuntimeStatus.DELETING:
            await scope.writer.delete_runtime(entry.name)
            await self._audit(scope, entry, "deployment.delete")
        return True

    async def _is_wanted(self, entry: CleanupItem) -> bool:
        """Whether a later attempt, or another deployment, has given the name that was asked for to what it launches."""
        async with self._deps.database.reading() as connection:
            course = await deployments.by_key(connection, entry.deployment_key)
            launching = await deployments.in_states(connection, DeploymentState.LAUNCHING)
        place = (entry.account_id, entry.region, entry.name)
        if any((each.account_id, each.region, runtime_name(each)) == place for each in launching):
            return True
        return course is not None and course.state in _WANTED_STATES and runtime_name(course) == entry.name

    async def _audit(self, scope: OpenScope, entry: CleanupItem, action: str) -> None:
        async with self._deps.database.writing() as connection:
            course = await deployments.by_key(connection, entry.deployment_key)
            if course is not None:
                deed = AuditEntry(action=action, actor=course.started_by, role_arn=scope.role, detail=entry.name)
                await record_audit(connection, course, deed, AuditOutcome.SUCCEEDED, datetime.now(UTC))


def _is_past_grace(entry: CleanupItem) -> bool:
    return datetime.now(UTC) - entry.left_at > _GRACE_PERIOD
