"""Puts away what deployments have left in AWS: stops jobs, and deletes endpoints that bear the deployment's tag."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from aws.errors import AWSError
from aws.kinds import Kind
from aws.resources import TransformJob
from aws.scopes import OpenScope
from aws.statuses import JobStatus, JobType, RuntimeStatus
from aws.writing.errors import NotDoneError
from registry import deployments, leftovers
from registry.leftovers import Leftover
from registry.words import AuditOutcome, DeploymentState, ElementKind
from workflows.deployments.asking import runtime_of
from workflows.deployments.launching import is_ours
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, keep
from workflows.deployments.names import runtime_name

_log = logging.getLogger("sagegraph.deployments")
# What is not there may be about to come: whoever begins it may not have heard yet that nobody wants it.
_PATIENCE: Final = timedelta(minutes=2)
_WANTED: Final = frozenset({DeploymentState.LAUNCHING, DeploymentState.DEPLOYED})
_BUSY: Final = frozenset(
    {RuntimeStatus.CREATING, RuntimeStatus.UPDATING, RuntimeStatus.SYSTEM_UPDATING, RuntimeStatus.ROLLING_BACK}
)


class Clearing:
    """Puts things away.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self._means = means

    async def clear(self, scope: OpenScope, left: Leftover) -> None:
        """Puts one thing away, as far as AWS lets it be now. Raises RegistryError."""
        try:
            done = await (
                self._stop(scope, left) if left.kind is ElementKind.TRANSFORM_JOB else self._delete(scope, left)
            )
        except (AWSError, NotDoneError) as error:
            _log.warning("%s %s could not be put away yet: %s", left.kind.value, left.name, error)
            return
        if done:
            async with self._means.database.writing() as connection:
                await leftovers.remove(connection, left)

    async def _stop(self, scope: OpenScope, left: Leftover) -> bool:
        job = (await scope.reader.anew().describe(Kind.TRANSFORM_JOB, [left.name]))[left.name]
        if isinstance(job, AWSError):
            raise job
        if not isinstance(job, TransformJob):
            return _is_past(left)
        if job.status is JobStatus.IN_PROGRESS:
            await scope.writer.stop_job(JobType.TRANSFORM, left.name)
            await self._audit(scope, left, "deployment.stop")
        return True

    async def _delete(self, scope: OpenScope, left: Leftover) -> bool:
        runtime = await runtime_of(scope.reader, left.name)
        if runtime is None:
            return _is_past(left)
        if await self._is_wanted(left) or not await is_ours(scope.reader, runtime, left.deployment_key):
            return True
        if runtime.status in _BUSY:
            return False
        if runtime.status is not RuntimeStatus.DELETING:
            await scope.writer.delete_runtime(left.name)
            await self._audit(scope, left, "deployment.delete")
        return True

    async def _is_wanted(self, left: Leftover) -> bool:
        """Whether a later attempt, or another deployment, has given the name that was asked for to what it launches."""
        async with self._means.database.reading() as connection:
            course = await deployments.course(connection, left.deployment_key)
            launching = await deployments.in_states(connection, DeploymentState.LAUNCHING)
        place = (left.account_id, left.region, left.name)
        if any((each.account_id, each.region, runtime_name(each)) == place for each in launching):
            return True
        return course is not None and course.state in _WANTED and runtime_name(course) == left.name

    async def _audit(self, scope: OpenScope, left: Leftover, action: str) -> None:
        async with self._means.database.writing() as connection:
            course = await deployments.course(connection, left.deployment_key)
            if course is not None:
                deed = Deed(action=action, actor=course.started_by, role_arn=scope.role, detail=left.name)
                await keep(connection, course, deed, AuditOutcome.SUCCEEDED, datetime.now(UTC))


def _is_past(left: Leftover) -> bool:
    return datetime.now(UTC) - left.left_at > _PATIENCE
