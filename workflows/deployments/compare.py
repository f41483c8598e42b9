"""Compare phase: check the outputs of the transform jobs, and store a result per model."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from aws.client.errors import AccessDeniedError, AWSError, NotFoundError, UnavailableError
from aws.kinds.kind import Kind
from aws.kinds.statuses import JobStatus
from aws.kinds.transform_jobs import TransformJob
from aws.s3_uris import MalformedS3UriError
from aws.scopes import OpenScope
from aws.storage import ObjectStorage, ObjectTooLargeError
from registry import deployment_steps, deployments, test_results
from registry.deployment_records import TestCheck
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName, StepState
from registry.records import Registration
from registry.test_results import NewTestResult
from workflows.deployments import output_rows
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.errors import ComparatorError, TooManyValuesError
from workflows.deployments.rehearse import comparator_for, plan_rehearsals, record_job_created
from workflows.deployments.request_approval import request_approval_or_complete
from workflows.deployments.row_comparison import compare_rows
from workflows.deployments.transitions import AuditEntry, transition

_UNREADABLE_ERRORS: Final = (
    ComparatorError,
    ObjectTooLargeError,
    TooManyValuesError,
    NotFoundError,
    AccessDeniedError,
    MalformedS3UriError,
)


class ComparePhase:
    """Compares the outcomes of rehearsals.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps
        # Outputs may be large, so one of each account is held in memory at a time; an S3 that does not answer keeps
        # its own account waiting, and no other.
        self._account_locks: Mapping[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def compare(self, key: str, attempt: int) -> None:
        """Keep a result for each model of a deployment's attempt, and move the deployment on by them.

        Raises:
            StepFailedError, AWSError, RegistryError
        """
        row = await self._deps.load_in_state(key, attempt, DeploymentState.REHEARSING)
        if row is None:
            return
        async with self._deps.database.reading() as connection:
            jobs = await deployment_steps.rehearsal_jobs(connection, row)
        models = {
            rehearsal.registration.model_name: rehearsal.registration
            for rehearsal in await plan_rehearsals(self._deps, row)
        }
        async with self._deps.scope(row) as scope:
            resources = await scope.reader.fresh().describe(Kind.TRANSFORM_JOB, jobs.values())
            results = [
                await self._test_result(scope, row, model, name, resources[name], models.get(model))
                for model, name in jobs.items()
            ]
            if await self._save_results(row, results):
                await self._proceed(scope, row, results)

    async def _test_result(
        self,
        scope: OpenScope,
        row: DeploymentRow,
        model: str,
        name: str,
        described: object,
        registration: Registration | None,
    ) -> NewTestResult:
        job = _ended_job(name, described)
        if job is not None:
            await record_job_created(self._deps, scope, row, job)
        output = None if job is None or job.detail is None else job.detail.output_s3_uri
        checks = [_job_check(job)]
        if checks[0].passed and output is not None and registration is not None:
            async with self._account_locks[row.account_id]:
                checks += await _comparator_checks(scope.writer.storage, registration, output)
        return NewTestResult(
            deployment_key=row.key,
            attempt=row.attempt,
            model_name=model,
            at=datetime.now(UTC),
            passed=all(check.passed for check in checks),
            job_name=name,
            output_s3_uri=output,
            checks=checks,
        )

    async def _save_results(self, row: DeploymentRow, results: Sequence[NewTestResult]) -> bool:
        """Keep the results; False, and nothing kept, if the deployment was cancelled meanwhile, or was too late."""
        async with self._deps.database.writing() as connection:
            if not await deployments.is_unchanged(connection, row):
                return False
            for result in results:
                await test_results.insert_once(connection, result)
                await deployment_steps.end(
                    connection,
                    row,
                    DeploymentStepName.REHEARSE,
                    StepState.DONE if result.passed else StepState.FAILED,
                    result.at,
                    _summary(result),
                    result.model_name,
                )
        return True

    async def _proceed(self, scope: OpenScope, row: DeploymentRow, results: Sequence[NewTestResult]) -> None:
        entry = AuditEntry(action="deployment.compare", actor=row.started_by, role_arn=scope.role)
        failed = [result for result in results if not result.passed]
        if not failed and results:
            await request_approval_or_complete(self._deps, scope.reader, row, entry)
            return
        text = " ".join(_summary(result) for result in failed) or "There was nothing to rehearse with any more."
        reason = f"The rehearsal failed. {text} Correct that, then call retryDeployment."
        await transition(self._deps.database, row, DeploymentState.FAILED, entry, reason)


async def _comparator_checks(storage: ObjectStorage, registration: Registration, output: str) -> Sequence[TestCheck]:
    """The comparator's checks; a file that cannot be read fails a check of its own."""
    try:
        comparator = await comparator_for(storage, registration)
        actual = await output_rows.read_output(storage, output)
        expected = (
            None
            if comparator.expected is None
            else await output_rows.read_expected(storage, comparator.expected.s3_uri)
        )
        # Ten thousands of rows take a while, and other work goes on meanwhile.
        return await asyncio.to_thread(compare_rows, comparator, actual, expected)
    except _UNREADABLE_ERRORS as error:
        return [TestCheck("what is compared can be read", passed=False, expected=None, actual=str(error))]


def _ended_job(name: str, described: object) -> TransformJob | None:
    """The job, described; None if it is gone. Raises AWSError if it could not be read, or AWS shows it running."""
    if isinstance(described, AWSError):
        raise described
    job = described if isinstance(described, TransformJob) else None
    if job is not None and job.status in {JobStatus.IN_PROGRESS, JobStatus.STOPPING}:
        # It was seen to have ended; AWS shows an earlier moment now.
        raise UnavailableError(f"The transform job {name} has not ended.", operation="DescribeTransformJob")
    return job


def _job_check(job: TransformJob | None) -> TestCheck:
    if job is None:
        return TestCheck("transform job", passed=False, expected="Completed", actual="gone")
    reason = job.detail.failure_reason if job.detail is not None else None
    actual = job.raw_status + (f": {reason}" if reason else "")
    return TestCheck("transform job", job.status is JobStatus.COMPLETED, "Completed", actual)


def _summary(result: NewTestResult) -> str:
    """The outcome of a model's rehearsal, in a sentence."""
    broken = [
        f"{check.name} is {str(check.actual).rstrip('.')}" + (f", not {check.expected}" if check.expected else "")
        for check in result.checks
        if not check.passed
    ]
    if not broken:
        return f"`{result.model_name}` passed every check ({len(result.checks)})."
    return f"`{result.model_name}`: {'; '.join(broken)}."
