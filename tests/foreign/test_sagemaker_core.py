"""sagemaker-core: resources are made, waited for with their own waiters, listed, and followed by their logs."""

import json
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


HOSTED = """
import json
import boto3
from sagemaker.core.resources import (
    Endpoint, EndpointConfig, InferenceComponent, Model, ModelPackage, ModelPackageGroup, MonitoringSchedule,
)
from sagemaker.core.shapes import (
    ContainerDefinition, EndpointInput, InferenceComponentComputeResourceRequirements, InferenceComponentRuntimeConfig,
    InferenceComponentSpecification, MonitoringAppSpecification, MonitoringClusterConfig, MonitoringInput,
    MonitoringJobDefinition, MonitoringOutput, MonitoringOutputConfig, MonitoringResources, MonitoringS3Output,
    MonitoringScheduleConfig, ProductionVariant, ScheduleConfig,
)

role = "arn:aws:iam::123456789012:role/execution"
wait = {"poll": 1, "timeout": 60}
told = {}

Model.create(
    model_name="scorer", execution_role_arn=role, primary_container=ContainerDefinition(image="repository/scorer:1")
)
hosts = ProductionVariant(variant_name="hosts", instance_type="ml.m5.xlarge", initial_instance_count=1)
EndpointConfig.create(endpoint_config_name="host-1", production_variants=[hosts], execution_role_arn=role)
endpoint = Endpoint.create(endpoint_name="host", endpoint_config_name="host-1")
endpoint.wait_for_status("InService", **wait)
needs = InferenceComponentComputeResourceRequirements(min_memory_required_in_mb=1024, number_of_cpu_cores_required=1)
component = InferenceComponent.create(
    inference_component_name="scorer", endpoint_name="host", variant_name="hosts",
    specification=InferenceComponentSpecification(model_name="scorer", compute_resource_requirements=needs),
    runtime_config=InferenceComponentRuntimeConfig(copy_count=1),
)
component.wait_for_status("InService", **wait)
component.update_runtime_configs(desired_runtime_config=InferenceComponentRuntimeConfig(copy_count=2))
component.wait_for_status("InService", **wait)
listed = [item.specification.model_name for item in InferenceComponent.get_all(endpoint_name_equals="host")]
told["component"] = [listed, component.runtime_config.current_copy_count]
component.delete()
component.wait_for_delete(**wait)

group = ModelPackageGroup.create(model_package_group_name="scorers")
group.wait_for_status("Completed", **wait)
specification = {
    "Containers": [{"Image": "repository/scorer:1"}],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}
arn = boto3.client("sagemaker").create_model_package(
    ModelPackageGroupName="scorers", InferenceSpecification=specification
)["ModelPackageArn"]
package = ModelPackage.get(model_package_name=arn)
before = package.model_approval_status
package.update(model_approval_status="Approved", approval_description="measured")
summary = package.batch_get(model_package_arn_list=[arn]).model_package_summaries[arn]
groups = [item.model_package_group_name for item in ModelPackageGroup.get_all()]
versions = ModelPackage.get_all(model_package_group_name="scorers", model_package_type="Versioned")
listed = [item.model_package_arn == arn for item in versions]
told["package"] = [before, package.model_approval_status, summary.model_package_version, groups, listed]

watched = MonitoringInput(
    endpoint_input=EndpointInput(endpoint_name="host", local_path="/opt/ml/processing/input")
)
output = MonitoringOutput(
    s3_output=MonitoringS3Output(s3_uri="s3://rows/watch", local_path="/opt/ml/processing/output")
)
cluster = MonitoringClusterConfig(instance_count=1, instance_type="ml.m5.large", volume_size_in_gb=5)
definition = MonitoringJobDefinition(
    monitoring_inputs=[watched],
    monitoring_output_config=MonitoringOutputConfig(monitoring_outputs=[output]),
    monitoring_resources=MonitoringResources(cluster_config=cluster),
    monitoring_app_specification=MonitoringAppSpecification(image_uri="repository/watch:1"),
    role_arn=role,
)
config = MonitoringScheduleConfig(
    schedule_config=ScheduleConfig(schedule_expression="cron(0 0 ? * * *)"), monitoring_job_definition=definition,
    monitoring_type="DataQuality",
)
schedule = MonitoringSchedule.create(monitoring_schedule_name="watch", monitoring_schedule_config=config)
schedule.wait_for_status("Scheduled", **wait)
schedule.stop()
schedule.wait_for_status("Stopped", **wait)
schedule.start()
schedule.wait_for_status("Scheduled", **wait)
told["schedule"] = [item.endpoint_name for item in MonitoringSchedule.get_all(endpoint_name="host")]
print("\\n" + json.dumps(told))
"""
JOBS = """
import json
import boto3
from sagemaker.core.resources import HyperParameterTuningJob, Pipeline, PipelineExecution, ProcessingJob
from sagemaker.core.shapes import (
    AppSpecification, HyperParameterAlgorithmSpecification, HyperParameterTrainingJobDefinition,
    HyperParameterTuningJobConfig, OutputDataConfig, Parameter, ProcessingClusterConfig, ProcessingResources,
    ResourceConfig, ResourceLimits, StoppingCondition,
)

role = "arn:aws:iam::123456789012:role/execution"
wait = {"poll": 1, "timeout": 60}
told = {}

cluster = ProcessingClusterConfig(instance_count=1, instance_type="ml.m5.large", volume_size_in_gb=5)
processing = ProcessingJob.create(
    processing_job_name="prepare", role_arn=role, app_specification=AppSpecification(image_uri="repository/prepare:1"),
    processing_resources=ProcessingResources(cluster_config=cluster),
)
processing.wait(logs=True, **wait)
told["processing"] = [processing.processing_job_status, [job.processing_job_name for job in ProcessingJob.get_all()]]
processing.delete()

training = HyperParameterTrainingJobDefinition(
    role_arn=role,
    algorithm_specification=HyperParameterAlgorithmSpecification(
        training_image="repository/train:1", training_input_mode="File"
    ),
    output_data_config=OutputDataConfig(s3_output_path="s3://rows/out"),
    resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=5),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
)
limits = ResourceLimits(max_number_of_training_jobs=2, max_parallel_training_jobs=2)
tuning = HyperParameterTuningJob.create(
    hyper_parameter_tuning_job_name="tune",
    hyper_parameter_tuning_job_config=HyperParameterTuningJobConfig(strategy="Random", resource_limits=limits),
    training_job_definition=training,
)
tuning.wait(**wait)
trained = [row.training_job_status for row in tuning.get_all_training_jobs()]
told["tuning"] = [tuning.hyper_parameter_tuning_job_status, trained]
tuning.delete()
tuning.wait_for_delete(**wait)

step = {
    "Name": "prepare", "Type": "Processing",
    "Arguments": {
        "RoleArn": role, "AppSpecification": {"ImageUri": "repository/prepare:1"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}
        },
    },
}
definition = {"Version": "2020-12-01", "Parameters": [{"Name": "Rate", "Type": "String"}], "Steps": [step]}
pipeline = Pipeline.create(
    pipeline_name="churn", client_request_token="0" * 32, role_arn=role, pipeline_definition=json.dumps(definition)
)
pipeline.wait_for_status("Active", **wait)
pipeline.update(pipeline_description="weekly")
arn = boto3.client("sagemaker").start_pipeline_execution(
    PipelineName="churn", PipelineParameters=[{"Name": "Rate", "Value": "0.5"}]
)["PipelineExecutionArn"]
execution = PipelineExecution.get(pipeline_execution_arn=arn)
execution.wait_for_status("Succeeded", **wait)
told["steps"] = [[row.step_name, row.step_status] for row in execution.get_all_steps()]
told["parameters"] = [[row.name, row.value] for row in execution.get_all_parameters()]
told["definition"] = json.loads(execution.get_pipeline_definition().pipeline_definition) == definition
told["executions"] = [item.pipeline_execution_arn == arn for item in PipelineExecution.get_all(pipeline_name="churn")]
told["pipelines"] = [[item.pipeline_name, item.pipeline_description] for item in Pipeline.get_all()]
print("\\n" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def python(environment: Callable[[str], Path]) -> str:
    return str(environment("sagemaker-core") / "python")


def test_resources_are_made_and_waited_for(python: str, run: Run, sandbox: Sandbox) -> None:
    last = run(python, "-c", PROGRAM).strip().splitlines()[-1]
    assert last == "scorer InService Completed s3://rows/out/train/output/model.tar.gz"
    assert sandbox.calls.count("DescribeLogStreams") > 0


def test_what_endpoints_host_and_what_watches_them(python: str, run: Run) -> None:
    """A version is made by boto3: `ModelPackage.create` looks for a name in an answer that has only an ARN."""
    assert json.loads(run(python, "-c", HOSTED).strip().splitlines()[-1]) == {
        "component": [["scorer"], 2],
        "package": ["PendingManualApproval", "Approved", 1, ["scorers"], [True]],
        "schedule": ["host"],
    }


def test_jobs_and_pipelines(python: str, run: Run) -> None:
    assert json.loads(run(python, "-c", JOBS).strip().splitlines()[-1]) == {
        "processing": ["Completed", ["prepare"]],
        "tuning": ["Completed", ["Completed", "Completed"]],
        "steps": [["prepare", "Succeeded"]],
        "parameters": [["Rate", "0.5"]],
        "definition": True,
        "executions": [True],
        "pipelines": [["churn", "weekly"]],
    }
