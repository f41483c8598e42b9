"""Transform jobs: what they read, what they write, how they fail."""

import json
from typing import Any

import pytest

from sandbox.sagemaker.store import TRANSFORM_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
ROLE = "arn:aws:iam::222222222222:role/execution"
ROWS = b"1,2\n3,4\n"


@pytest.fixture
def model(sandbox: Sandbox) -> str:
    sandbox.objects.make_bucket("bucket", *PLACE)
    sandbox.objects.write("s3://bucket/in/day/part.csv", ROWS)
    sandbox.objects.write("s3://bucket/in/other.csv", b"5,6\n")
    sandbox.call("CreateModel", *PLACE, ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "r/i:1"})
    return "m"


def _run(sandbox: Sandbox, model: str, *, uri: str = "s3://bucket/in/", kind: str = "S3Prefix", **more: Any) -> Any:
    ask: dict[str, Any] = {
        "TransformJobName": "job",
        "ModelName": model,
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": uri}}},
        "TransformOutput": {"S3OutputPath": "s3://bucket/out"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    sandbox.call("CreateTransformJob", *PLACE, **(ask | more))
    sandbox.advance(600)
    return sandbox.call("DescribeTransformJob", *PLACE, TransformJobName="job")


def test_each_input_object_has_its_output(sandbox: Sandbox, model: str) -> None:
    assert _run(sandbox, model)["TransformJobStatus"] == "Completed"
    assert sandbox.objects.under("s3://bucket/out/") == [
        "s3://bucket/out/day/part.csv.out",
        "s3://bucket/out/other.csv.out",
    ]
    first = sandbox.objects.read("s3://bucket/out/day/part.csv.out")
    assert first is not None
    assert len(first.splitlines()) == 2


def test_one_object_can_be_the_input(sandbox: Sandbox, model: str) -> None:
    _run(sandbox, model, uri="s3://bucket/in/day/part.csv")
    assert sandbox.objects.under("s3://bucket/out/") == ["s3://bucket/out/part.csv.out"]


def test_the_same_input_gets_the_same_answer_and_another_another(sandbox: Sandbox, model: str) -> None:
    _run(sandbox, model, uri="s3://bucket/in/day/part.csv")
    first = sandbox.objects.read("s3://bucket/out/part.csv.out")
    again: dict[str, Any] = {"TransformJobName": "again", "TransformOutput": {"S3OutputPath": "s3://bucket/again"}}
    _run(sandbox, model, uri="s3://bucket/in/day/part.csv", **again)
    assert sandbox.objects.read("s3://bucket/again/part.csv.out") == first
    sandbox.objects.write("s3://bucket/in/day/part.csv", b"1,2\n3,5\n")
    third: dict[str, Any] = {"TransformJobName": "third", "TransformOutput": {"S3OutputPath": "s3://bucket/third"}}
    _run(sandbox, model, uri="s3://bucket/in/day/part.csv", **third)
    assert sandbox.objects.read("s3://bucket/third/part.csv.out") != first


def test_answers_can_be_joined_to_their_input(sandbox: Sandbox, model: str) -> None:
    _run(sandbox, model, uri="s3://bucket/in/day/part.csv", DataProcessing={"JoinSource": "Input"})
    lines = (sandbox.objects.read("s3://bucket/out/part.csv.out") or b"").decode().splitlines()
    assert [line.rsplit(",", 1)[0] for line in lines] == ["1,2", "3,4"]


def test_a_manifest_names_the_inputs(sandbox: Sandbox, model: str) -> None:
    manifest = json.dumps([{"prefix": "s3://bucket/in/"}, "day/part.csv"]).encode()
    sandbox.objects.write("s3://bucket/manifest.json", manifest)
    _run(sandbox, model, uri="s3://bucket/manifest.json", kind="ManifestFile")
    assert sandbox.objects.under("s3://bucket/out/") == ["s3://bucket/out/day/part.csv.out"]


def test_a_bucket_that_is_not_there_fails_the_job(sandbox: Sandbox, model: str) -> None:
    text = _run(sandbox, model, TransformOutput={"S3OutputPath": "s3://nowhere/out"})
    assert (text["TransformJobStatus"], text["FailureReason"]) == (
        "Failed",
        "ClientError: The specified bucket does not exist: nowhere",
    )


def test_a_job_that_is_to_fail_writes_nothing(sandbox: Sandbox, model: str) -> None:
    sandbox.timeline.decide_outcome(TRANSFORM_JOB, "job", Outcome(failure="ClientError: no"))
    assert _run(sandbox, model)["FailureReason"] == "ClientError: no"
    assert not sandbox.objects.has_any("s3://bucket/out/")


def test_a_stopped_job_writes_nothing(sandbox: Sandbox, model: str) -> None:
    sandbox.clock.freeze()
    ask = {"TransformJobName": "job"}
    sandbox.timeline.decide_outcome(TRANSFORM_JOB, "job", Outcome(seconds=10_000))
    _run(sandbox, model)
    sandbox.call("StopTransformJob", *PLACE, **ask)
    sandbox.call("StopTransformJob", *PLACE, **ask)
    sandbox.advance(20_000)
    text = sandbox.call("DescribeTransformJob", *PLACE, **ask)
    assert text["TransformJobStatus"] == "Stopped"
    assert not sandbox.objects.has_any("s3://bucket/out/")


def test_a_job_needs_its_model_and_its_name(sandbox: Sandbox, model: str) -> None:
    with pytest.raises(ServiceError, match="Could not find model"):
        _run(sandbox, "nobody")
    _run(sandbox, model)
    with pytest.raises(ServiceError, match="Job name must be unique within an AWS account and region") as caught:
        _run(sandbox, model)
    assert caught.value.code == "ResourceInUse"


def test_outputs_are_there_as_soon_as_the_job_is_done(sandbox: Sandbox, model: str, connect: Any) -> None:
    sandbox.clock.freeze()
    sandbox.timeline.decide_outcome(TRANSFORM_JOB, "job", Outcome(seconds=1000))
    _run(sandbox, model)
    sandbox.clock.advance(1000)
    # Nobody has asked SageMaker meanwhile: S3 shows it all the same.
    listed = connect("s3").list_objects_v2(Bucket="bucket", Prefix="out/")
    assert [row["Key"] for row in listed["Contents"]] == ["out/day/part.csv.out", "out/other.csv.out"]


def test_a_model_of_an_uncompressed_folder_cannot_be_run_in_batches(sandbox: Sandbox, model: str) -> None:
    source = {"S3DataSource": {"S3Uri": "s3://bucket/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}}
    container = {"Image": "r/i:1", "ModelDataSource": source}
    sandbox.call("CreateModel", *PLACE, ModelName="folder", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    with pytest.raises(ServiceError, match="with which batch transform cannot be used"):
        _run(sandbox, "folder")
    assert sandbox.call("ListTransformJobs", *PLACE)["TransformJobSummaries"] == []


def test_describe_shows_defaults(sandbox: Sandbox, model: str) -> None:
    """What was not given, as SageMaker adds it; a job that is not there is a validation error."""
    text = _run(sandbox, model)
    assert (text["TransformInput"]["CompressionType"], text["TransformOutput"]["AssembleWith"]) == ("None", "None")
    assert text["TransformOutput"]["KmsKeyId"] == ""
    for operation in ("DescribeTransformJob", "StopTransformJob"):
        with pytest.raises(ServiceError) as caught:
            sandbox.call(operation, *PLACE, TransformJobName="nobody")
        assert caught.value.code == "ValidationException"
