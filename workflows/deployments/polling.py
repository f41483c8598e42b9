"""One look at all that runs for deployments: each group's jobs and endpoints at once, whatever their number."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from auth.errors import AuthError
from aws.errors import AWSError
from aws.inventory.reader import Reader
from aws.inventory.shelves import Described
from aws.kinds import Kind
from aws.resources import Runtime, TransformJob
from aws.statuses import JobStatus, RuntimeStatus
from registry import deployment_steps, deployments, leftovers
from registry.courses import Course
from registry.leftovers import Leftover
from registry.words import DeploymentState
from workflows.deployments.clearing import Clearing
from workflows.deployments.explaining import explain, too_late, unseen
from workflows.deployments.failing import fail
from workflows.deployments.going_on import go_on
from workflows.deployments.means import Means
from workflows.deployments.settling import GONE
from workflows.deployments.works import WORKING
from workflows.durable.errors import StepFailedError

_log = logging.getLogger("sagegraph.deployments")
Place = tuple[str, str, str]
_UNVERIFIED: Final = "The deployment could not be verified in time; retryDeployment tries it again."

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
class _Load:
    """What one group has under way in one place."""

    verifications: list[Course] = field(default_factory=list)
    rehearsals: dict[str, tuple[Course, Sequence[str]]] = field(default_factory=dict)
    launches: list[Course] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)

    @property
    def waiting(self) -> Sequence[Course]:
        """Those that wait for what AWS has under way."""
        rehearsals = [course for course, jobs in self.rehearsals.values() if jobs]
        return [*rehearsals, *(course for course in self.launches if course.runtime_name is not None)]


class Polling:
    """Looks after what runs in AWS.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self._means = means
        self._clearing = Clearing(means)

    async def turn(self) -> None:
        """Looks once at what each group has, at all of them at once. Where AWS keeps one look waiting, the others are
        looked at again meanwhile. A group whose AWS cannot be asked is looked at again the next time.

        Raises:
            RegistryError
        """
        looks: dict[Place, asyncio.Task[None]] = {}
        try:
            while True:
                await self._begin_looks(looks)
                if not looks:
                    return
                done, late = await asyncio.wait(looks.values(), timeout=self._means.rules.pace.poll)
                for look in done:
                    look.result()
                if not late:
                    return
                looks = {place: look for place, look in looks.items() if look in late}
        finally:
            for look in looks.values():
                look.cancel()
            await asyncio.gather(*looks.values(), return_exceptions=True)

    async def _begin_looks(self, looks: dict[Place, asyncio.Task[None]]) -> None:
        """Begins a look at each group where none is under way."""
        for place, load in (await self._loads()).items():
            if place in looks:
                await self._time_out(load)
            else:
                looks[place] = asyncio.create_task(self._look_after(place, load))

    async def _look_after(self, place: Place, load: _Load) -> None:
        try:
            if load.rehearsals or load.launches or load.leftovers:
                await self._look(place, load)
        except (AWSError, AuthError, StepFailedError) as error:
            _log.warning("The deployments of the group `%s` in %s could not be looked at: %s", *place[::2], error)
            await explain(self._means, load.waiting, unseen(error))
        await self._time_out(load)

    async def _loads(self) -> Mapping[Place, _Load]:
        loads: dict[Place, _Load] = defaultdict(_Load)
        async with self._means.database.reading() as connection:
            for course in await deployments.in_states(connection, *WORKING):
                load = loads[course.group, course.account_id, course.region]
                if course.state is DeploymentState.LAUNCHING:
                    load.launches.append(course)
                elif course.state is DeploymentState.VERIFYING:
                    load.verifications.append(course)
                else:
                    jobs = await deployment_steps.rehearsals(connection, course)
                    load.rehearsals[course.key] = course, tuple(jobs.values())
            for left in await leftovers.every(connection):
                loads[left.group, left.account_id, left.region].leftovers.append(left)
        return loads

    async def _look(self, place: Place, load: _Load) -> None:
        group, account_id, region = place
        async with self._means.groups.open(group, region, account_id, glance=True) as scope:
            await self._look_at_jobs(scope.reader, load)
            await self._look_at_runtimes(scope.reader, load)
            for left in load.leftovers:
                await self._clearing.clear(scope, left)

    async def _look_at_jobs(self, reader: Reader, load: _Load) -> None:
        names = {name for _, jobs in load.rehearsals.values() for name in jobs}
        found: Mapping[str, Described] = await reader.anew().describe(Kind.TRANSFORM_JOB, names) if names else {}
        for course, jobs in load.rehearsals.values():
            seen = [found[name] for name in jobs]
            if seen and all(_has_ended(what) for what in seen):
                await self._means.works.compare(course)
            elif seen and None not in seen:
                # Whoever has yet to begin one, or compares them, knows better why that takes long.
                await explain(self._means, [course], _trouble(seen))

    async def _look_at_runtimes(self, reader: Reader, load: _Load) -> None:
        names = {course.runtime_name for course in load.launches if course.runtime_name is not None}
        found: Mapping[str, Described] = await reader.anew().describe(Kind.RUNTIME, names) if names else {}
        for course in load.launches:
            if course.runtime_name is not None:
                await explain(self._means, [course], _trouble([found[course.runtime_name]]))
                await self._settle(course, found[course.runtime_name])

    async def _settle(self, course: Course, what: Described) -> None:
        if what is None:
            await self._means.works.settle(course, GONE, None, None)
        elif isinstance(what, Runtime) and what.status in _ENDED_RUNTIMES:
            detail = what.detail
            snapshot, reason = (None, None) if detail is None else (detail.snapshot_name, detail.failure_reason)
            await self._means.works.settle(course, what.raw_status, snapshot, reason)

    async def _time_out(self, load: _Load) -> None:
        rules, now = self._means.rules, datetime.now(UTC)
        minutes = round(rules.rehearsal_seconds / 60)
        words = f"The rehearsal has not ended in {minutes} minutes (`deployments.rehearsal.timeoutMinutes`)."
        for course, _ in load.rehearsals.values():
            if now - course.since > timedelta(seconds=rules.rehearsal_seconds):
                await self._fail(course, too_late(words, course))
        for course in load.verifications:
            if now - course.since > timedelta(seconds=rules.pace.verify):
                await self._fail(course, too_late(_UNVERIFIED, course))
        for course in load.launches:
            if now - course.since > timedelta(seconds=rules.pace.launch):
                await self._fail(course, too_late("The endpoint has not come up in time.", course))

    async def _fail(self, course: Course, words: str) -> None:
        await fail(self._means, course.key, course.attempt, "LATE", words)
        await go_on(self._means, course.key)


def _trouble(found: Iterable[Described]) -> str | None:
    """Why something of it could not be looked at; None where all of it could."""
    return next((unseen(what) for what in found if isinstance(what, AWSError)), None)


def _has_ended(what: Described) -> bool:
    """A job that is not there has not begun yet: SageMaker's jobs are not deleted."""
    return isinstance(what, TransformJob) and what.status in _ENDED_JOBS
