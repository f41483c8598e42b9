"""SageMaker's resources as values: what a listing tells of each, and what its description adds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from aws.kinds import Kind
from aws.naming import console_url, encode_id
from aws.statuses import JobStatus, JobType, RuntimeStatus


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a resource."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Network:
    """Where containers run: isolated from all networks or not, and in which VPC."""

    isolated: bool
    subnets: tuple[str, ...]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataCapture:
    """Whether requests and responses are kept, which share of them in per cent, and where."""

    enabled: bool
    sampling_percentage: int | None
    s3_uri: str | None


@dataclass(frozen=True, slots=True)
class Artifact:
    """An address that a container loads model data from; `prefix` where everything below it belongs to the model."""

    uri: str
    prefix: bool


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a model. `scope` is the key of the scope that has read it (whose secrets these are)."""

    scope: str
    image: str | None
    mode: str | None
    model_data_url: str | None
    model_package_name: str | None
    hostname: str | None
    artifacts: tuple[Artifact, ...] = field(default=())
    environment_values: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ModelDetail:
    """What DescribeModel adds to a listing's row."""

    execution_role_arn: str | None
    containers: tuple[Container, ...]
    network: Network


@dataclass(frozen=True, slots=True)
class Serverless:
    """A serverless variant's memory in MB and its concurrency."""

    memory_size_in_mb: int
    max_concurrency: int
    provisioned_concurrency: int | None


@dataclass(frozen=True, slots=True)
class InstancePool:
    """One choice of instances of a variant; it may serve a model of its own (`ModelNameOverride`)."""

    scope: str
    instance_type: str
    priority: int
    model_name: str | None


@dataclass(frozen=True, slots=True)
class Variant:
    """A production or shadow variant of an endpoint configuration.

    `most_instances` is to how many SageMaker scales it by itself; None where it does not.
    """

    scope: str
    name: str
    model_name: str | None
    instance_type: str | None
    initial_instance_count: int | None
    initial_weight: float | None
    serverless: Serverless | None
    instance_pools: tuple[InstancePool, ...]
    most_instances: int | None = None


@dataclass(frozen=True, slots=True)
class AsyncInference:
    """Where an asynchronous endpoint writes answers and failures, and how many requests an instance takes at once."""

    s3_output_path: str | None
    s3_failure_path: str | None
    max_concurrent_invocations_per_instance: int | None


@dataclass(frozen=True, slots=True)
class SnapshotDetail:
    """What DescribeEndpointConfig adds to a listing's row; `model_names` has each name once, in order of appearance."""

    variants: tuple[Variant, ...]
    shadow_variants: tuple[Variant, ...]
    model_names: tuple[str, ...]
    kms_key_id: str | None
    execution_role_arn: str | None
    network: Network
    data_capture: DataCapture | None
    async_inference: AsyncInference | None


@dataclass(frozen=True, slots=True)
class RuntimeVariant:
    """A variant as an endpoint runs it: weights, instances, and the images that are deployed."""

    name: str
    current_weight: float | None
    desired_weight: float | None
    current_instance_count: int | None
    desired_instance_count: int | None
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuntimeDetail:
    """What DescribeEndpoint adds to a listing's row. A null snapshot name: the endpoint hosts inference components."""

    snapshot_name: str | None
    pending_snapshot_name: str | None
    failure_reason: str | None
    variants: tuple[RuntimeVariant, ...]
    data_capture: DataCapture | None


@dataclass(frozen=True, slots=True)
class JobInput:
    """Where a job reads from; `channel` is the training channel's name."""

    channel: str | None
    s3_uri: str | None
    content_type: str | None


@dataclass(frozen=True, slots=True)
class FinalMetric:
    """The last value of a metric that a training job's log was searched for."""

    name: str
    value: float | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """What describing any job adds to a listing's row."""

    failure_reason: str | None
    start_time: datetime | None
    inputs: tuple[JobInput, ...]
    output_s3_uri: str | None
    instance_type: str | None
    instance_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJobDetail(JobDetail):
    """What DescribeTrainingJob adds. `billable_seconds` is the time that is paid for."""

    training_image: str | None
    role_arn: str | None
    model_artifacts_s3_uri: str | None
    output_model_package_arn: str | None
    billable_seconds: int | None
    hyper_parameter_values: tuple[tuple[str, str], ...] = field(repr=False)
    final_metrics: tuple[FinalMetric, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJobDetail(JobDetail):
    """What DescribeTransformJob adds: the model above all, which no listing shows."""

    model_name: str
    batch_strategy: str | None
    max_concurrent_transforms: int | None
    environment_values: tuple[tuple[str, str], ...] = field(repr=False)


Detail = TypeVar("Detail", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[Detail]):
    """What every resource shows, known from one row of a listing.

    Attributes:
        scope: The key of the scope that has read it; nothing of it may be shown through another.
        as_of: When AWS was last asked about it.
        detail: What its description says, or None where it has not been described.
    """

    kind: ClassVar[Kind]

    scope: str
    name: str
    arn: str
    account_id: str
    region: str
    creation_time: datetime | None
    as_of: datetime
    detail: Detail | None = None

    @property
    def id(self) -> str:
        """The opaque id: kind, account, region and name."""
        return encode_id(self.kind, self.account_id, self.region, self.name)

    @property
    def console_url(self) -> str | None:
        """The resource's page in the console of its own partition; None where that has none."""
        return console_url(self.kind, self.arn, self.region, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Resource[ModelDetail]):
    """A SageMaker model."""

    kind = Kind.MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Resource[SnapshotDetail]):
    """An endpoint configuration: a deployable version of one model or more."""

    kind = Kind.SNAPSHOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime(Resource[RuntimeDetail]):
    """An endpoint: a snapshot, deployed. `raw_status` is SageMaker's own word."""

    kind = Kind.RUNTIME

    status: RuntimeStatus
    raw_status: str
    last_modified_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJob(Resource[TrainingJobDetail]):
    """A job that makes model artifacts."""

    kind = Kind.TRAINING_JOB
    type: ClassVar[JobType] = JobType.TRAINING

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None
    secondary_status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJob(Resource[TransformJobDetail]):
    """A job that runs a model over a batch of inputs. `summary_failure_reason` is what a listing tells of a failure."""

    kind = Kind.TRANSFORM_JOB
    type: ClassVar[JobType] = JobType.TRANSFORM

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None
    summary_failure_reason: str | None = None


AnyResource = Model | Snapshot | Runtime | TrainingJob | TransformJob
AnyJob = TrainingJob | TransformJob
