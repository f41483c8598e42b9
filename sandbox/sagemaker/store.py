"""SageMaker's store: records by kind, per account and region."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.sagemaker.search_history import SearchHistory


@dataclass(frozen=True)
class ResourceKind:
    """The names that SageMaker uses for one kind of resource.

    Attributes:
        word: The noun in SageMaker's error messages.
        arn_type: The type in its ARN, such as ``endpoint-config``.
        prefix: The prefix of its fields: ``Endpoint`` in EndpointName, EndpointArn, EndpointStatus.
        listing: The field with a listing's rows.
        summary: Fields of a listing's row beside name, ARN, status and creation time.
        has_status: Whether a listing's row has its status.
    """

    word: str
    arn_type: str
    prefix: str
    listing: str
    summary: tuple[str, ...]
    has_status: bool = False

    @property
    def name_field(self) -> str:
        """The field of the name."""
        return f"{self.prefix}Name"

    @property
    def arn_field(self) -> str:
        """The field of the ARN."""
        return f"{self.prefix}Arn"

    @property
    def status_field(self) -> str:
        """The field of the status."""
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
    """One resource; all times are seconds since the epoch.

    Attributes:
        kind: Its kind.
        name: Its name as spelled at creation; that of a version is ``group/version``.
        arn: Its ARN, with the name in lower case.
        created: Time of its creation.
        facts: Describe's answer, member by member.
        tags: Tags by key.
        modified: Time of its last change.
        runs: The runs of a monitoring schedule, the oldest first.
        state: Further state beside Describe's answer; None if the kind has none.
        plan: The number of the valid plan; changes scheduled under an earlier number lapse.
    """

    kind: ResourceKind
    name: str
    arn: str
    created: float
    facts: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    modified: float = 0.0
    runs: list[dict[str, Any]] = field(default_factory=list)
    state: Any = None
    plan: int = 0

    @property
    def status(self) -> str:
        """Its status; empty if its facts have none."""
        return str(self.facts.get(self.kind.status_field, ""))

    @property
    def order(self) -> tuple[float, str]:
        """The sort key by age: time of creation, then name."""
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
        """The record of exactly this name; None if it does not exist."""
        return self._by_name.get(name)

    def add(self, record: ResourceRecord) -> None:
        """Keep a record, whose name must be free."""
        self._by_name[record.name] = record
        insort(self._by_age, record.order)

    def remove(self, record: ResourceRecord) -> None:
        """Forget a record; its name is free again."""
        del self._by_name[record.name]
        del self._by_age[bisect_left(self._by_age, record.order)]

    def by_age(self, *, newest_first: bool, beyond: tuple[float, str] | None = None) -> Iterator[ResourceRecord]:
        """All records by creation time and name, as an iterator that visits no more than the caller takes.

        Args:
            newest_first: Whether the order is descending.
            beyond: The `order` of the record after which to start; None for the first.
        """
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
    """One account in one region, in which every name is unique for its kind.

    Args:
        account: Twelve digits.
        region: A region, such as ``eu-west-1``.
        partition: The partition in ARNs, such as ``aws``.
    """

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
        """The ARN of a name; SageMaker writes the name in it in lower case."""
        # An execution's ARN is below that of its pipeline.
        arn_type = PIPELINE.arn_type if kind is PIPELINE_EXECUTION else kind.arn_type
        return f"arn:{self.partition}:sagemaker:{self.region}:{self.account}:{arn_type}/{name.lower()}"

    def by_arn(self, arn: str) -> ResourceRecord | None:
        """The record of this ARN, in which the name may have any case; None if it does not exist."""
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
