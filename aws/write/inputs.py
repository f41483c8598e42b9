"""Inputs of create operations, as the contract has them."""

from dataclasses import dataclass, field

from aws.kinds.resource import Tag
from aws.kinds.rollouts import Rollout
from aws.kinds.statuses import ModelPackageDecision


@dataclass(frozen=True, slots=True)
class InstanceLimits:
    """The instance types that may be started, and the most instances at once; None means any."""

    instance_types: frozenset[str] | None = None
    max_instances: int | None = None


@dataclass(frozen=True, slots=True)
class WriteAuthor:
    """For whom something is made; it is left on the thing as tags.

    Attributes:
        subject: Who asks for it.
        group: The group that they act for.
        limits: What may be started for that group.
        deployment: The key of the deployment that it is made for; None where it is made for none.
    """

    subject: str
    group: str
    limits: InstanceLimits = field(default_factory=InstanceLimits)
    deployment: str | None = None


@dataclass(frozen=True, slots=True)
class KeyValuePair:
    """One variable of an environment, or one hyper-parameter; the value may be a secret."""

    key: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DesiredVariant:
    """A variant of a runtime, and its new weight and instance count; None leaves either as it is."""

    name: str
    weight: float | None = None
    instance_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeChange:
    """The move of a runtime to another snapshot.

    Attributes:
        snapshot_name: The snapshot that it is to run.
        retain: Keep weights and instance counts of variants that both snapshots name; False takes the snapshot's.
        rollout: In which steps it gets there, and the alarms that take it back; None leaves that to SageMaker.
    """

    snapshot_name: str
    retain: bool = True
    rollout: Rollout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInput:
    """The fields of everything that is created.

    Attributes:
        name: Its name; None for one that is made of the key, or a fresh one.
        idempotency_key: The same key and content give the same thing; the same key with other content is a conflict.
        tags: The tags that are asked for, beside our own.
    """

    name: str | None = None
    idempotency_key: str | None = None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTransformJob(CreateInput):
    """A transform job (`CreateTransformJobInput`)."""

    model_name: str
    input_s3_uri: str
    output_s3_uri: str
    instance_type: str
    instance_count: int | None = 1
    content_type: str | None = None
    split_type: str | None = None
    assemble_with: str | None = None
    accept: str | None = None
    compression_type: str | None = None
    input_filter: str | None = None
    output_filter: str | None = None
    join_source: str | None = None
    batch_strategy: str | None = None
    max_concurrent_transforms: int | None = None
    max_payload_in_mb: int | None = None
    output_kms_key_id: str | None = None
    volume_kms_key_id: str | None = None
    environment: tuple[KeyValuePair, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel that a training job reads (`ChannelInput`)."""

    name: str
    s3_uri: str
    content_type: str | None = None
    input_mode: str | None = None
    s3_data_type: str | None = None
    distribution: str | None = None


@dataclass(frozen=True, slots=True)
class NewNetwork:
    """The network of a job's containers (`NetworkInput`)."""

    isolated: bool | None = None
    subnets: tuple[str, ...] | None = None
    security_group_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrainingJob(CreateInput):
    """A training job (`CreateTrainingJobInput`).

    With `like_training_job` everything but name, tags and experiment is that job's, unless it is given here: hyper-
    parameters and environment variable by variable, `channels` and the parts of `network` as a whole.
    """

    like_training_job: str | None = None
    training_image: str | None = None
    algorithm_name: str | None = None
    input_mode: str | None = None
    role_arn: str | None = None
    channels: tuple[NewChannel, ...] | None = None
    output_s3_uri: str | None = None
    hyper_parameters: tuple[KeyValuePair, ...] | None = None
    instance_type: str | None = None
    instance_count: int | None = None
    volume_size_in_gb: int | None = None
    max_runtime_seconds: int | None = None
    use_spot: bool | None = None
    max_wait_seconds: int | None = None
    network: NewNetwork | None = None
    output_kms_key_id: str | None = None
    volume_kms_key_id: str | None = None
    environment: tuple[KeyValuePair, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewServerless:
    """A serverless variant's size (`ServerlessInput`)."""

    memory_size_in_mb: int
    max_concurrency: int
    provisioned_concurrency: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """A variant of a snapshot (`VariantInput`): on instances, of one where no number is given, or serverless."""

    model_name: str
    name: str | None = "AllTraffic"
    instance_type: str | None = None
    initial_instance_count: int | None = None
    initial_weight: float | None = None
    serverless: NewServerless | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDataCapture:
    """The share of requests and answers that a runtime keeps, in per cent, and the place (`DataCaptureInput`)."""

    sampling_percentage: int
    s3_uri: str
    kms_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSnapshot(CreateInput):
    """An endpoint configuration (`CreateSnapshotInput`)."""

    variants: tuple[NewVariant, ...]
    shadow_variants: tuple[NewVariant, ...] | None = None
    data_capture: NewDataCapture | None = None
    kms_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRuntime(CreateInput):
    """An endpoint (`CreateRuntimeInput`)."""

    snapshot_name: str


@dataclass(frozen=True, slots=True)
class PackageDecision:
    """A version of the model registry by its ARN, the decision about it, and the words to keep with that."""

    arn: str
    decision: ModelPackageDecision
    description: str | None = None
