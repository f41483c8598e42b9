"""The history of an estate: past operations, replayed in order of time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.estate.groups import Group
from sandbox.sagemaker.store import ENDPOINT, MONITORING_SCHEDULE, TRAINING_JOB, TRANSFORM_JOB, ResourceKind
from sandbox.sagemaker.timeline import Outcome


@dataclass(frozen=True)
class PastCall:
    """One operation at one time."""

    when: float
    group: Group
    operation: str
    payload: dict[str, Any]
    outcome: tuple[ResourceKind, str, Outcome] | None = None


@dataclass
class History:
    """One group's past; times are given in days before ``now``."""

    group: Group
    now: float
    events: list[PastCall] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    """Prefixes in S3 under which there are rows, beside those that jobs read."""

    def date(self, days_ago: float) -> datetime:
        """A day in UTC."""
        return datetime.fromtimestamp(self.now, UTC) - timedelta(days=days_ago)

    def call(self, days_ago: float, operation: str, **ask: Any) -> None:
        """This operation was called then."""
        self._add(days_ago, operation, ask, None)

    def model(self, days_ago: float, name: str, tags: dict[str, str], **ask: Any) -> None:
        """A model was made."""
        ask = {"ModelName": name, "ExecutionRoleArn": self.group.execution_role_arn, "Tags": tag_list(tags), **ask}
        self.call(days_ago, "CreateModel", **ask)

    def snapshot(self, days_ago: float, name: str, *variants: dict[str, Any], tags: dict[str, str], **ask: Any) -> None:
        """An endpoint configuration was made."""
        variants_asked = {"EndpointConfigName": name, "ProductionVariants": list(variants), "Tags": tag_list(tags)}
        self.call(days_ago, "CreateEndpointConfig", **variants_asked, **ask)

    def runtime(
        self, days_ago: float, name: str, snapshot: str, tags: dict[str, str], outcome: Outcome | None = None
    ) -> None:
        """An endpoint was made."""
        ask = {"EndpointName": name, "EndpointConfigName": snapshot, "Tags": tag_list(tags)}
        self._add(days_ago, "CreateEndpoint", ask, (ENDPOINT, name, outcome) if outcome else None)

    def training_job(self, days_ago: float, name: str, outcome: Outcome, tags: dict[str, str], **ask: Any) -> None:
        """A training job was started."""
        ask = {"TrainingJobName": name, "RoleArn": self.group.execution_role_arn, "Tags": tag_list(tags), **ask}
        self._add(days_ago, "CreateTrainingJob", ask, (TRAINING_JOB, name, outcome))

    def transform_job(self, days_ago: float, name: str, outcome: Outcome, tags: dict[str, str], **ask: Any) -> None:
        """A transform job was started."""
        ask = {"TransformJobName": name, "Tags": tag_list(tags), **ask}
        self._add(days_ago, "CreateTransformJob", ask, (TRANSFORM_JOB, name, outcome))

    def monitoring_schedule(self, days_ago: float, name: str, endpoint: str, outcome: Outcome) -> None:
        """A daily data quality schedule was put on an endpoint."""
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

    def _add(
        self, days_ago: float, operation: str, ask: dict[str, Any], decided: tuple[ResourceKind, str, Outcome] | None
    ) -> None:
        self.events.append(PastCall(round(self.now - days_ago * 86_400, 3), self.group, operation, ask, decided))


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as SageMaker takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
