"""Airflow's SageMaker hook: a model, an endpoint and a training job, each waited for as its operators wait."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.foreign.conftest import Run

pytestmark = pytest.mark.slow

PROGRAM = """
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook

role = "arn:aws:iam::123456789012:role/execution"
hook = SageMakerHook(aws_conn_id=None, region_name="eu-west-1")
hook.create_model(
    {"ModelName": "scorer", "ExecutionRoleArn": role, "PrimaryContainer": {"Image": "repository/scorer:1"}}
)
variant = {"VariantName": "v", "ModelName": "scorer", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
hook.create_endpoint_config({"EndpointConfigName": "scorer-1", "ProductionVariants": [variant]})
endpoint = {"EndpointName": "live", "EndpointConfigName": "scorer-1"}
hook.create_endpoint(endpoint, check_interval=1, max_ingestion_time=60)
training = {
    "TrainingJobName": "train",
    "RoleArn": role,
    "AlgorithmSpecification": {"TrainingImage": "repository/train:1", "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://rows/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
hook.create_training_job(training, print_log=False, check_interval=1, max_ingestion_time=60)
print(hook.describe_endpoint("live")["EndpointStatus"], hook.describe_training_job("train")["TrainingJobStatus"])
"""


@pytest.fixture(scope="module")
def python(environment: Callable[[str], Path]) -> str:
    return str(environment("airflow") / "python")


def test_the_hook_makes_and_waits(python: str, run: Run, sandbox: Sandbox) -> None:
    assert run(python, "-c", PROGRAM).strip().splitlines()[-1] == "InService Completed"
    assert sandbox.calls.count("CreateTrainingJob") == 1
