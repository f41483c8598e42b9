"""resolvers.job_changes: jobs are made once, each by its own sort, and stopped; whoever may not changes nothing."""

from typing import Any

import pytest

from auth.permissions import Permission
from aws.statuses import JobStatus, JobType
from aws.writing.inputs import NewChannel, NewTrainingJob, NewTransformJob
from resolvers.job_changes import StopJob, create_training_job, create_transform_job, stop_job
from resolvers.making import Targeted
from sandbox.sagemaker.life import Outcome
from sandbox.sagemaker.store import TRAINING_JOB, TRANSFORM_JOB
from tests.asking import RISK
from tests.making import BUCKET, IMAGE, building
from tests.resolvers.desks import MutationHarness, assert_refused

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
def counter(desk: MutationHarness) -> MutationHarness:
    """A desk, with a model in AWS and a finished job of each sort."""
    with building(desk.sandbox) as things:
        things.model("churn", things.training("done"))
        things.transform("done", "churn")
    for sort in (TRAINING_JOB, TRANSFORM_JOB):
        desk.sandbox.timeline.decide_outcome(sort, "job", Outcome(seconds=600))
    desk.take_aws_calls()
    return desk


def writes(desk: MutationHarness) -> dict[str, int]:
    """What has been changed in AWS since it was last told of."""
    return {name: count for name, count in desk.take_aws_calls().items() if name.startswith(("Create", "Stop"))}


async def test_a_training_job_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as act:
            payload = await create_training_job(act, Targeted(TRAINING))
        assert payload.training_job is not None
        assert (payload.training_job.name, payload.training_job.status) == ("job", JobStatus.IN_PROGRESS)
        assert (payload.created, payload.user_errors, act.target) == (created, (), "TrainingJob job")
    # The second try is refused by the name.
    assert writes(counter) == {"CreateTrainingJob": 2}


async def test_a_transform_job_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as act:
            payload = await create_transform_job(act, Targeted(TRANSFORM))
        assert payload.transform_job is not None
        assert (payload.transform_job.name, payload.transform_job.status) == ("job", JobStatus.IN_PROGRESS)
        assert (payload.created, payload.user_errors, act.target) == (created, (), "TransformJob job")
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
    async with counter.mutation(MAY) as act:
        await create(act, Targeted(wanted))
    counter.take_aws_calls()
    async with counter.mutation(MAY, "ann", "risk", "other") as act:
        payload = await stop_job(act, Targeted(StopJob(sort, "job"), "other", RISK.region))
    assert payload.job is not None
    assert (payload.job.name, payload.job.status) == ("job", JobStatus.STOPPING)
    assert (act.target, act.group, act.role_arn) == (f"{target} job", "other", RISK.role_arn)
    assert writes(counter) == {stop: 1}
    async with counter.mutation(MAY) as act:
        ended = (await stop_job(act, Targeted(StopJob(sort, "done")))).job
    assert ended is not None
    assert (ended.status, act.target, writes(counter)) == (JobStatus.COMPLETED, f"{target} done", {})


@pytest.mark.parametrize(
    ("change", "what", "target"),
    [
        (create_training_job, TRAINING, "TrainingJob job"),
        (create_transform_job, TRANSFORM, "TransformJob job"),
        (stop_job, StopJob(JobType.TRAINING, "done"), "TrainingJob done"),
        (stop_job, StopJob(JobType.TRANSFORM, "done"), "TransformJob done"),
    ],
)
async def test_whoever_may_not_changes_nothing(counter: MutationHarness, change: Any, what: Any, target: str) -> None:
    await assert_refused(counter, MAY, change, what, target)
