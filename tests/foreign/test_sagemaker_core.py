"""sagemaker-core: resources are made, waited for with their own waiters, listed, and followed by their logs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.foreign.conftest import Run

pytestmark = pytest.mark.slow

PROGRAM = """
from sagemaker.core.resources import Endpoint, EndpointConfig, Model, TrainingJob
from sagemaker.core.shapes import (
    AlgorithmSpecification, ContainerDefinition, OutputDataConfig, ProductionVariant, ResourceConfig, StoppingCondition,
)

role = "arn:aws:iam::123456789012:role/execution"
container = ContainerDefinition(image="repository/scorer:1", model_data_url="s3://rows/model.tar.gz")
Model.create(model_name="scorer", execution_role_arn=role, primary_container=container)
variant = ProductionVariant(
    variant_name="v", model_name="scorer", instance_type="ml.m5.large", initial_instance_count=1
)
EndpointConfig.create(endpoint_config_name="scorer-1", production_variants=[variant])
endpoint = Endpoint.create(endpoint_name="live", endpoint_config_name="scorer-1")
endpoint.wait_for_status("InService", poll=1, timeout=60)
job = TrainingJob.create(
    training_job_name="train",
    role_arn=role,
    algorithm_specification=AlgorithmSpecification(training_image="repository/train:1", training_input_mode="File"),
    output_data_config=OutputDataConfig(s3_output_path="s3://rows/out"),
    resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=5),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
)
job.wait(poll=1, logs=True, timeout=60)
models = ",".join(model.model_name for model in Model.get_all())
print(models, endpoint.endpoint_status, job.training_job_status, job.model_artifacts.s3_model_artifacts)
"""


@pytest.fixture(scope="module")
def python(environment: Callable[[str], Path]) -> str:
    return str(environment("sagemaker-core") / "python")


def test_resources_are_made_and_waited_for(python: str, run: Run, sandbox: Sandbox) -> None:
    last = run(python, "-c", PROGRAM).strip().splitlines()[-1]
    assert last == "scorer InService Completed s3://rows/out/train/output/model.tar.gz"
    assert sandbox.calls.count("DescribeLogStreams") > 0
