"""Rehearse phase: one transform job over the test data of each model that has some."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from aws.kinds.transform_jobs import TransformJob
from aws.s3_uris import MalformedS3UriError
from aws.scopes import OpenScope
from aws.storage import ObjectStorage, Readability
from aws.write.inputs import NewTransformJob
from registry import deployment_lists, deployment_steps, deployments, registrations
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, AuditOutcome, BlockCause, DeploymentState, DeploymentStepName, ElementKind
from registry.ids import key_of
from registry.records import Asset, Registration
from workflows.deployments.comparator_form import NO_COMPARATOR, Comparator, load_comparator
from workflows.deployments.deps import DeploymentDeps, aws_request_ids
from workflows.deployments.errors import ComparatorError, UnreadableInputError
from workflows.deployments.resource_names import job_name, output_prefix
from workflows.deployments.transitions import AuditEntry, end_and_clean_up, queue_cleanup, record_audit
from workflows.deployments.waiting_reasons import set_waiting_reason
from workflows.element_tracking import track_created

_LINE_TYPES: Final = frozenset({"text/csv", "application/jsonlines", "application/x-ndjson"})
_UNSPECIFIC_TYPES: Final = frozenset({"binary/octet-stream", "application/octet-stream", "text/plain"})
_TYPES_BY_SUFFIX: Final = {".csv": "text/csv", ".jsonl": "application/jsonlines", ".json": "application/json"}
_UNWANTED_STATES: Final = frozenset({DeploymentState.CANCELLED, DeploymentState.FAILED, DeploymentState.BLOCKED})
_NO_OUTPUT_URI: Final = (
    "`deployments.rehearsal.outputS3Uri` is not set, so a rehearsal has no place to write; set it, and retryDeployment "
    "goes on."
)


@dataclass(frozen=True, slots=True)
class PlannedRehearsal:
    """The rehearsal of one model.

    Attributes:
        registration: The model's registration.
        test_data: The newest of its test data.
    """

    registration: Registration
    test_data: Asset


class RehearsePhase:
    """Begins rehearsals.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def rehearse(self, key: str, attempt: int) -> None:
        """Begin the transform jobs of a deployment's attempt. Raises StepFailedError, AWSError, RegistryError."""
        row = await self._deps.load_in_state(key, attempt, DeploymentState.REHEARSING)
        if row is None:
            await self._clean_up_late_jobs(key, attempt)
            return
        planned = await plan_rehearsals(self._deps, row)
        prefix = self._deps.config.rehearsal.output_s3_uri
        if prefix is None:
            await self._block(row, _NO_OUTPUT_URI)
            return
        async with self._deps.scope(row) as scope:
            try:
                inputs = [await _readable_input(scope.writer.storage, rehearsal) for rehearsal in planned]
                for planned_rehearsal in planned:
                    await _check_comparator(scope.writer.storage, planned_rehearsal.registration)
            except (UnreadableInputError, ComparatorError) as error:
                await self._block(row, str(error))
                return
            jobs = [_new_job(self._deps, row, prefix, item, uri) for item, uri in zip(planned, inputs, strict=True)]
            if await self._record_jobs(row, jobs):
                for job in jobs:
                    await self._create_job(scope, row, job)
        now = await self._deps.load_in_state(key, attempt, DeploymentState.REHEARSING)
        if now is None:
            await self._clean_up_late_jobs(key, attempt)
        else:
            await set_waiting_reason(self._deps, [now], None)

    async def _record_jobs(self, row: DeploymentRow, jobs: Sequence[NewTransformJob]) -> bool:
        """Keep every job before the first is begun; False, and nothing kept, if somebody has cancelled.

        A cancellation then knows of all jobs, and nothing is compared before all have ended.
        """
        async with self._deps.database.writing() as connection:
            if not await deployments.is_unchanged(connection, row):
                return False
            for job in jobs:
                await deployment_steps.begin(
                    connection,
                    row,
                    DeploymentStepName.REHEARSE,
                    datetime.now(UTC),
                    model_name=job.model_name,
                    job_name=job.name,
                )
        return True

    async def _create_job(self, scope: OpenScope, row: DeploymentRow, job: NewTransformJob) -> None:
        made = await scope.writer.create_transform_job(job, self._deps.author(row, row.started_by))
        await record_job_created(self._deps, scope, row, made.resource)
        await track_created(self._deps.database, scope.reader, row.group, made.resource)

    async def _block(self, row: DeploymentRow, reason: str) -> None:
        """Hold the deployment up, with its step failed; jobs that a process began before it died are stopped."""
        async with self._deps.database.writing() as connection:
            if await deployments.is_unchanged(connection, row):
                await deployment_steps.begin(connection, row, DeploymentStepName.REHEARSE, datetime.now(UTC))
        entry = AuditEntry(action="deployment.rehearse", actor=row.started_by)
        await end_and_clean_up(self._deps, row, DeploymentState.BLOCKED, entry, reason, BlockCause.UNUSABLE_ASSETS)

    async def _clean_up_late_jobs(self, key: str, attempt: int) -> None:
        """Queue jobs that were begun when nobody wanted them any more, so that they are stopped."""
        async with self._deps.database.writing() as connection:
            row = await deployments.by_key(connection, key)
            if row is not None and (row.attempt != attempt or row.state in _UNWANTED_STATES):
                jobs = await deployment_steps.rehearsal_jobs(connection, replace(row, attempt=attempt))
                await queue_cleanup(connection, row, ElementKind.TRANSFORM_JOB, *jobs.values())


async def record_job_created(deps: DeploymentDeps, scope: OpenScope, row: DeploymentRow, job: TransformJob) -> None:
    """Keep in the deployment's step and in the audit that a job was created, once: the process that created it may have
    died.

    Args:
        deps: Dependencies of deployments.
        scope: The group's scope, whose role created it.
        row: The deployment.
        job: The job; nothing is kept of one that is not described.
    """
    if job.detail is None:
        return
    text = f"Transform job {job.name} over {job.detail.inputs[0].s3_uri}"
    entry = AuditEntry(
        action="deployment.rehearse",
        actor=row.started_by,
        role_arn=scope.role,
        detail=text,
        aws_request_ids=aws_request_ids(),
    )
    step, model_name = DeploymentStepName.REHEARSE, job.detail.model_name
    async with deps.database.writing() as connection:
        if await deployment_steps.set_detail_once(connection, row, step, text, model_name):
            await record_audit(connection, row, entry, AuditOutcome.SUCCEEDED, datetime.now(UTC))


async def plan_rehearsals(deps: DeploymentDeps, row: DeploymentRow) -> Sequence[PlannedRehearsal]:
    """The rehearsals of the deployment of a row: one for each of its models with test data, with the newest of it."""
    async with deps.database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, row.key)
        ids = () if deployment is None else deployment.registration_ids
        keys = [str(key_of(item, "Registration")) for item in ids]
        result = await registrations.by_keys(connection, keys, deps.config.required_assets)
    return [
        PlannedRehearsal(registration, data)
        for key in keys
        if (registration := result.get(key)) and (data := newest_asset(registration, AssetRole.TEST_DATA))
    ]


def newest_asset(registration: Registration, role: AssetRole) -> Asset | None:
    """The asset of this role that was put last."""
    assets = [asset for asset in registration.assets if asset.role is role]
    return max(assets, key=lambda asset: asset.added_at, default=None)


async def comparator_for(storage: ObjectStorage, registration: Registration) -> Comparator:
    """The comparator of the rehearsals of a registration's model. Raises ComparatorError, AWSError."""
    asset = newest_asset(registration, AssetRole.TEST_RESULT_COMPARATOR)
    return NO_COMPARATOR if asset is None else await load_comparator(storage, asset)


async def _readable_input(storage: ObjectStorage, rehearsal: PlannedRehearsal) -> str:
    """The address of test data that the group's role can read. Raises UnreadableInputError, AWSError."""
    data, model = rehearsal.test_data, rehearsal.registration.model_name
    if data.s3_uri is None:
        raise UnreadableInputError(
            f"The TEST_DATA of `{model}` is a text, and jobs read from S3; replace it with an object in S3."
        )
    await _check_readable(storage, f"The TEST_DATA of `{model}`", data.s3_uri)
    return data.s3_uri


async def _check_comparator(storage: ObjectStorage, registration: Registration) -> None:
    """Check that the comparator, and the rows that it expects, can be read: a job that cannot be compared need not be
    run.

    Raises:
        ComparatorError, UnreadableInputError, AWSError
    """
    expected = (await comparator_for(storage, registration)).expected
    if expected is not None:
        await _check_readable(storage, f"What is expected of `{registration.model_name}`", expected.s3_uri)


async def _check_readable(storage: ObjectStorage, label: str, s3_uri: str) -> None:
    """Check that the group's role may read test data. Raises UnreadableInputError, AWSError."""
    try:
        readability = await storage.readability(s3_uri)
    except MalformedS3UriError as error:
        raise UnreadableInputError(f"{label} is not at an S3 address: {s3_uri}.") from error
    if readability is not Readability.READABLE:
        why = "is not there" if readability is Readability.NOT_FOUND else "may not be read by the group's role"
        raise UnreadableInputError(f"{label} {why}: {s3_uri}. Correct it, then call retryDeployment.")


def _new_job(
    deps: DeploymentDeps, row: DeploymentRow, prefix: str, rehearsal: PlannedRehearsal, uri: str
) -> NewTransformJob:
    content_type = _content_type(rehearsal.test_data)
    line = "Line" if content_type in _LINE_TYPES else None
    model = rehearsal.registration.model_name
    return NewTransformJob(
        name=job_name(row, model),
        model_name=model,
        input_s3_uri=uri,
        output_s3_uri=output_prefix(row, prefix, model),
        instance_type=deps.config.rehearsal.instance_type,
        instance_count=deps.config.rehearsal.instance_count,
        content_type=content_type,
        split_type=line,
        assemble_with=line,
    )


def _content_type(asset: Asset) -> str | None:
    """The MIME type of an asset; if S3 says no more than that it is bytes, by the ending of its name."""
    content_type = (asset.content_type or "").partition(";")[0].strip().lower()
    if content_type and content_type not in _UNSPECIFIC_TYPES:
        return content_type
    return next((kind for ending, kind in _TYPES_BY_SUFFIX.items() if (asset.s3_uri or "").endswith(ending)), None)
