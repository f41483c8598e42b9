"""Airflow's SageMaker hook: it makes things of every kind that it knows, and waits as its operators wait."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.sagemaker.pipeline_executions import execution_id
from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
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


FURTHER = """
import json, time
import boto3
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerRegisterModelVersionOperator

role = "arn:aws:iam::123456789012:role/execution"
hook = SageMakerHook(aws_conn_id=None, region_name="eu-west-1")
wait = {"check_interval": 1, "max_ingestion_time": 60}
cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}
processing = {
    "ProcessingJobName": "prepare",
    "RoleArn": role,
    "AppSpecification": {"ImageUri": "repository/prepare:1"},
    "ProcessingResources": {"ClusterConfig": cluster},
}
hook.create_processing_job(processing, **wait)
s3 = boto3.client("s3")
s3.create_bucket(Bucket="rows", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
s3.put_object(Bucket="rows", Key="in/rows.csv", Body=b"1,2")
source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://rows/in/"}}
training = {
    "RoleArn": role,
    "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
    "AlgorithmSpecification": {"TrainingImage": "repository/train:1", "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://rows/out"},
    "ResourceConfig": cluster,
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
tuning = {
    "HyperParameterTuningJobName": "tune",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Random",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
    },
    "TrainingJobDefinition": training,
}
hook.create_tuning_job(tuning, **wait)
version = SageMakerRegisterModelVersionOperator(
    task_id="register", image_uri="repository/scorer:1", model_url="s3://rows/model.tar.gz",
    package_group_name="scorers", aws_conn_id=None, region_name="eu-west-1",
)
versions = [version.execute({}) for _ in range(2)]
arguments = training | {"StoppingCondition": {"MaxRuntimeInSeconds": 2419200}}
step = {"Name": "train", "Type": "Training", "Arguments": arguments}
text = json.dumps({"Version": "2020-12-01", "Steps": [step], "Parameters": [{"Name": "Rate", "Type": "String"}]})
hook.conn.create_pipeline(PipelineName="churn", PipelineDefinition=text, RoleArn=role)
running, stopped = (hook.start_pipeline("churn", pipeline_params={"Rate": "0.5"}) for _ in range(2))
stopped_state = hook.stop_pipeline(stopped, fail_if_not_running=True)
while hook.describe_pipeline_exec(running, verbose=True)["PipelineExecutionStatus"] == "Executing":
    time.sleep(0.5)
told = {
    "processing": hook.describe_processing_job("prepare")["ProcessingJobStatus"],
    "prepared": [row["ProcessingJobName"] for row in hook.list_processing_jobs(NameContains="prep")],
    "count": hook.count_processing_jobs_by_name("prepare"),
    "tuning": hook.describe_tuning_job("tune")["TrainingJobStatusCounters"]["Completed"],
    "versions": [arn.rpartition(":")[2] for arn in versions],
    "states": [stopped_state, hook.stop_pipeline(running)],
}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def python(environment: Callable[[str], Path]) -> str:
    return str(environment("airflow") / "python")


def test_the_hook_makes_and_waits(python: str, run: Run, sandbox: Sandbox) -> None:
    assert run(python, "-c", PROGRAM).strip().splitlines()[-1] == "InService Completed"
    assert sandbox.calls.count("CreateTrainingJob") == 1


def test_the_hook_knows_jobs_versions_and_pipelines(python: str, run: Run, sandbox: Sandbox) -> None:
    """A pipeline that has ended is not stopped, which the hook tells from other refusals by SageMaker's words."""
    second = execution_id("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn", 2)
    sandbox.timeline.decide_outcome(TRAINING_JOB, f"pipelines-{second}-train", Outcome(seconds=2_000_000))
    assert json.loads(run(python, "-c", FURTHER).strip().splitlines()[-1]) == {
        "processing": "Completed",
        "prepared": ["prepare"],
        "count": 1,
        "tuning": 2,
        "versions": ["model-package/scorers/1", "model-package/scorers/2"],
        "states": ["Stopped", "Succeeded"],
    }
    assert sandbox.calls.count("StopPipelineExecution") == 2
    assert sandbox.calls.count("CreateModelPackageGroup") == 2
