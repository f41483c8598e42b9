"""resolvers.jobs: the models of a job, and that "there is none" is said only where nothing was hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from auth.permissions import Permission
from aws.client.errors import AccessDeniedError, AWSError, UnavailableError
from aws.inventory.scans import Scan
from aws.kinds.kind import Kind
from aws.kinds.models import Artifact, Model, ModelDetail
from aws.kinds.statuses import JobStatus, JobType
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.write.inputs import NewChannel, NewTrainingJob, NewTransformJob
from resolvers.errors import ScanBoundError
from resolvers.jobs import StopJob, create_training_job, create_transform_job, execution_seconds, model_names, stop_job
from resolvers.mutations.aws_changes import Targeted
from sandbox.sagemaker.store import TRAINING_JOB, TRANSFORM_JOB
from sandbox.sagemaker.timeline import Outcome
from tests.gateway_client import RISK
from tests.registry.factories import NOON, minutes_after_noon
from tests.resolvers.harness import MutationHarness, assert_refused
from tests.sagemaker_builder import BUCKET, IMAGE, building
from tests.workflows.imports.test_stored_copies import RESOURCES

ARTIFACT = "s3://bucket/m.tar.gz"
MODEL = cast(Model, RESOURCES[0])
TRAINED, USED = cast(TrainingJob, RESOURCES[3]), cast(TransformJob, RESOURCES[4])
REFUSED = AccessDeniedError("No.", operation="DescribeModel")
DOWN = UnavailableError("AWS is down.", operation="ListModels")


def model(name: str, artifact: str = ARTIFACT) -> Model:
    """A model of one container."""
    detail = cast(ModelDetail, MODEL.detail)
    container = replace(detail.containers[0], artifacts=(Artifact(artifact, prefix=False),))
    return replace(MODEL, name=name, detail=replace(detail, containers=(container,)))


def trained(**detail: Any) -> TrainingJob:
    """A training job that has left something else."""
    assert TRAINED.detail is not None
    return replace(TRAINED, detail=replace(TRAINED.detail, **detail))


def scan(*models: Model, refusal: AWSError | None = None, whole: bool = True) -> Scan:
    """Every model, as far as it could be read."""
    refused = ("hidden",) if refusal else ()
    return Scan(models, refused, minutes_after_noon(1) if whole else None, NOON, refusal)


class Known:
    """An inventory; keeps which kinds were scanned."""

    def __init__(self, models: Scan | AWSError) -> None:
        self._models = models
        self.scanned: list[Kind] = []

    async def describe_rows(self, rows: Sequence[Any]) -> Mapping[str, Any]:
        return {row.name: row for row in rows}

    async def scan(self, kind: Kind) -> Scan:
        self.scanned.append(kind)
        if isinstance(self._models, AWSError):
            raise self._models
        return self._models

    def derived(self, resource: Any, derive: Any) -> Any:
        return derive(resource)

    async def packages(self, _names: Any) -> Mapping[str, Any]:
        return {}


async def names(known: Known, *jobs: TrainingJob | TransformJob) -> Sequence[Any]:
    """The models of each job."""
    view: Any = SimpleNamespace(group=None, inventory=known)
    return await model_names(view, jobs)


async def test_a_transform_job_names_its_model_itself() -> None:
    """No model is looked at for it, and nothing that hides models hides this one."""
    known = Known(DOWN)
    assert await names(known, USED) == [("churn",)]
    assert known.scanned == []


async def test_a_training_job_has_made_whatever_has_its_artifact() -> None:
    """Also where others are hidden; all jobs of a level take one scan."""
    known = Known(scan(model("a"), model("b"), model("other", "s3://bucket/else.tar.gz"), refusal=REFUSED))
    result = await names(known, TRAINED, USED, TRAINED)
    assert [sorted(item) for item in result] == [["a", "b"], ["churn"], ["a", "b"]]
    assert known.scanned == [Kind.MODEL]


@pytest.mark.parametrize(
    ("models", "doubt"),
    [
        (scan(model("other", "s3://bucket/else.tar.gz")), None),
        (scan(model("other", "s3://bucket/else.tar.gz"), refusal=REFUSED), AccessDeniedError),
        (scan(model("other", "s3://bucket/else.tar.gz"), whole=False), ScanBoundError),
        (DOWN, UnavailableError),
    ],
)
async def test_that_there_is_none_is_said_only_where_nothing_was_hidden(
    models: Scan | AWSError, doubt: type[Exception] | None
) -> None:
    """A job that has left nothing has made no model, whatever could not be seen."""
    nothing = trained(model_artifacts_s3_uri=None)
    made, left_nothing = await names(Known(models), TRAINED, nothing)
    assert left_nothing == ()
    assert made == () if doubt is None else isinstance(made, doubt)


@pytest.mark.parametrize(
    ("status", "start", "end", "seconds"),
    [
        (JobStatus.COMPLETED, NOON, minutes_after_noon(5), 300.0),
        (JobStatus.IN_PROGRESS, NOON, None, 540.0),
        (JobStatus.STOPPING, NOON, None, 540.0),
        (JobStatus.STOPPING, NOON, minutes_after_noon(5), 300.0),
        # Of one that has ended without a time nobody can tell; nor of one that has not started.
        (JobStatus.FAILED, NOON, None, None),
        (JobStatus.IN_PROGRESS, None, None, None),
        # Clocks differ: no job runs less than no time.
        (JobStatus.STOPPED, minutes_after_noon(5), NOON, 0.0),
        (JobStatus.IN_PROGRESS, minutes_after_noon(10), None, 0.0),
        (JobStatus.COMPLETED, NOON, NOON + timedelta(milliseconds=1), 0.001),
    ],
)
def test_how_long_a_job_runs(
    status: JobStatus, start: datetime | None, end: datetime | None, seconds: float | None
) -> None:
    job = trained(start_time=start)
    assert job.detail is not None
    assert execution_seconds(replace(job, status=status, end_time=end), job.detail, minutes_after_noon(9)) == seconds


MAY = Permission.CREATE_JOBS
TRAINING = NewTrainingJob(
    name="job",
    training_image=IMAGE,
    role_arn=RISK.execution_role_arn,
    output_s3_uri=f"s3://{BUCKET}/trained/",
    instance_type="ml.m5.large",
    channels=(NewChannel("train", f"s3://{BUCKET}/in/"),),
)
TRANSFORM = NewTransformJob(
    name="job",
    model_name="churn",
    input_s3_uri=f"s3://{BUCKET}/in/",
    output_s3_uri=f"s3://{BUCKET}/scored/",
    instance_type="ml.m5.large",
)


@pytest.fixture
def counter(harness: MutationHarness) -> MutationHarness:
    """A harness, with a model in AWS and a finished job of each sort."""
    with building(harness.sandbox) as things:
        things.model("churn", things.training("done"))
        things.transform("done", "churn")
    for sort in (TRAINING_JOB, TRANSFORM_JOB):
        harness.sandbox.timeline.decide_outcome(sort, "job", Outcome(seconds=600))
    harness.take_aws_calls()
    return harness


def writes(harness: MutationHarness) -> dict[str, int]:
    """What has been changed in AWS since it was last told of."""
    return {name: count for name, count in harness.take_aws_calls().items() if name.startswith(("Create", "Stop"))}


async def test_a_training_job_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as context:
            payload = await create_training_job(context, Targeted(TRAINING))
        assert payload.training_job is not None
        assert (payload.training_job.name, payload.training_job.status) == ("job", JobStatus.IN_PROGRESS)
        assert (payload.created, payload.user_errors, context.target) == (created, (), "TrainingJob job")
    # The second try is refused by the name.
    assert writes(counter) == {"CreateTrainingJob": 2}


async def test_a_transform_job_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as context:
            payload = await create_transform_job(context, Targeted(TRANSFORM))
        assert payload.transform_job is not None
        assert (payload.transform_job.name, payload.transform_job.status) == ("job", JobStatus.IN_PROGRESS)
        assert (payload.created, payload.user_errors, context.target) == (created, (), "TransformJob job")
    assert writes(counter) == {"CreateTransformJob": 2}


@pytest.mark.parametrize(
    ("sort", "create", "wanted", "stop", "target"),
    [
        (JobType.TRAINING, create_training_job, TRAINING, "StopTrainingJob", "TrainingJob"),
        (JobType.TRANSFORM, create_transform_job, TRANSFORM, "StopTransformJob", "TransformJob"),
    ],
)
async def test_a_job_is_stopped(
    counter: MutationHarness, sort: JobType, create: Any, wanted: Any, stop: str, target: str
) -> None:
    """One of its own sort, though another has its name; one that has ended is shown as it is."""
    async with counter.mutation(MAY) as context:
        await create(context, Targeted(wanted))
    counter.take_aws_calls()
    async with counter.mutation(MAY, "ann", "risk", "other") as context:
        payload = await stop_job(context, Targeted(StopJob(sort, "job"), "other", RISK.region))
    assert payload.job is not None
    assert (payload.job.name, payload.job.status) == ("job", JobStatus.STOPPING)
    assert (context.target, context.group, context.role_arn) == (f"{target} job", "other", RISK.role_arn)
    assert writes(counter) == {stop: 1}
    async with counter.mutation(MAY) as context:
        ended = (await stop_job(context, Targeted(StopJob(sort, "done")))).job
    assert ended is not None
    assert (ended.status, context.target, writes(counter)) == (JobStatus.COMPLETED, f"{target} done", {})


@pytest.mark.parametrize(
    ("change", "item", "target"),
    [
        (create_training_job, TRAINING, "TrainingJob job"),
        (create_transform_job, TRANSFORM, "TransformJob job"),
        (stop_job, StopJob(JobType.TRAINING, "done"), "TrainingJob done"),
        (stop_job, StopJob(JobType.TRANSFORM, "done"), "TransformJob done"),
    ],
)
async def test_whoever_may_not_changes_nothing(counter: MutationHarness, change: Any, item: Any, target: str) -> None:
    await assert_refused(counter, MAY, change, item, target)
