"""The end of the second phase: what the transform jobs gave, held against what was to come."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from aws.errors import AccessDeniedError, AWSError, NotFoundError, UnavailableError
from aws.kinds import Kind
from aws.naming import MalformedAddressError
from aws.resources import TransformJob
from aws.scopes import OpenScope
from aws.statuses import JobStatus
from aws.storage import Storage, TooLargeError
from registry import deployment_steps, deployments, test_results
from registry.courses import Course
from registry.records import Registration, TestCheck
from registry.test_results import NewTestResult
from registry.words import DeploymentState, DeploymentStepName, StepState
from workflows.deployments import rows
from workflows.deployments.asking import proceed
from workflows.deployments.comparators import ComparatorError
from workflows.deployments.comparisons import compared
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, move
from workflows.deployments.rehearsing import comparator_for, note_begun, planned_for
from workflows.deployments.rows import TooManyValuesError

_UNREADABLE: Final = (
    ComparatorError,
    TooLargeError,
    TooManyValuesError,
    NotFoundError,
    AccessDeniedError,
    MalformedAddressError,
)


class Comparing:
    """Compares the outcomes of rehearsals.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self._means = means
        # Outputs may be large; however many rehearsals end at once, one of each account is held in memory: an S3 that
        # does not answer keeps its own account waiting, and no other.
        self._one: Mapping[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def compare(self, key: str, attempt: int) -> None:
        """Keeps a result for each model, and goes on by it. Raises StepFailedError, AWSError, RegistryError."""
        course = await self._means.seen(key, attempt, DeploymentState.REHEARSING)
        if course is None:
            return
        async with self._means.database.reading() as connection:
            jobs = await deployment_steps.rehearsals(connection, course)
        models = {each.registration.model_name: each.registration for each in await planned_for(self._means, course)}
        async with self._means.scope(course) as scope:
            found = await scope.reader.anew().describe(Kind.TRANSFORM_JOB, jobs.values())
            results = [
                await self._result(scope, course, model, name, found[name], models.get(model))
                for model, name in jobs.items()
            ]
            if await self._keep(course, results):
                await self._go_on(scope, course, results)

    async def _result(
        self,
        scope: OpenScope,
        course: Course,
        model: str,
        name: str,
        what: object,
        registration: Registration | None,
    ) -> NewTestResult:
        if isinstance(what, AWSError):
            raise what
        job = what if isinstance(what, TransformJob) else None
        if job is not None and job.status in {JobStatus.IN_PROGRESS, JobStatus.STOPPING}:
            # It was seen to have ended; AWS shows an earlier moment now.
            raise UnavailableError(f"The transform job {name} has not ended.", operation="DescribeTransformJob")
        if job is not None:
            await note_begun(self._means, scope, course, job)
        output = None if job is None or job.detail is None else job.detail.output_s3_uri
        checks = [_job_check(job)]
        if checks[0].passed and output is not None and registration is not None:
            async with self._one[course.account_id]:
                checks += await _checks(scope.writer.storage, registration, output)
        return NewTestResult(
            deployment_key=course.key,
            attempt=course.attempt,
            model_name=model,
            at=datetime.now(UTC),
            passed=all(check.passed for check in checks),
            job_name=name,
            output_s3_uri=output,
            checks=checks,
        )

    async def _keep(self, course: Course, results: Sequence[NewTestResult]) -> bool:
        """False, and nothing kept, where the deployment was cancelled meanwhile, or was too late."""
        async with self._means.database.writing() as connection:
            if not await deployments.stands(connection, course):
                return False
            for result in results:
                await test_results.put(connection, result)
                await deployment_steps.end(
                    connection,
                    course,
                    DeploymentStepName.REHEARSE,
                    StepState.DONE if result.passed else StepState.FAILED,
                    result.at,
                    _summary(result),
                    result.model_name,
                )
        return True

    async def _go_on(self, scope: OpenScope, course: Course, results: Sequence[NewTestResult]) -> None:
        deed = Deed(action="deployment.compare", actor=course.started_by, role_arn=scope.role)
        failed = [result for result in results if not result.passed]
        if not failed and results:
            await proceed(self._means, scope.reader, course, deed)
            return
        told = " ".join(_summary(result) for result in failed) or "There was nothing to rehearse with any more."
        reason = f"The rehearsal failed. {told} Mend that, and retryDeployment begins again."
        await move(self._means.database, course, DeploymentState.FAILED, deed, reason)


async def _checks(storage: Storage, registration: Registration, output: str) -> Sequence[TestCheck]:
    """The comparator's checks; what cannot be read fails one of its own."""
    try:
        comparator = await comparator_for(storage, registration)
        came = await rows.output(storage, output)
        wanted = None if comparator.expected is None else await rows.expected(storage, comparator.expected.s3_uri)
        # Ten thousands of rows take a while, and other work goes on meanwhile.
        return await asyncio.to_thread(compared, comparator, came, wanted)
    except _UNREADABLE as error:
        return [TestCheck("what is compared can be read", passed=False, expected=None, actual=str(error))]


def _job_check(job: TransformJob | None) -> TestCheck:
    if job is None:
        return TestCheck("transform job", passed=False, expected="Completed", actual="gone")
    reason = job.detail.failure_reason if job.detail is not None else None
    actual = job.raw_status + (f": {reason}" if reason else "")
    return TestCheck("transform job", job.status is JobStatus.COMPLETED, "Completed", actual)


def _summary(result: NewTestResult) -> str:
    """What came of a model's rehearsal, in a sentence."""
    broken = [
        f"{check.name} is {str(check.actual).rstrip('.')}" + (f", not {check.expected}" if check.expected else "")
        for check in result.checks
        if not check.passed
    ]
    if not broken:
        return f"`{result.model_name}` passed every check ({len(result.checks)})."
    return f"`{result.model_name}`: {'; '.join(broken)}."
