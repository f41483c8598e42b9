"""The second phase: a transform job over the test data of each model that has some, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from aws.naming import MalformedAddressError
from aws.resources import TransformJob
from aws.scopes import OpenScope
from aws.storage import Readability, Storage
from aws.writing.inputs import NewTransformJob
from registry import deployment_lists, deployment_steps, deployments, registrations
from registry.courses import Course
from registry.ids import key_of
from registry.records import Asset, Registration
from registry.words import AssetRole, AuditOutcome, DeploymentState, DeploymentStepName, ElementKind
from workflows.deployments.comparators import NO_COMPARATOR, Comparator, ComparatorError, comparator_of
from workflows.deployments.explaining import explain
from workflows.deployments.failing import give_up
from workflows.deployments.means import Means, written
from workflows.deployments.moves import Deed, keep, leave
from workflows.deployments.names import job_name, output_of

_BY_LINE: Final = frozenset({"text/csv", "application/jsonlines", "application/x-ndjson"})
_UNTELLING: Final = frozenset({"binary/octet-stream", "application/octet-stream", "text/plain"})
_TYPES: Final = {".csv": "text/csv", ".jsonl": "application/jsonlines", ".json": "application/json"}
_UNWANTED: Final = frozenset({DeploymentState.CANCELLED, DeploymentState.FAILED, DeploymentState.BLOCKED})
_NO_PLACE: Final = (
    "`deployments.rehearsal.outputS3Uri` is not set, so a rehearsal has no place to write; set it, and retryDeployment "
    "goes on."
)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What one model is rehearsed with: its test data, and what the outcome is held against."""

    registration: Registration
    test_data: Asset


class UnreadableError(Exception):
    """Something that a rehearsal needs cannot be read; the message names it and the remedy."""


class Rehearsing:
    """Begins rehearsals.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self._means = means

    async def rehearse(self, key: str, attempt: int) -> None:
        """Begins the transform jobs. Raises StepFailedError, AWSError, RegistryError."""
        course = await self._means.seen(key, attempt, DeploymentState.REHEARSING)
        if course is None:
            await self._leave_late(key, attempt)
            return
        planned = await planned_for(self._means, course)
        prefix = self._means.rules.output_s3_uri
        if prefix is None:
            await self._block(course, _NO_PLACE)
            return
        async with self._means.scope(course) as scope:
            try:
                inputs = [await _input(scope.writer.storage, each) for each in planned]
                for each in planned:
                    await _check_comparator(scope.writer.storage, each.registration)
            except (UnreadableError, ComparatorError) as error:
                await self._block(course, str(error))
                return
            jobs = [_job(self._means, course, prefix, each, uri) for each, uri in zip(planned, inputs, strict=True)]
            if await self._note(course, jobs):
                for job in jobs:
                    await self._begin(scope, course, job)
        now = await self._means.seen(key, attempt, DeploymentState.REHEARSING)
        if now is None:
            await self._leave_late(key, attempt)
        else:
            await explain(self._means, [now], None)

    async def _note(self, course: Course, jobs: Sequence[NewTransformJob]) -> bool:
        """Notes every job before the first is begun: whoever cancels knows of all, and nothing is compared before
        all have ended. False, and nothing noted, where somebody has cancelled.
        """
        async with self._means.database.writing() as connection:
            if not await deployments.stands(connection, course):
                return False
            for job in jobs:
                await deployment_steps.begin(
                    connection,
                    course,
                    DeploymentStepName.REHEARSE,
                    datetime.now(UTC),
                    model_name=job.model_name,
                    job_name=job.name,
                )
        return True

    async def _begin(self, scope: OpenScope, course: Course, wanted: NewTransformJob) -> None:
        made = await scope.writer.create_transform_job(wanted, self._means.author(course, course.started_by))
        await note_begun(self._means, scope, course, made.resource)

    async def _block(self, course: Course, reason: str) -> None:
        """Holds it up; jobs that a process began which died over it are stopped."""
        deed = Deed(action="deployment.rehearse", actor=course.started_by)
        await give_up(self._means, course, DeploymentState.BLOCKED, deed, reason)

    async def _leave_late(self, key: str, attempt: int) -> None:
        """Jobs that were begun when nobody wanted them any more are to be stopped."""
        async with self._means.database.writing() as connection:
            course = await deployments.course(connection, key)
            if course is not None and (course.attempt != attempt or course.state in _UNWANTED):
                jobs = await deployment_steps.rehearsals(connection, replace(course, attempt=attempt))
                await leave(connection, course, ElementKind.TRANSFORM_JOB, *jobs.values())


async def note_begun(means: Means, scope: OpenScope, course: Course, job: TransformJob) -> None:
    """Says of the step that its job was created, and audits it, once: whoever created it may have died over it."""
    if job.detail is None:
        return
    told = f"Transform job {job.name} over {job.detail.inputs[0].s3_uri}"
    deed = Deed(
        action="deployment.rehearse",
        actor=course.started_by,
        role_arn=scope.role,
        detail=told,
        aws_request_ids=written(),
    )
    step, model_name = DeploymentStepName.REHEARSE, job.detail.model_name
    async with means.database.writing() as connection:
        if await deployment_steps.tell(connection, course, step, told, model_name):
            await keep(connection, course, deed, AuditOutcome.SUCCEEDED, datetime.now(UTC))


async def planned_for(means: Means, course: Course) -> Sequence[Rehearsal]:
    """What is to be rehearsed: each of the deployment's models that has test data, with the newest of it."""
    async with means.database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, course.key)
        ids = () if deployment is None else deployment.registration_ids
        keys = [str(key_of(each, "Registration")) for each in ids]
        found = await registrations.by_keys(connection, keys, means.rules.required_assets)
    return [
        Rehearsal(registration, data)
        for key in keys
        if (registration := found.get(key)) and (data := newest(registration, AssetRole.TEST_DATA))
    ]


def newest(registration: Registration, role: AssetRole) -> Asset | None:
    """The asset of this role that was put last."""
    theirs = [asset for asset in registration.assets if asset.role is role]
    return max(theirs, key=lambda asset: asset.added_at, default=None)


async def comparator_for(storage: Storage, registration: Registration) -> Comparator:
    """What a rehearsal of the model is held against. Raises ComparatorError, AWSError."""
    asset = newest(registration, AssetRole.TEST_RESULT_COMPARATOR)
    return NO_COMPARATOR if asset is None else await comparator_of(storage, asset)


async def _input(storage: Storage, rehearsal: Rehearsal) -> str:
    """Where the test data is, once it is seen that the group's role may read it. Raises UnreadableError, AWSError."""
    data, model = rehearsal.test_data, rehearsal.registration.model_name
    if data.s3_uri is None:
        raise UnreadableError(f"The TEST_DATA of `{model}` is a text, and jobs read from S3; put it there.")
    await _check_readable(storage, f"The TEST_DATA of `{model}`", data.s3_uri)
    return data.s3_uri


async def _check_comparator(storage: Storage, registration: Registration) -> None:
    """Sees that the comparator, and the rows that it expects, can be read: what cannot be compared need not be run.

    Raises:
        ComparatorError, UnreadableError, AWSError
    """
    expected = (await comparator_for(storage, registration)).expected
    if expected is not None:
        await _check_readable(storage, f"What is expected of `{registration.model_name}`", expected.s3_uri)


async def _check_readable(storage: Storage, what: str, s3_uri: str) -> None:
    """Raises UnreadableError where there is nothing that the group's role may read; AWSError."""
    try:
        readability = await storage.readability(s3_uri)
    except MalformedAddressError as error:
        raise UnreadableError(f"{what} is at no address of S3's: {s3_uri}.") from error
    if readability is not Readability.READABLE:
        why = "is not there" if readability is Readability.NOT_FOUND else "may not be read by the group's role"
        raise UnreadableError(f"{what} {why}: {s3_uri}. Mend it, and retryDeployment goes on.")


def _job(means: Means, course: Course, prefix: str, rehearsal: Rehearsal, uri: str) -> NewTransformJob:
    content_type = _type(rehearsal.test_data)
    line = "Line" if content_type in _BY_LINE else None
    model = rehearsal.registration.model_name
    return NewTransformJob(
        name=job_name(course, model),
        model_name=model,
        input_s3_uri=uri,
        output_s3_uri=output_of(course, prefix, model),
        instance_type=means.rules.instance_type,
        instance_count=means.rules.instance_count,
        content_type=content_type,
        split_type=line,
        assemble_with=line,
    )


def _type(asset: Asset) -> str | None:
    """Its MIME type: as its name tells, where S3 says no more than that it is bytes."""
    given = (asset.content_type or "").partition(";")[0].strip().lower()
    if given and given not in _UNTELLING:
        return given
    return next((kind for ending, kind in _TYPES.items() if (asset.s3_uri or "").endswith(ending)), None)
