"""A builder of SageMaker resources in the sandbox, each at its own time."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.estate.groups import Group
from sandbox.sagemaker.store import ENDPOINT, PIPELINE, PROCESSING_JOB, TRAINING_JOB, TRANSFORM_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.gateway_client import RISK

START = datetime(2026, 1, 1, tzinfo=UTC)
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
BUCKET = RISK.bucket


class SageMakerBuilder:
    """Makes SageMaker's things in one group's account. Each is made an hour after the one before, unless `at` says."""

    def __init__(self, sandbox: Sandbox, group: Group = RISK) -> None:
        self.sandbox = sandbox
        self.group = group
        self._next = START

    def call_at(self, operation: str, at: datetime | None = None, **ask: Any) -> dict[str, Any]:
        """An operation at a time of its own."""
        moment = at or self._next
        self._next = moment + timedelta(hours=1)
        self.sandbox.clock.set(moment)
        self.sandbox.sagemaker.run_due()
        return self.sandbox.call(operation, self.group.account, self.group.region, **ask)

    def model(self, name: str, artifact: str | None = None, at: datetime | None = None, **ask: Any) -> None:
        """A model of one container, unless `Containers` are given."""
        container: dict[str, Any] = {"Image": IMAGE} | ({"ModelDataUrl": artifact} if artifact else {})
        whole = {} if "Containers" in ask else {"PrimaryContainer": container}
        self.call_at(
            "CreateModel", at, ModelName=name, ExecutionRoleArn=self.group.execution_role_arn, **{**whole, **ask}
        )

    def snapshot(self, name: str, *models: str, at: datetime | None = None, **ask: Any) -> None:
        """An endpoint configuration with a variant for each model."""
        variants = [variant(model, f"v{number}") for number, model in enumerate(models, 1)]
        self.call_at("CreateEndpointConfig", at, **{"EndpointConfigName": name, "ProductionVariants": variants, **ask})

    def runtime(self, name: str, snapshot: str, at: datetime | None = None, failure: str | None = None) -> None:
        """An endpoint; it is in service, or failed, four minutes later."""
        self.sandbox.timeline.decide_outcome(ENDPOINT, name, Outcome(seconds=240, failure=failure))
        self.call_at("CreateEndpoint", at, EndpointName=name, EndpointConfigName=snapshot)

    def component_host(self, name: str, at: datetime | None = None) -> None:
        """An endpoint of this name whose variant names no model, with its configuration `NAME-config`."""
        hosting = {key: value for key, value in variant("", "hosts").items() if key != "ModelName"}
        role = self.group.execution_role_arn
        self.snapshot(f"{name}-config", at=at, ProductionVariants=[hosting], ExecutionRoleArn=role)
        self.runtime(name, f"{name}-config")

    def component(self, name: str, runtime: str, *models: str, at: datetime | None = None, **request: Any) -> None:
        """An inference component on a host; more than one model makes several specifications."""
        needs = {"MinMemoryRequiredInMb": 1024}
        parts = [
            {"ModelName": model, "ComputeResourceRequirements": needs}
            | ({"InstanceType": kind} if len(models) > 1 else {})
            for model, kind in zip(models, ("ml.g5.xlarge", "ml.g6.xlarge"), strict=False)
        ]
        specification = {"Specification": parts[0]} if len(parts) == 1 else {"Specifications": parts} if parts else {}
        whole = {"VariantName": "hosts", "RuntimeConfig": {"CopyCount": 1}, **specification, **request}
        self.call_at("CreateInferenceComponent", at, InferenceComponentName=name, EndpointName=runtime, **whole)

    def training(self, name: str, at: datetime | None = None, failure: str | None = None, **ask: Any) -> str:
        """A training job of ten minutes; gives where its artifact is."""
        self.sandbox.timeline.decide_outcome(
            TRAINING_JOB, name, Outcome(seconds=600, failure=failure, metrics={"auc": 0.9})
        )
        self._input()
        output = {"S3OutputPath": f"s3://{BUCKET}/training", **ask.pop("OutputDataConfig", {})}
        self.call_at(
            "CreateTrainingJob",
            at,
            **{
                "TrainingJobName": name,
                "RoleArn": self.group.execution_role_arn,
                "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
                "InputDataConfig": [{"ChannelName": "train", "DataSource": _source("in/"), "ContentType": "text/csv"}],
                "OutputDataConfig": output,
                "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 10},
                "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
                **ask,
            },
        )
        return f"{output['S3OutputPath']}/{name}/output/model.tar.gz"

    def transform(
        self, name: str, model: str, at: datetime | None = None, failure: str | None = None, **ask: Any
    ) -> None:
        """A transform job of five minutes."""
        self.sandbox.timeline.decide_outcome(TRANSFORM_JOB, name, Outcome(seconds=300, failure=failure))
        self._input()
        self.call_at(
            "CreateTransformJob",
            at,
            **{
                "TransformJobName": name,
                "ModelName": model,
                "TransformInput": {"DataSource": _source("in/"), "ContentType": "text/csv"},
                "TransformOutput": {"S3OutputPath": f"s3://{BUCKET}/out/{name}"},
                "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
                **ask,
            },
        )

    def processing(
        self, name: str, *, reads: str | None = None, writes: str | None = None, failure: str | None = None, **ask: Any
    ) -> None:
        """A processing job of five minutes, with at most one input and one output."""
        self.sandbox.timeline.decide_outcome(PROCESSING_JOB, name, Outcome(seconds=300, failure=failure))
        local = "/opt/ml/processing/"
        source = {"S3Uri": reads, "LocalPath": f"{local}in", "S3DataType": "S3Prefix", "S3InputMode": "File"}
        target = {"S3Uri": writes, "LocalPath": f"{local}out", "S3UploadMode": "EndOfJob"}
        ask |= {"ProcessingInputs": [{"InputName": "model", "S3Input": source}]} if reads else {}
        outputs = {"Outputs": [{"OutputName": "report", "S3Output": target}]}
        ask |= {"ProcessingOutputConfig": outputs} if writes else {}
        self.call_at("CreateProcessingJob", **{**processing_request(name, self.group.execution_role_arn), **ask})

    def tuning(self, name: str, jobs: int = 2, **ask: Any) -> str:
        """A tuning job of so many training jobs, all at once; gives the folder that they write to."""
        self._input()
        folder = f"s3://{BUCKET}/tuning"
        request = tuning_request(name, self.group.execution_role_arn, folder, jobs)
        self.call_at("CreateHyperParameterTuningJob", **{**request, **ask})
        return folder

    def execution(self, pipeline: str, *steps: Mapping[str, Any], experiment: Any = "default", **ask: Any) -> str:
        """An execution of a pipeline that is made with it if there is none yet; gives the execution's id.

        `experiment` is the definition's PipelineExperimentConfig.
        """
        self._input()
        definition = {"Version": "2020-12-01", "Steps": steps}
        definition |= {} if experiment == "default" else {"PipelineExperimentConfig": experiment}
        if (
            self.sandbox.sagemaker.account_region(self.group.account, self.group.region).records(PIPELINE).get(pipeline)
            is None
        ):
            self.call_at(
                "CreatePipeline",
                PipelineName=pipeline,
                PipelineDefinition=json.dumps(definition),
                ClientRequestToken="0" * 32,
                RoleArn=self.group.execution_role_arn,
            )
        request = {"PipelineName": pipeline, "ClientRequestToken": "0" * 32, **ask}
        arn: str = self.call_at("StartPipelineExecution", **request)["PipelineExecutionArn"]
        return arn.rpartition("/")[2]

    def _input(self) -> None:
        self.sandbox.objects.make_bucket(BUCKET, RISK.account, RISK.region)
        self.sandbox.objects.write(f"s3://{BUCKET}/in/rows.csv", b"1,2\n")


@contextmanager
def building(sandbox: Sandbox, group: Group = RISK) -> Iterator[SageMakerBuilder]:
    """Makes things in the past; the sandbox shows the present again afterwards, and what was to happen has happened."""
    sandbox.clock.freeze()
    yield SageMakerBuilder(sandbox, group)
    sandbox.clock.set(time.time())
    sandbox.sagemaker.run_due()
    sandbox.clock.run()


def variant(model: str, name: str = "v1", **more: Any) -> dict[str, Any]:
    """A variant on one instance."""
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1.0,
        **more,
    }


def tags(**values: str) -> list[Mapping[str, str]]:
    """Tags as SageMaker takes them."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


def processing_request(name: str, role_arn: str) -> dict[str, Any]:
    """The request for a processing job without inputs and outputs."""
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
    return {
        "ProcessingJobName": name,
        "RoleArn": role_arn,
        "AppSpecification": {"ImageUri": IMAGE},
        "ProcessingResources": {"ClusterConfig": cluster},
    }


def training_step(name: str = "train") -> dict[str, Any]:
    """A step of a pipeline that trains."""
    arguments = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "RoleArn": RISK.execution_role_arn,
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/pipelines"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def processing_step(name: str, reads: str | None = None) -> dict[str, Any]:
    """A step that processes, and reads the artifact of a training step if one is named."""
    request = processing_request(name, RISK.execution_role_arn)
    del request["ProcessingJobName"]
    if reads:
        uri = {"Get": f"Steps.{reads}.ModelArtifacts.S3ModelArtifacts"}
        request["ProcessingInputs"] = [{"InputName": "model", "S3Input": {"S3Uri": uri, "S3DataType": "S3Prefix"}}]
    return {"Name": name, "Type": "Processing", "Arguments": request}


def tuning_step(name: str) -> dict[str, Any]:
    """A step that tunes, by one training job."""
    request = tuning_request(name, RISK.execution_role_arn, f"s3://{BUCKET}/tuned")
    del request["HyperParameterTuningJobName"]
    return {"Name": name, "Type": "Tuning", "Arguments": request}


def registering_step(group: str, trains: str) -> dict[str, Any]:
    """A step that registers the artifact of a training step as a version."""
    artifact = {"Get": f"Steps.{trains}.ModelArtifacts.S3ModelArtifacts"}
    inference = {
        "Containers": [{"Image": IMAGE, "ModelDataUrl": artifact}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    return {
        "Name": "register",
        "Type": "RegisterModel",
        "Arguments": {"ModelPackageGroupName": group, "InferenceSpecification": inference},
    }


def tuning_request(name: str, role_arn: str, folder: str, jobs: int = 1) -> dict[str, Any]:
    """The request for a tuning job that starts so many training jobs at once."""
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "auc"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": jobs},
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "RoleArn": role_arn,
            "OutputDataConfig": {"S3OutputPath": folder},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
    }


def _source(prefix: str) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/{prefix}"}}
