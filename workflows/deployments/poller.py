"""Poll the transform jobs and endpoints of all deployments, one read per group and kind."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from auth.errors import AuthError
from aws.client.errors import AWSError, CredentialsRejectedError
from aws.inventory.describe_cache import Described
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import JobStatus, RuntimeStatus
from aws.kinds.transform_jobs import TransformJob
from registry import cleanup_queue, deployment_steps, deployments
from registry.cleanup_queue import CleanupItem
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from workflows.deployments.advance import schedule_next
from workflows.deployments.cleanup import Cleanup
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.finish_launch import RUNTIME_GONE
from workflows.deployments.rollbacks import rolling_back_text
from workflows.deployments.rollout_plans import longest_seconds
from workflows.deployments.scheduler import WORKING_STATES
from workflows.deployments.transitions import fail_attempt
from workflows.deployments.waiting_reasons import set_waiting_reason, timeout_reason, unreadable_reason
from workflows.durable.access import EVERYTHING, LoopShare, group_subject
from workflows.durable.errors import StepFailedError

_log = logging.getLogger("sagegraph.deployments")
GroupScopeId = tuple[str, str, str]
_VERIFY_TIMEOUT: Final = "The deployment could not be verified in time; retryDeployment tries it again."

_ENDED_JOBS: Final = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})
_ENDED_RUNTIMES: Final = frozenset(
    {
        RuntimeStatus.IN_SERVICE,
        RuntimeStatus.FAILED,
        RuntimeStatus.OUT_OF_SERVICE,
        RuntimeStatus.UPDATE_ROLLBACK_FAILED,
        RuntimeStatus.DELETING,
    }
)


@dataclass(slots=True)
class _GroupWork:
    """The running work of one group in one account and region."""

    verifications: list[DeploymentRow] = field(default_factory=list)
    rehearsals: dict[str, tuple[DeploymentRow, Sequence[str]]] = field(default_factory=dict)
    launches: list[DeploymentRow] = field(default_factory=list)
    cleanups: list[CleanupItem] = field(default_factory=list)

    @property
    def waiting(self) -> Sequence[DeploymentRow]:
        """The deployments that wait for jobs and endpoints of AWS."""
        rehearsals = [row for row, jobs in self.rehearsals.values() if jobs]
        return [*rehearsals, *(row for row in self.launches if row.runtime_name is not None)]


class DeploymentPoller:
    """Polls the jobs and endpoints of deployments in AWS.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps
        self._cleanup = Cleanup(deps)

    async def turn(self, share: LoopShare = EVERYTHING) -> None:
        """Look once at the work of each group of the share, at all groups at once.

        If AWS keeps one look waiting, the others are looked at again meanwhile. A group whose AWS cannot be asked is
        looked at again the next time.

        Raises:
            RegistryError
        """
        looks: dict[GroupScopeId, asyncio.Task[None]] = {}
        try:
            while True:
                await self._start_polls(looks, share)
                if not looks:
                    return
                done, late = await asyncio.wait(looks.values(), timeout=self._deps.intervals.poll)
                for look in done:
                    look.result()
                if not late:
                    return
                looks = {place: look for place, look in looks.items() if look in late}
        finally:
            for look in looks.values():
                look.cancel()
            await asyncio.gather(*looks.values(), return_exceptions=True)

    async def _start_polls(self, polls: dict[GroupScopeId, asyncio.Task[None]], share: LoopShare) -> None:
        """Begin a look at each group that has none under way."""
        for place, load in (await self._load_work()).items():
            if not share.takes(group_subject(*place)):
                continue
            if place in polls:
                await self._time_out(load)
            else:
                polls[place] = asyncio.create_task(self._poll_group_safely(place, load))

    async def _poll_group_safely(self, place: GroupScopeId, load: _GroupWork) -> None:
        try:
            if load.rehearsals or load.launches or load.cleanups:
                await self._poll_group(place, load)
        except (AWSError, AuthError, StepFailedError) as error:
            _log.warning("The deployments of the group `%s` in %s could not be read: %s", *place[::2], error)
            await set_waiting_reason(self._deps, load.waiting, unreadable_reason(error))
        await self._time_out(load)

    async def _load_work(self) -> Mapping[GroupScopeId, _GroupWork]:
        loads: dict[GroupScopeId, _GroupWork] = defaultdict(_GroupWork)
        async with self._deps.database.reading() as connection:
            for row in await deployments.in_states(connection, *WORKING_STATES):
                load = loads[row.group, row.account_id, row.region]
                if row.state is DeploymentState.LAUNCHING:
                    load.launches.append(row)
                elif row.state is DeploymentState.VERIFYING:
                    load.verifications.append(row)
                else:
                    jobs = await deployment_steps.rehearsal_jobs(connection, row)
                    load.rehearsals[row.key] = row, tuple(jobs.values())
            for left in await cleanup_queue.pending(connection):
                loads[left.group, left.account_id, left.region].cleanups.append(left)
        return loads

    async def _poll_group(self, place: GroupScopeId, load: _GroupWork) -> None:
        group, account_id, region = place
        async with self._deps.group_scopes.open(group, region, account_id, glance=True) as scope:
            await self._poll_jobs(scope.reader, load)
            await self._poll_runtimes(scope.reader, load)
            for left in load.cleanups:
                await self._cleanup.clean_up(scope, left)

    async def _poll_jobs(self, reader: Reader, load: _GroupWork) -> None:
        names = {name for _, jobs in load.rehearsals.values() for name in jobs}
        resources: Mapping[str, Described] = await reader.fresh().describe(Kind.TRANSFORM_JOB, names) if names else {}
        _raise_rejected(resources.values())
        for row, jobs in load.rehearsals.values():
            seen = [resources[name] for name in jobs]
            if seen and all(_has_ended(resource) for resource in seen):
                await self._deps.scheduler.schedule_compare(row)
            elif seen and None not in seen:
                # The phase that has yet to begin a job, or compares them, knows better why that takes long.
                await set_waiting_reason(self._deps, [row], _read_error(seen))

    async def _poll_runtimes(self, reader: Reader, load: _GroupWork) -> None:
        names = {row.runtime_name for row in load.launches if row.runtime_name is not None}
        resources: Mapping[str, Described] = await reader.fresh().describe(Kind.RUNTIME, names) if names else {}
        _raise_rejected(resources.values())
        for row in load.launches:
            if row.runtime_name is not None:
                described = resources[row.runtime_name]
                reason = rolling_back_text(row) if _is_rolling_back(described) else _read_error([described])
                await set_waiting_reason(self._deps, [row], reason)
                await self._finish_launch(row, described)

    async def _finish_launch(self, row: DeploymentRow, described: Described) -> None:
        if described is None:
            await self._deps.scheduler.schedule_finish_launch(row, RUNTIME_GONE, None, None)
        elif isinstance(described, Runtime) and described.status in _ENDED_RUNTIMES:
            detail = described.detail
            snapshot, reason = (None, None) if detail is None else (detail.snapshot_name, detail.failure_reason)
            await self._deps.scheduler.schedule_finish_launch(row, described.raw_status, snapshot, reason)

    async def _time_out(self, load: _GroupWork) -> None:
        intervals, now = self._deps.intervals, datetime.now(UTC)
        minutes = self._deps.config.rehearsal.timeout_minutes
        words = f"The rehearsal has not ended in {minutes:g} minutes (`deployments.rehearsal.timeoutMinutes`)."
        for row, _ in load.rehearsals.values():
            if now - row.since > timedelta(minutes=minutes):
                await self._fail(row, timeout_reason(words, row))
        for row in load.verifications:
            if now - row.since > timedelta(seconds=intervals.verify):
                await self._fail(row, timeout_reason(_VERIFY_TIMEOUT, row))
        for row in load.launches:
            if now - row.since > timedelta(seconds=intervals.launch + longest_seconds(row)):
                await self._fail(row, timeout_reason("The endpoint has not come up in time.", row))

    async def _fail(self, row: DeploymentRow, message: str) -> None:
        await fail_attempt(self._deps, row.key, row.attempt, "LATE", message)
        await schedule_next(self._deps, row.key)


def _raise_rejected(described: Iterable[Described]) -> None:
    """Raise AWS's word that it takes this process's credentials no longer, which another process's may outlive."""
    for resource in described:
        if isinstance(resource, CredentialsRejectedError):
            raise resource


def _read_error(described: Iterable[Described]) -> str | None:
    """The reason why one of them could not be read; None if all of them could."""
    return next((unreadable_reason(resource) for resource in described if isinstance(resource, AWSError)), None)


def _is_rolling_back(described: Described) -> bool:
    return isinstance(described, Runtime) and described.status is RuntimeStatus.ROLLING_BACK


def _has_ended(described: Described) -> bool:
    """A job that is not there has not begun yet: SageMaker's jobs are not deleted."""
    return isinstance(described, TransformJob) and described.status in _ENDED_JOBS
