"""resolvers.job_changes: jobs are made once, each by its own sort, and stopped; whoever may not changes nothing."""

from typing import Any

import pytest

from auth.permissions import Permission
from aws.statuses import JobStatus, JobType
from aws.writing.inputs import NewChannel, NewTrainingJob, NewTransformJob
from resolvers.job_changes import StopJob, create_training_job, create_transform_job, stop_job
from resolvers.making import Asked
from sandbox.sagemaker.life import Outcome
from sandbox.sagemaker.store import TRAINING_JOB, TRANSFORM_JOB
from tests.asking import RISK
from tests.making import BUCKET, IMAGE, making
from tests.resolvers.desks import Desk, refuses

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
def counter(desk: Desk) -> Desk:
    """A desk, with a model in AWS and a finished job of each sort."""
    with making(desk.sandbox) as things:
        things.model("churn", things.training("done"))
        things.transform("done", "churn")
    for sort in (TRAINING_JOB, TRANSFORM_JOB):
        desk.sandbox.life.decide(sort, "job", Outcome(seconds=600))
    desk.asked()
    return desk


def writes(desk: Desk) -> dict[str, int]:
    """What has been changed in AWS since it was last told of."""
    return {name: count for name, count in desk.asked().items() if name.startswith(("Create", "Stop"))}


async def test_a_training_job_is_made_once(counter: Desk) -> None:
    for created in (True, False):
        async with counter.act(MAY) as act:
            payload = await create_training_job(act, Asked(TRAINING))
        assert payload.training_job is not None
        assert (payload.training_job.name, payload.training_job.status) == ("job", JobStatus.IN_PROGRESS)
        assert (payload.created, payload.user_errors, act.target) == (created, (), "TrainingJob job")
    # The second try is refused by the name.
    assert writes(counter) == {"CreateTrainingJob": 2}


async def test_a_transform_job_is_made_once(counter: Desk) -> None:
    for created in (True, False):
        async with counter.act(MAY) as act:
            payload = await create_transform_job(act, Asked(TRANSFORM))
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
async def test_a_job_is_stopped(counter: Desk, sort: JobType, create: Any, wanted: Any, stop: str, target: str) -> None:
    """One of its own sort, though another has its name; one that has ended is shown as it is."""
    async with counter.act(MAY) as act:
        await create(act, Asked(wanted))
    counter.asked()
    async with counter.act(MAY, "ann", "risk", "other") as act:
        payload = await stop_job(act, Asked(StopJob(sort, "job"), "other", RISK.region))
    assert payload.job is not None
    assert (payload.job.name, payload.job.status) == ("job", JobStatus.STOPPING)
    assert (act.target, act.group, act.role_arn) == (f"{target} job", "other", RISK.role_arn)
    assert writes(counter) == {stop: 1}
    async with counter.act(MAY) as act:
        ended = (await stop_job(act, Asked(StopJob(sort, "done")))).job
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
async def test_whoever_may_not_changes_nothing(counter: Desk, change: Any, what: Any, target: str) -> None:
    await refuses(counter, MAY, change, what, target)
