"""Resources as values: their ids and pages, and that secrets are not shown."""

from dataclasses import FrozenInstanceError

import pytest

from aws.kinds import Kind
from aws.naming import encode_id
from aws.readings import models, training_jobs, transform_jobs
from aws.resources import Model, Resource, Runtime, Snapshot, TrainingJob, TransformJob
from aws.statuses import JobType, RuntimeStatus
from tests.aws.scene import ACCOUNT, IMAGE, NOON, REGION, arn, provenance


def model(name: str = "Scorer-1", partition: str = "aws") -> Model:
    return Model(
        scope="scope-1",
        name=name,
        arn=arn("model", name).replace("arn:aws:", f"arn:{partition}:"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
    )


def test_a_resource_is_of_one_kind() -> None:
    kinds: dict[type[Resource[object]], Kind] = {
        Model: Kind.MODEL,
        Snapshot: Kind.SNAPSHOT,
        Runtime: Kind.RUNTIME,
        TrainingJob: Kind.TRAINING_JOB,
        TransformJob: Kind.TRANSFORM_JOB,
    }
    assert {resource: resource.kind for resource in kinds} == kinds
    assert (TrainingJob.type, TransformJob.type) == (JobType.TRAINING, JobType.TRANSFORM)


def test_an_id_is_made_of_the_name_as_spelled() -> None:
    assert model().id == encode_id(Kind.MODEL, ACCOUNT, REGION, "Scorer-1")


def test_the_page_has_the_name_as_spelled_and_is_in_the_arns_partition() -> None:
    page = f"/sagemaker/home?region={REGION}#/models/Scorer-1"
    assert model().console_url == f"https://console.aws.amazon.com{page}"
    assert model(partition="aws-cn").console_url == f"https://console.amazonaws.cn{page}"
    assert model(partition="aws-iso").console_url is None


def test_a_resource_does_not_change() -> None:
    resource = model()
    with pytest.raises(FrozenInstanceError):
        resource.name = "other"  # type: ignore[misc]  # that it cannot be set is what is tested
    assert model() == model()
    assert model() != model("scorer-1")


def test_a_runtime_has_the_status_and_the_word() -> None:
    runtime = Runtime(
        scope="scope-1",
        name="live",
        arn=arn("endpoint", "live"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        status=RuntimeStatus.UNKNOWN,
        raw_status="Hibernating",
        last_modified_time=None,
    )
    assert (runtime.status, runtime.raw_status, runtime.detail) == (RuntimeStatus.UNKNOWN, "Hibernating", None)


def test_secrets_are_not_in_repr() -> None:
    secret = {"PASSWORD": "correct-horse"}
    read_model = models.parse_description(
        {
            "ModelName": "scorer",
            "ModelArn": arn("model", "scorer"),
            "PrimaryContainer": {"Image": IMAGE, "Environment": secret},
        },
        provenance(),
    )
    training = training_jobs.parse_description(
        {
            "TrainingJobName": "train",
            "TrainingJobArn": arn("training-job", "train"),
            "TrainingJobStatus": "Completed",
            "HyperParameters": secret,
        },
        provenance(),
    )
    transform = transform_jobs.parse_description(
        {
            "TransformJobName": "batch",
            "TransformJobArn": arn("transform-job", "batch"),
            "TransformJobStatus": "Completed",
            "ModelName": "scorer",
            "Environment": secret,
        },
        provenance(),
    )
    assert read_model.detail is not None
    assert read_model.detail.containers[0].environment_values == (("PASSWORD", "correct-horse"),)
    assert training.detail is not None
    assert training.detail.hyper_parameter_values == (("PASSWORD", "correct-horse"),)
    assert transform.detail is not None
    assert transform.detail.environment_values == (("PASSWORD", "correct-horse"),)
    for resource in (read_model, training, transform):
        assert "PASSWORD" not in repr(resource)
        assert "correct-horse" not in repr(resource)
        assert resource.name in repr(resource)
