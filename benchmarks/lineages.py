"""Models that came of a pipeline, on top of an estate: tuned, trained, evaluated, registered, served by components."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.estates import ACCOUNT, IMAGE, ROLE, SIZES, Size, Step, bucket, fill, tags, training_job
from sandbox.server import Sandbox

HOUR, DAYS = 3_600, 80 * 86_400
PIPELINE = "lineage"
"""The pipeline, and the group of versions that it registers."""
HOST = "lineage-host"
"""The endpoint that hosts a component of each model."""
MONITORED = "lineage-00000"


@dataclass(frozen=True)
class LineageSize:
    """An estate, and models on top of it, each with an execution, a version, a component and an endpoint.

    Attributes:
        base: The estate.
        lineages: The number of the models on top.
        strangers: The number of further training jobs, which made none of the models.
    """

    base: Size
    lineages: int
    strangers: int = 0

    @property
    def models(self) -> int:
        """All models."""
        return self.base.models + self.lineages

    @property
    def snapshots(self) -> int:
        """All endpoint configurations, the host's among them."""
        return self.base.snapshots + self.lineages + 1

    @property
    def runtimes(self) -> int:
        """All endpoints, the host among them."""
        return self.base.runtimes + self.lineages + 1

    @property
    def training_jobs(self) -> int:
        """All training jobs: each execution trains once itself, and once by its tuning job."""
        return self.base.training_jobs + 2 * self.lineages + self.strangers


GROWTH: Mapping[str, LineageSize] = {
    f"lineages-{jobs}-jobs": LineageSize(Size(20, 20, 20, 20, 0), 5, jobs - 30) for jobs in (200, 2_000, 50_000)
}
"""Accounts with so many training jobs each, of which a handful made models."""
LINEAGES: Mapping[str, LineageSize] = {"lineages": LineageSize(SIZES["2000-jobs"], 79), **GROWTH}


def fill_lineages(sandbox: Sandbox, region: str, size: LineageSize) -> None:
    """Make an estate in a region, and the lineages of its size within the last eighty days, an hour for each step."""
    fill(sandbox, region, size.base)
    now = time.time()
    sandbox.clock.freeze()
    for number in range(size.strangers):
        sandbox.clock.set(now - DAYS + number * DAYS / (size.strangers + 1))
        sandbox.call("CreateTrainingJob", ACCOUNT, region, **_stranger(number, region))
    for i, (operation, ask) in enumerate(lineage_steps(size.lineages, region)):
        sandbox.clock.set(now - DAYS + i * HOUR)
        sandbox.call(operation, ACCOUNT, region, **ask)
    sandbox.clock.set(now)
    sandbox.sagemaker.run_due()
    sandbox.clock.run()


def name_of_lineage(number: int) -> str:
    """The name of the model of this number, and of its configuration, its endpoint and its component."""
    return f"lineage-{number:05}"


def lineage_steps(count: int, region: str) -> Iterator[Step]:
    """The operations that make so many lineages in a region, in their order."""
    yield "CreateModelPackageGroup", {"ModelPackageGroupName": PIPELINE}
    definition = json.dumps({"Version": "2020-12-01", "Steps": _pipeline(region)})
    token = {"ClientRequestToken": "0" * 32}
    yield "CreatePipeline", {"PipelineName": PIPELINE, "PipelineDefinition": definition, "RoleArn": ROLE, **token}
    variant = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    yield from _endpoint(HOST, variant, ExecutionRoleArn=ROLE)
    for number in range(count):
        name = name_of_lineage(number)
        yield "StartPipelineExecution", {"PipelineName": PIPELINE, **token}
        package = f"arn:aws:sagemaker:{region}:{ACCOUNT}:model-package/{PIPELINE}/{number + 1}"
        container = {"ModelPackageName": package}
        yield "CreateModel", {"ModelName": name, "ExecutionRoleArn": ROLE, "PrimaryContainer": container}
        yield from _endpoint(name, {**variant, "ModelName": name}, Tags=tags(number))
        yield "CreateInferenceComponent", _component(name)
    yield "CreateMonitoringSchedule", _schedule(region)


def _endpoint(name: str, variant: dict[str, Any], **more: Any) -> Iterator[Step]:
    yield "CreateEndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [variant], **more}
    yield "CreateEndpoint", {"EndpointName": name, "EndpointConfigName": name}


def _component(name: str) -> dict[str, Any]:
    needs = {"MinMemoryRequiredInMb": 1024}
    return {
        "InferenceComponentName": name,
        "EndpointName": HOST,
        "VariantName": "AllTraffic",
        "Specification": {"ModelName": name, "ComputeResourceRequirements": needs},
        "RuntimeConfig": {"CopyCount": 1},
    }


def _pipeline(region: str) -> list[dict[str, Any]]:
    trained = {"Get": "Steps.train.ModelArtifacts.S3ModelArtifacts"}
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    inference = {"Containers": [{"Image": IMAGE, "ModelDataUrl": trained}], **types}
    objective = {"Type": "Maximize", "MetricName": "auc"}
    tuning = {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": objective,
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
    }
    training = _training(region)
    tune = {"HyperParameterTuningJobConfig": tuning, "TrainingJobDefinition": training}
    register = {"ModelPackageGroupName": PIPELINE, "InferenceSpecification": inference}
    return [
        {"Name": "search", "Type": "Tuning", "Arguments": tune},
        {"Name": "train", "Type": "Training", "DependsOn": ["search"], "Arguments": training},
        {"Name": "evaluate", "Type": "Processing", "Arguments": _processing(trained)},
        {"Name": "register", "Type": "RegisterModel", "Arguments": register},
    ]


def _stranger(number: int, region: str) -> dict[str, Any]:
    output = {"S3OutputPath": f"s3://{bucket(region, 'out')}/strangers"}
    return {**training_job(0, 0, region), "TrainingJobName": f"stranger-{number:05}", "OutputDataConfig": output}


def _training(region: str) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket(region, 'out')}/lineages"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3_600},
    }


def _processing(artifact: dict[str, str]) -> dict[str, Any]:
    source = {"S3Uri": artifact, "LocalPath": "/opt/ml/processing/in", "S3DataType": "S3Prefix"}
    return {
        "AppSpecification": {"ImageUri": IMAGE},
        "ProcessingInputs": [{"InputName": "model", "S3Input": source}],
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}
        },
        "RoleArn": ROLE,
    }


def _schedule(region: str) -> dict[str, Any]:
    place = f"s3://{bucket(region, 'out')}/monitoring"
    output = {"S3Output": {"S3Uri": place, "LocalPath": "/opt/ml/processing/output"}}
    resources = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}
    watched = {"EndpointInput": {"EndpointName": MONITORED, "LocalPath": "/opt/ml/processing/input"}}
    definition = {
        "MonitoringInputs": [watched],
        "MonitoringOutputConfig": {"MonitoringOutputs": [output]},
        "MonitoringResources": {"ClusterConfig": resources},
        "MonitoringAppSpecification": {"ImageUri": IMAGE},
        "RoleArn": ROLE,
    }
    config = {
        "ScheduleConfig": {"ScheduleExpression": "cron(0 3 ? * * *)"},
        "MonitoringType": "DataQuality",
        "MonitoringJobDefinition": definition,
    }
    return {"MonitoringScheduleName": "lineage-data-quality", "MonitoringScheduleConfig": config}
