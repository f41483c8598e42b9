"""Inputs of create operations, in the form of the contract."""

from dataclasses import dataclass, field

from aws.kinds.resource import Tag
from aws.kinds.rollouts import Rollout
from aws.kinds.statuses import ModelPackageDecision


@dataclass(frozen=True, slots=True)
class InstanceLimits:
    """The limits of instances that may be started.

    Attributes:
        instance_types: The allowed instance types; None means any.
        max_instances: The most instances at once; None means any number.
    """

    instance_types: frozenset[str] | None = None
    max_instances: int | None = None


@dataclass(frozen=True, slots=True)
class WriteAuthor:
    """The author of a new resource, whose names become tags of it.

    Attributes:
        subject: The caller.
        group: The group that the caller acts for.
        limits: The limits of instances for that group.
        deployment: The key of the deployment that the resource is for; None if it is for none.
    """

    subject: str
    group: str
    limits: InstanceLimits = field(default_factory=InstanceLimits)
    deployment: str | None = None


@dataclass(frozen=True, slots=True)
class KeyValuePair:
    """One environment variable, or one hyper-parameter.

    Attributes:
        key: Its name.
        value: Its value, which may be a secret.
    """

    key: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DesiredVariant:
    """A change of a variant of a runtime.

    Attributes:
        name: The name of the variant.
        weight: Its new weight; None keeps the present one.
        instance_count: Its new number of instances; None keeps the present one.
    """

    name: str
    weight: float | None = None
    instance_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeChange:
    """The move of a runtime to another snapshot.

    Attributes:
        snapshot_name: The snapshot that it shall run.
        retain: True keeps weights and instance counts of variants that both snapshots name; False takes the new
            snapshot's.
        rollout: The plan of the update; None leaves it to SageMaker.
    """

    snapshot_name: str
    retain: bool = True
    rollout: Rollout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInput:
    """The fields of all inputs of create operations.

    Attributes:
        name: The name; None derives it from the key, or generates one.
        idempotency_key: A key: equal content under it gives the same resource, and other content is a conflict.
        tags: The requested tags, beside the gateway's own.
    """

    name: str | None = None
    idempotency_key: str | None = None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTransformJob(CreateInput):
    """A transform job (`CreateTransformJobInput`); None for an optional field takes SageMaker's default.

    Attributes:
        model_name: The model.
        input_s3_uri: The prefix of the inputs in S3.
        output_s3_uri: The address of the outputs in S3.
        instance_type: The instance type.
        instance_count: The number of instances; None counts as 1.
        content_type: The MIME type of the inputs.
        split_type: The separator of input records.
        assemble_with: The separator of output records.
        accept: The MIME type of the outputs.
        compression_type: The compression of the inputs.
        input_filter: The JSONPath that selects the part of a record for the model.
        output_filter: The JSONPath that selects the part of the joined data to write.
        join_source: `Input` joins records with their output.
        batch_strategy: `MultiRecord` or `SingleRecord`.
        max_concurrent_transforms: The most requests to an instance at once.
        max_payload_in_mb: The largest request, in MB.
        output_kms_key_id: The KMS key that encrypts the outputs.
        volume_kms_key_id: The KMS key that encrypts the volumes.
        environment: The environment variables.
    """

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
    """A channel that a training job reads (`ChannelInput`); None for an optional field takes SageMaker's default.

    Attributes:
        name: Its name.
        s3_uri: The address of its data in S3.
        content_type: The MIME type of its data.
        input_mode: `Pipe`, `File` or `FastFile`.
        s3_data_type: `S3Prefix`, `ManifestFile` or `AugmentedManifestFile`.
        distribution: `FullyReplicated` or `ShardedByS3Key`.
    """

    name: str
    s3_uri: str
    content_type: str | None = None
    input_mode: str | None = None
    s3_data_type: str | None = None
    distribution: str | None = None


@dataclass(frozen=True, slots=True)
class NewNetwork:
    """The network of a job's containers (`NetworkInput`).

    Attributes:
        isolated: True for no network access; None leaves it as it is.
        subnets: The ids of the subnets of a VPC; None leaves them as they are.
        security_group_ids: The ids of the security groups in that VPC; None leaves them as they are.
    """

    isolated: bool | None = None
    subnets: tuple[str, ...] | None = None
    security_group_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrainingJob(CreateInput):
    """A training job (`CreateTrainingJobInput`); None for a field takes the default.

    With `like_training_job`, the default of everything but name, tags and experiment is that job's value.
    Hyper-parameters and environment are overridden variable by variable, `channels` and the parts of `network` as a
    whole.

    Attributes:
        like_training_job: The training job to copy.
        training_image: The address of the image.
        algorithm_name: The name of an algorithm, instead of an image.
        input_mode: `Pipe`, `File` or `FastFile`.
        role_arn: The role that the job uses.
        channels: The channels that it reads.
        output_s3_uri: The address of the outputs in S3.
        hyper_parameters: The hyper-parameters.
        instance_type: The instance type.
        instance_count: The number of instances.
        volume_size_in_gb: The size of the volume, in GB.
        max_runtime_seconds: The time after which it is stopped.
        use_spot: True for spot instances.
        max_wait_seconds: The time for run and wait together, with spot instances.
        network: The network.
        output_kms_key_id: The KMS key that encrypts the outputs.
        volume_kms_key_id: The KMS key that encrypts the volumes.
        environment: The environment variables.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRuntime(CreateInput):
    """An endpoint (`CreateRuntimeInput`).

    Attributes:
        snapshot_name: The endpoint configuration that it shall run.
    """

    snapshot_name: str


@dataclass(frozen=True, slots=True)
class PackageDecision:
    """A decision about a version in SageMaker's model registry.

    Attributes:
        arn: The ARN of the model package.
        decision: The decision.
        description: The comment; None leaves the present one.
    """

    arn: str
    decision: ModelPackageDecision
    description: str | None = None
