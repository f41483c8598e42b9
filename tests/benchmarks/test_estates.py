"""The estates hold what they say, all of it steady, and every job belongs to a model."""

from collections import Counter

import pytest

from benchmarks.estates import ACCOUNT, SIZES, Size, fill, steps
from sandbox.server import Sandbox

REGION = "us-east-2"
SMALL = Size(models=2, snapshots=5, runtimes=3, training_jobs=4, transform_jobs=3)
FOLDERS = Size(models=2, snapshots=2, runtimes=1, training_jobs=31, transform_jobs=2)


@pytest.mark.parametrize("name", SIZES)
def test_an_estate_has_the_counts_of_its_name(name: str) -> None:
    size = SIZES[name]
    made = Counter(operation for operation, _ in steps(size, REGION))
    assert made == {f"Create{kind}": count for kind, count in size.by_kind.items() if count}


def test_the_sizes_are_those_that_must_be_reached() -> None:
    hundred, thousands, jobs = SIZES["hundred-models"], SIZES["two-thousand-models"], SIZES["fifty-thousand-jobs"]
    assert (hundred.models, hundred.snapshots, hundred.runtimes, hundred.jobs) == (100, 300, 100, 500)
    assert (thousands.models, thousands.runtimes) == (2_000, 100)
    assert jobs.jobs == 50_000


@pytest.mark.parametrize("size", [SMALL, FOLDERS])
def test_everything_is_there_and_steady_when_an_estate_is_filled(sandbox: Sandbox, size: Size) -> None:
    fill(sandbox, REGION, size)
    runtimes = sandbox.call("ListEndpoints", ACCOUNT, REGION, MaxResults=100)["Endpoints"]
    training = sandbox.call("ListTrainingJobs", ACCOUNT, REGION, MaxResults=100)["TrainingJobSummaries"]
    transforms = sandbox.call("ListTransformJobs", ACCOUNT, REGION, MaxResults=100)["TransformJobSummaries"]
    assert [row["EndpointStatus"] for row in runtimes] == ["InService"] * size.runtimes
    assert [row["TrainingJobStatus"] for row in training] == ["Completed"] * size.training_jobs
    assert [row["TransformJobStatus"] for row in transforms] == ["Completed"] * size.transform_jobs
    assert sandbox.clock.speed == 1.0


def test_each_training_job_left_what_a_container_of_one_model_loads(sandbox: Sandbox) -> None:
    fill(sandbox, REGION, SMALL)
    loaded = [
        container["ModelDataUrl"]
        for name in ("model-00000", "model-00001")
        for container in sandbox.call("DescribeModel", ACCOUNT, REGION, ModelName=name)["Containers"]
    ]
    left = [
        sandbox.call("DescribeTrainingJob", ACCOUNT, REGION, TrainingJobName=f"training-{k:05}")["ModelArtifacts"][
            "S3ModelArtifacts"
        ]
        for k in range(SMALL.training_jobs)
    ]
    assert sorted(loaded) == sorted(left)


def test_a_model_of_too_many_jobs_loads_their_folder(sandbox: Sandbox) -> None:
    fill(sandbox, REGION, FOLDERS)
    newest = sandbox.call("DescribeModel", ACCOUNT, REGION, ModelName="model-00001")
    source = newest["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]
    job = sandbox.call("DescribeTrainingJob", ACCOUNT, REGION, TrainingJobName="training-00030")
    assert source["S3DataType"] == "S3Prefix"
    assert job["ModelArtifacts"]["S3ModelArtifacts"].startswith(source["S3Uri"])
    transform = sandbox.call("DescribeTransformJob", ACCOUNT, REGION, TransformJobName="transform-00000")
    assert transform["ModelName"] == "model-00000"
