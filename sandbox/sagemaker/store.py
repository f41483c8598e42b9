"""SageMaker's store: records by kind, per account and region."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.sagemaker.search_history import SearchHistory


@dataclass(frozen=True)
class ResourceKind:
    """The names that SageMaker uses for one kind of resource."""

    word: str
    """In its error messages."""
    arn_type: str
    prefix: str
    """Of its fields: ``Endpoint`` in EndpointName, EndpointArn, EndpointStatus."""
    listing: str
    """The field that holds a listing's rows."""
    summary: tuple[str, ...]
    """Fields of a listing's row beside name, ARN and creation time."""
    has_status: bool = False

    @property
    def name_field(self) -> str:
        """The field with the name."""
        return f"{self.prefix}Name"

    @property
    def arn_field(self) -> str:
        """The field with the ARN."""
        return f"{self.prefix}Arn"

    @property
    def status_field(self) -> str:
        """The field with the status."""
        return f"{self.prefix}Status"


MODEL = ResourceKind("model", "model", "Model", "Models", ())
ENDPOINT_CONFIG = ResourceKind("endpoint configuration", "endpoint-config", "EndpointConfig", "EndpointConfigs", ())
ENDPOINT = ResourceKind("endpoint", "endpoint", "Endpoint", "Endpoints", ("LastModifiedTime",), has_status=True)
TRAINING_JOB = ResourceKind(
    "training job",
    "training-job",
    "TrainingJob",
    "TrainingJobSummaries",
    ("TrainingEndTime", "LastModifiedTime", "SecondaryStatus", "WarmPoolStatus", "TrainingPlanArn"),
    has_status=True,
)
TRANSFORM_JOB = ResourceKind(
    "transform job",
    "transform-job",
    "TransformJob",
    "TransformJobSummaries",
    ("TransformEndTime", "LastModifiedTime", "FailureReason"),
    has_status=True,
)
INFERENCE_COMPONENT = ResourceKind(
    "inference component",
    "inference-component",
    "InferenceComponent",
    "InferenceComponents",
    ("LastModifiedTime", "EndpointArn", "EndpointName", "VariantName"),
    has_status=True,
)
PROCESSING_JOB = ResourceKind(
    "processing job",
    "processing-job",
    "ProcessingJob",
    "ProcessingJobSummaries",
    ("ProcessingEndTime", "LastModifiedTime", "FailureReason", "ExitMessage"),
    has_status=True,
)
TUNING_JOB = ResourceKind(
    "tuning job",
    "hyper-parameter-tuning-job",
    "HyperParameterTuningJob",
    "HyperParameterTuningJobSummaries",
    ("Strategy", "HyperParameterTuningEndTime", "LastModifiedTime"),
    has_status=True,
)
PIPELINE = ResourceKind("pipeline", "pipeline", "Pipeline", "PipelineSummaries", ())
PIPELINE_EXECUTION = ResourceKind(
    "pipeline execution",
    "pipeline-execution",
    "PipelineExecution",
    "PipelineExecutionSummaries",
    ("StartTime", "PipelineExecutionDisplayName", "PipelineExecutionDescription", "FailureReason"),
    has_status=True,
)
MODEL_PACKAGE_GROUP = ResourceKind(
    "model package group",
    "model-package-group",
    "ModelPackageGroup",
    "ModelPackageGroupSummaryList",
    ("ModelPackageGroupDescription",),
    has_status=True,
)
MODEL_PACKAGE = ResourceKind(
    "model package",
    "model-package",
    "ModelPackage",
    "ModelPackageSummaryList",
    (
        "ModelPackageGroupName",
        "ModelPackageVersion",
        "ModelPackageDescription",
        "ModelPackageStatus",
        "ModelApprovalStatus",
        "ModelLifeCycle",
        "ModelPackageRegistrationType",
    ),
)
MONITORING_SCHEDULE = ResourceKind(
    "monitoring schedule",
    "monitoring-schedule",
    "MonitoringSchedule",
    "MonitoringScheduleSummaries",
    (
        "LastModifiedTime",
        "EndpointName",
        "MonitoringType",
    ),
    has_status=True,
)

KINDS = (
    MODEL,
    ENDPOINT_CONFIG,
    ENDPOINT,
    TRAINING_JOB,
    TRANSFORM_JOB,
    INFERENCE_COMPONENT,
    PROCESSING_JOB,
    TUNING_JOB,
    PIPELINE,
    PIPELINE_EXECUTION,
    MODEL_PACKAGE_GROUP,
    MODEL_PACKAGE,
    MONITORING_SCHEDULE,
)


@dataclass
class ResourceRecord:
    """One resource. ``facts`` is Describe's answer, word for word; times in it are seconds since the epoch."""

    kind: ResourceKind
    name: str
    arn: str
    created: float
    facts: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    modified: float = 0.0
    runs: list[dict[str, Any]] = field(default_factory=list)
    """The runs of a monitoring schedule, the first first."""
    state: Any = None
    """What goes on in it, which no answer shows."""
    plan: int = 0
    """The number of the valid plan; changes scheduled under an earlier number lapse."""

    @property
    def status(self) -> str:
        """Its status; empty if its kind has none."""
        return str(self.facts.get(self.kind.status_field, ""))

    @property
    def order(self) -> tuple[float, str]:
        """The sort key by age."""
        return (self.created, self.name)


class RecordCollection:
    """The records of one kind, by name and by age."""

    def __init__(self, kind: ResourceKind) -> None:
        self.kind = kind
        self._by_name: dict[str, ResourceRecord] = {}
        self._by_age: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._by_name)

    def __iter__(self) -> Iterator[ResourceRecord]:
        return iter(list(self._by_name.values()))

    def get(self, name: str) -> ResourceRecord | None:
        """The record of this name, as spelled."""
        return self._by_name.get(name)

    def add(self, record: ResourceRecord) -> None:
        """Keep it; its name must be free."""
        self._by_name[record.name] = record
        insort(self._by_age, record.order)

    def remove(self, record: ResourceRecord) -> None:
        """Forget it; its name is free again."""
        del self._by_name[record.name]
        del self._by_age[bisect_left(self._by_age, record.order)]

    def by_age(self, *, newest_first: bool, beyond: tuple[float, str] | None = None) -> Iterator[ResourceRecord]:
        """All of them by creation time and name, starting after ``beyond``; walks no more than is taken."""
        ages = self._by_age
        if newest_first:
            start = len(ages) if beyond is None else bisect_left(ages, beyond)
            positions = range(start - 1, -1, -1)
        else:
            start = 0 if beyond is None else bisect_left(ages, beyond)
            start += start < len(ages) and ages[start] == beyond
            positions = range(start, len(ages))
        return (self._by_name[ages[i][1]] for i in positions)


class AccountRegion:
    """One account in one region: the bounds of every name."""

    def __init__(self, account: str, region: str, partition: str) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self.collections = {kind.arn_type: RecordCollection(kind) for kind in KINDS}
        self.views = SearchHistory()

    def records(self, kind: ResourceKind) -> RecordCollection:
        """The records of a kind."""
        return self.collections[kind.arn_type]

    def arn(self, kind: ResourceKind, name: str) -> str:
        """The ARN of this name; SageMaker writes the name in it in lower case."""
        # An execution's ARN is below that of its pipeline.
        arn_type = PIPELINE.arn_type if kind is PIPELINE_EXECUTION else kind.arn_type
        return f"arn:{self.partition}:sagemaker:{self.region}:{self.account}:{arn_type}/{name.lower()}"

    def by_arn(self, arn: str) -> ResourceRecord | None:
        """The record of this ARN, whatever the case of its name."""
        tail = arn.split(":", 5)[-1]
        arn_type, _, name = tail.partition("/")
        if arn_type == PIPELINE.arn_type and "/" in name:
            arn_type = PIPELINE_EXECUTION.arn_type
        collection = self.collections.get(arn_type)
        if collection is None:
            return None
        record = collection.get(name)
        if record is not None:
            return record
        return next((r for r in collection if r.arn.lower() == arn.lower()), None)
