"""The history of an estate: past operations, replayed in order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sandbox.estate.groups import Group
from sandbox.sagemaker.store import ENDPOINT, MONITORING_SCHEDULE, TRAINING_JOB, TRANSFORM_JOB, ResourceKind
from sandbox.sagemaker.timeline import Outcome
from sandbox.sagemaker.tuning_jobs import training_job_name

DecidedOutcome = tuple[ResourceKind, str, Outcome]
"""Kind and name of a resource, and the end of its creation."""


@dataclass(frozen=True)
class PastCall:
    """One operation of SageMaker, called at one time.

    Attributes:
        when: Seconds since the epoch.
        group: The caller.
        operation: The operation, such as ``CreateModel``.
        payload: Its input, as boto3 takes it.
        outcomes: Outcomes of the resources that the call makes, decided before it.
    """

    when: float
    group: Group
    operation: str
    payload: dict[str, Any]
    outcomes: Sequence[DecidedOutcome] = ()


@dataclass
class History:
    """One group's past. Times are days before `now`, and `name` is a resource's name.

    Attributes:
        group: The group whose past it is.
        now: The present, in seconds since the epoch.
        events: The calls, in the order in which they were written.
        data: Prefixes in S3 with rows in them, beside the prefixes that jobs read.
    """

    group: Group
    now: float
    events: list[PastCall] = field(default_factory=list)
    data: list[str] = field(default_factory=list)

    def date(self, days_ago: float) -> datetime:
        """The moment (UTC) that lies `days_ago` days before the present."""
        return datetime.fromtimestamp(self.now, UTC) - timedelta(days=days_ago)

    def call(self, days_ago: float, operation: str, **ask: Any) -> None:
        """Add a call of an operation; `ask` is its input, as boto3 takes it."""
        self._add(days_ago, operation, ask)

    def model(self, days_ago: float, name: str, tags: dict[str, str], **ask: Any) -> None:
        """Add the creation of a model of this name; `ask` holds further fields of CreateModel."""
        ask = {"ModelName": name, "ExecutionRoleArn": self.group.execution_role_arn, "Tags": tag_list(tags), **ask}
        self.call(days_ago, "CreateModel", **ask)

    def snapshot(self, days_ago: float, name: str, *variants: dict[str, Any], tags: dict[str, str], **ask: Any) -> None:
        """Add the creation of an endpoint configuration with these tags and variants; `ask` holds further fields."""
        variants_asked = {"EndpointConfigName": name, "ProductionVariants": list(variants), "Tags": tag_list(tags)}
        self.call(days_ago, "CreateEndpointConfig", **variants_asked, **ask)

    def runtime(
        self, days_ago: float, name: str, snapshot: str, tags: dict[str, str], outcome: Outcome | None = None
    ) -> None:
        """Add the creation of an endpoint that serves the configuration `snapshot`; without an outcome it succeeds."""
        ask = {"EndpointName": name, "EndpointConfigName": snapshot, "Tags": tag_list(tags)}
        self._add(days_ago, "CreateEndpoint", ask, *([(ENDPOINT, name, outcome)] if outcome else []))

    def training_job(self, days_ago: float, name: str, outcome: Outcome, tags: dict[str, str], **ask: Any) -> None:
        """Add the start of a training job, and its outcome; `ask` holds further fields of CreateTrainingJob."""
        ask = {"TrainingJobName": name, "RoleArn": self.group.execution_role_arn, "Tags": tag_list(tags), **ask}
        self._add(days_ago, "CreateTrainingJob", ask, (TRAINING_JOB, name, outcome))

    def transform_job(self, days_ago: float, name: str, outcome: Outcome, tags: dict[str, str], **ask: Any) -> None:
        """Add the start of a transform job, and its outcome; `ask` holds further fields of CreateTransformJob."""
        ask = {"TransformJobName": name, "Tags": tag_list(tags), **ask}
        self._add(days_ago, "CreateTransformJob", ask, (TRANSFORM_JOB, name, outcome))

    def monitoring_schedule(self, days_ago: float, name: str, endpoint: str, outcome: Outcome) -> None:
        """Add a daily schedule of data quality checks on an endpoint; the outcome is that of its runs."""
        definition = {
            "MonitoringInputs": [
                {"EndpointInput": {"EndpointName": endpoint, "LocalPath": "/opt/ml/processing/input"}}
            ],
            "MonitoringOutputConfig": {
                "MonitoringOutputs": [
                    {
                        "S3Output": {
                            "S3Uri": f"s3://{self.group.bucket}/monitoring/{endpoint}",
                            "LocalPath": "/opt/ml/processing/output",
                        }
                    }
                ]
            },
            "MonitoringResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 20}
            },
            "MonitoringAppSpecification": {
                "ImageUri": f"156813124566.dkr.ecr.{self.group.region}.amazonaws.com/sagemaker-model-monitor-analyzer"
            },
            "RoleArn": self.group.execution_role_arn,
        }
        config = {
            "ScheduleConfig": {"ScheduleExpression": "cron(0 3 ? * * *)"},
            "MonitoringType": "DataQuality",
            "MonitoringJobDefinition": definition,
        }
        ask = {"MonitoringScheduleName": name, "MonitoringScheduleConfig": config}
        self._add(days_ago, "CreateMonitoringSchedule", ask, (MONITORING_SCHEDULE, name, outcome))

    def component(self, days_ago: float, name: str, endpoint: str, variant: str, model: str, copies: int = 1) -> None:
        """Add an inference component of a model, in copies on a variant of an endpoint."""
        specification = {"ModelName": model, "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 2048}}
        self.call(
            days_ago,
            "CreateInferenceComponent",
            InferenceComponentName=name,
            EndpointName=endpoint,
            VariantName=variant,
            Specification=specification,
            RuntimeConfig={"CopyCount": copies},
        )

    def pipeline(self, days_ago: float, name: str, definition: str) -> None:
        """Add the creation of a pipeline from its definition (JSON)."""
        self.call(
            days_ago,
            "CreatePipeline",
            PipelineName=name,
            PipelineDefinition=definition,
            ClientRequestToken=f"pipeline-{name}".ljust(32, "0"),
            RoleArn=self.group.execution_role_arn,
        )

    def execution(
        self,
        days_ago: float,
        pipeline: str,
        trained: Mapping[str, Outcome],
        tuned: Mapping[str, Sequence[Outcome]],
    ) -> None:
        """Add an execution of a pipeline.

        Args:
            days_ago: Days before the present.
            pipeline: The pipeline's name.
            trained: The outcomes of training steps, by the step's name.
            tuned: The outcomes of the training jobs of tuning steps, in their order, by the step's name.
        """
        number = 1 + sum(
            event.operation == "StartPipelineExecution" and event.payload["PipelineName"] == pipeline
            for event in self.events
        )
        # The sandbox derives an execution's id from the pipeline's ARN and the execution's number.
        execution = sha256(f"{self.group.arn('pipeline', pipeline)} {number}".encode()).hexdigest()[:12]
        decided = [(TRAINING_JOB, f"pipelines-{execution}-{step}", outcome) for step, outcome in trained.items()]
        for step, outcomes in tuned.items():
            tuner = f"pipelines-{execution}-{step}"[:32]
            arn = self.group.arn("hyper-parameter-tuning-job", tuner)
            names = [training_job_name(arn, tuner, trial) for trial in range(1, len(outcomes) + 1)]
            decided += [(TRAINING_JOB, name, outcome) for name, outcome in zip(names, outcomes, strict=True)]
        ask = {"PipelineName": pipeline, "ClientRequestToken": f"execution-{number}".ljust(32, "0")}
        self._add(days_ago, "StartPipelineExecution", ask, *decided)

    def _add(self, days_ago: float, operation: str, ask: dict[str, Any], *decided: DecidedOutcome) -> None:
        self.events.append(PastCall(round(self.now - days_ago * 86_400, 3), self.group, operation, ask, decided))


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags in the form of SageMaker: a list of ``Key`` and ``Value``."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
