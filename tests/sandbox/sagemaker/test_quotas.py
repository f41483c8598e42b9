"""Quotas: how many of a kind, how many instances of a type."""

from typing import Any

import pytest

from sandbox.sagemaker.store import ENDPOINT, MODEL, TRAINING_JOB
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
ROLE = "arn:aws:iam::222222222222:role/execution"


def _model(sandbox: Sandbox, name: str) -> None:
    container = {"Image": "repository/image:1"}
    sandbox.call("CreateModel", *PLACE, ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)


def _job(sandbox: Sandbox, name: str, count: int = 1) -> None:
    ask: dict[str, Any] = {
        "TrainingJobName": name,
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": "repository/image:1", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    sandbox.call("CreateTrainingJob", *PLACE, **ask)


def test_a_kind_can_be_limited(sandbox: Sandbox) -> None:
    sandbox.sagemaker.quotas.limit(MODEL, 1)
    _model(sandbox, "one")
    with pytest.raises(ServiceError, match="The account-level service limit 'Number of models' is 1 models") as caught:
        _model(sandbox, "two")
    assert caught.value.code == "ResourceLimitExceeded"
    assert [row["ModelName"] for row in sandbox.call("ListModels", *PLACE)["Models"]] == ["one"]


def test_instances_of_running_jobs_count(sandbox: Sandbox) -> None:
    sandbox.sagemaker.quotas.limit_instances(TRAINING_JOB, "ml.m5.large", 3)
    _job(sandbox, "first", 2)
    with pytest.raises(ServiceError) as caught:
        _job(sandbox, "second", 2)
    assert caught.value.message.startswith(
        "The account-level service limit 'ml.m5.large for training job usage' is 3 Instances, with current utilization "
        "of 2 Instances and a request delta of 2 Instances."
    )
    sandbox.advance(3600)
    _job(sandbox, "second", 2)


def test_instances_of_endpoints_count(sandbox: Sandbox) -> None:
    sandbox.sagemaker.quotas.limit_instances(ENDPOINT, "ml.m5.large", 1)
    _model(sandbox, "one")
    variant = {
        "VariantName": "v",
        "ModelName": "one",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sandbox.call("CreateEndpointConfig", *PLACE, EndpointConfigName="c", ProductionVariants=[variant])
    sandbox.call("CreateEndpoint", *PLACE, EndpointName="first", EndpointConfigName="c")
    with pytest.raises(ServiceError, match=r"'ml\.m5\.large for endpoint usage' is 1 Instances"):
        sandbox.call("CreateEndpoint", *PLACE, EndpointName="second", EndpointConfigName="c")
