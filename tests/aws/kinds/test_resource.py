"""Resources as values, and the fields that all kinds share."""

import math
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from aws.kinds import models as aws_models
from aws.kinds import training_jobs as aws_training_jobs
from aws.kinds import transform_jobs as aws_transform_jobs
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.resource import Resource, parse_common_fields, parse_network, parse_number, sorted_pairs
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import JobType, RuntimeStatus
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from tests.aws.sandbox_account import ACCOUNT, IMAGE, NOON, REGION, arn, provenance
from tests.aws.service_model import answer


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
    read_model = aws_models.parse_description(
        {
            "ModelName": "scorer",
            "ModelArn": arn("model", "scorer"),
            "PrimaryContainer": {"Image": IMAGE, "Environment": secret},
        },
        provenance(),
    )
    training = aws_training_jobs.parse_description(
        {
            "TrainingJobName": "train",
            "TrainingJobArn": arn("training-job", "train"),
            "TrainingJobStatus": "Completed",
            "HyperParameters": secret,
        },
        provenance(),
    )
    transform = aws_transform_jobs.parse_description(
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


@pytest.mark.parametrize("kind", Kind)
def test_name_arn_and_time_are_the_rows_and_the_rest_the_origins(kind: Kind) -> None:
    spelling = API_NAMES[kind]
    row = {spelling.name_key: "Scorer-1", spelling.arn_key: arn(spelling.arn_type, "Scorer-1"), "CreationTime": NOON}
    assert parse_common_fields(API_NAMES[kind], row, provenance()) == {
        "scope": "scope-1",
        "name": "Scorer-1",
        "arn": arn(spelling.arn_type, "scorer-1"),
        "account_id": ACCOUNT,
        "region": REGION,
        "creation_time": NOON,
        "as_of": NOON,
    }


def test_account_and_region_are_the_arns_where_it_has_them() -> None:
    shared = {"ModelName": "a", "ModelArn": "arn:aws:sagemaker:us-east-2:999999999999:model/a"}
    mapping = parse_common_fields(API_NAMES[Kind.MODEL], shared, provenance())
    assert (mapping["account_id"], mapping["region"], mapping["creation_time"]) == ("999999999999", "us-east-2", None)
    odd = {"ModelName": "a", "ModelArn": "model/a"}
    mapping = parse_common_fields(API_NAMES[Kind.MODEL], odd, provenance())
    assert (mapping["account_id"], mapping["region"]) == (ACCOUNT, REGION)


def test_network_settings() -> None:
    vpc = {"Subnets": ["subnet-2", "subnet-1"], "SecurityGroupIds": ["sg-1"]}
    basis: dict[str, Any] = {"ModelName": "a", "ModelArn": arn("model", "a"), "CreationTime": NOON}
    isolated = parse_network(answer("DescribeModel", **basis, VpcConfig=vpc, EnableNetworkIsolation=True))
    assert (isolated.isolated, isolated.subnets, isolated.security_group_ids) == (
        True,
        ("subnet-2", "subnet-1"),
        ("sg-1",),
    )
    open_to_all = parse_network(answer("DescribeModel", **basis))
    assert (open_to_all.isolated, open_to_all.subnets, open_to_all.security_group_ids) == (False, (), ())


def test_pairs_are_sorted_by_key() -> None:
    assert sorted_pairs({"b": "1", "a": "2", "C": "3"}) == (("C", "3"), ("a", "2"), ("b", "1"))
    assert sorted_pairs({}) == ()
    assert sorted_pairs(None) == ()


@pytest.mark.parametrize(
    ("written", "number"), [(0.5, 0.5), (2, 2), ("NaN", None), ("-Infinity", None), (math.nan, None), (None, None)]
)
def test_a_number_is_finite_or_none(written: object, number: float | None) -> None:
    assert parse_number(written) == number
