"""Job mutations: inputs and payloads."""

import strawberry

from aws.write.inputs import NewChannel, NewNetwork, NewTrainingJob, NewTransformJob
from resolvers.jobs import StopJob
from resolvers.mutations.aws_changes import Targeted
from schema.fields import attribute
from schema.inputs import (
    CreationInput,
    KeyValueInput,
    TargetedInput,
    build_value,
    optional,
    optional_value,
    required,
    values_of,
)
from schema.jobs.enums import JobType
from schema.jobs.types import Job, TrainingJob, TransformJob
from schema.payloads import CREATED_DESCRIPTION, MutationPayload


@strawberry.input(description="The transform job to create")
class CreateTransformJobInput(CreationInput):
    """See aws.write.inputs.NewTransformJob."""

    model_name: str = required("The model that the job runs")
    input_s3_uri: str = required("The S3 prefix of the inputs; everything below it is read")
    output_s3_uri: str = required("The S3 prefix for the outputs")
    content_type: str | None = optional("The MIME type of the inputs")
    split_type: str | None = optional("The split of inputs into records: None, Line, RecordIO or TFRecord")
    assemble_with: str | None = optional("The assembly of outputs: None, or Line for one record a line")
    accept: str | None = optional("The MIME type of the outputs")
    compression_type: str | None = optional("The compression of inputs: None or Gzip")
    input_filter: str | None = optional("A JSONPath that selects the part of a record that the model gets")
    output_filter: str | None = optional("A JSONPath that selects the part of a record that is written")
    join_source: str | None = optional("Input, which writes the input of each record beside its output, or None")
    instance_type: str = required("The instance type, such as ml.m5.large")
    instance_count: int | None = optional("The number of instances", 1)
    batch_strategy: str | None = optional("The records of a request: MultiRecord or SingleRecord")
    max_concurrent_transforms: int | None = optional("The most requests that an instance gets at once")
    max_payload_in_mb: int | None = optional("The size of the largest request, in MB", name="maxPayloadInMB")
    output_kms_key_id: str | None = optional("The KMS key that encrypts the outputs")
    volume_kms_key_id: str | None = optional("The KMS key that encrypts the volumes of instances")
    environment: list[KeyValueInput] | None = optional(
        "The environment variables of the containers; values may be secrets"
    )

    def value(self) -> Targeted[NewTransformJob]:
        """The input's value; null for the number of instances means the default, as leaving it out does."""
        count = 1 if self.instance_count is None else self.instance_count
        pairs = values_of(self.environment)
        return self.targeted(
            build_value(NewTransformJob, self, instance_count=count, environment=pairs, **self.shared_fields())
        )


@strawberry.input(description="An input channel of a training job")
class ChannelInput:
    """See aws.write.inputs.NewChannel."""

    name: str = required("The channel's name, such as train")
    s3_uri: str = required("The S3 address of the channel's data")
    content_type: str | None = optional("The MIME type of the data")
    input_mode: str | None = optional("The channel's input mode: File, FastFile or Pipe; left out: that of the job")
    s3_data_type: str | None = optional(
        "The meaning of the address: S3Prefix, ManifestFile, AugmentedManifestFile or Converse; left out: S3Prefix"
    )
    distribution: str | None = optional("The data that each instance gets: FullyReplicated or ShardedByS3Key")

    def value(self) -> NewChannel:
        """The channel."""
        return build_value(NewChannel, self)


@strawberry.input(description="The network of containers")
class NetworkInput:
    """See aws.write.inputs.NewNetwork."""

    isolated: bool | None = optional("True to give the containers no network at all")
    subnets: list[str] | None = optional("The ids of the VPC's subnets; needs `securityGroupIds`")
    security_group_ids: list[str] | None = optional("The ids of the security groups; needs `subnets`")

    def value(self) -> NewNetwork:
        """The network."""
        subnets = None if self.subnets is None else tuple(self.subnets)
        groups = None if self.security_group_ids is None else tuple(self.security_group_ids)
        return NewNetwork(self.isolated, subnets, groups)


@strawberry.input(description="The training job to create")
class CreateTrainingJobInput(CreationInput):
    """See aws.write.inputs.NewTrainingJob."""

    like_training_job: str | None = optional(
        "A training job to copy image, role, hyper-parameters, resources and channels from; "
        "the other fields override them"
    )
    training_image: str | None = optional("The image that trains; give this or `algorithmName`")
    algorithm_name: str | None = optional(
        "An algorithm of SageMaker or of AWS Marketplace; give this or `trainingImage`"
    )
    input_mode: str | None = optional("The default input mode of channels: File, FastFile or Pipe; left out: File")
    role_arn: str | None = optional("The ARN of the role that the job runs under")
    channels: list[ChannelInput] | None = optional("The input channels of the job")
    output_s3_uri: str | None = optional("The S3 prefix for the artifact")
    hyper_parameters: list[KeyValueInput] | None = optional("The hyper-parameters; values may be secrets")
    instance_type: str | None = optional("The instance type, such as ml.m5.large")
    instance_count: int | None = optional("The number of instances; left out: 1")
    volume_size_in_gb: int | None = optional(
        "The size of each instance's volume, in GB; left out: 30", name="volumeSizeInGB"
    )
    max_runtime_seconds: int | None = optional("The seconds after which SageMaker stops the job; left out: 86,400")
    use_spot: bool | None = optional("True to run the job on spot instances")
    max_wait_seconds: int | None = optional(
        "The most seconds from the wait for spot capacity to the end of the job; for spot instances only"
    )
    network: NetworkInput | None = optional("The network of the containers")
    output_kms_key_id: str | None = optional("The KMS key that encrypts the artifact")
    volume_kms_key_id: str | None = optional("The KMS key that encrypts the volumes of instances")
    environment: list[KeyValueInput] | None = optional(
        "The environment variables of the containers; values may be secrets"
    )

    def value(self) -> Targeted[NewTrainingJob]:
        """The input's value."""
        wanted = build_value(
            NewTrainingJob,
            self,
            channels=values_of(self.channels),
            hyper_parameters=values_of(self.hyper_parameters),
            environment=values_of(self.environment),
            network=optional_value(self.network),
            **self.shared_fields(),
        )
        return self.targeted(wanted)


@strawberry.input(description="The job to stop")
class StopJobInput(TargetedInput):
    """See resolvers.jobs.StopJob."""

    type: JobType = required("The kind of job")
    name: str = required("The job's name")

    def value(self) -> Targeted[StopJob]:
        """The input's value."""
        return self.targeted(StopJob(self.type, self.name))


@strawberry.type(description="The result of createTrainingJob")
class CreateTrainingJobPayload(MutationPayload):
    """See resolvers.jobs.TrainingJobResult."""

    training_job: TrainingJob | None = attribute("The job, read after its creation; null if there is none")
    created: bool = attribute(CREATED_DESCRIPTION)


@strawberry.type(description="The result of createTransformJob")
class CreateTransformJobPayload(MutationPayload):
    """See resolvers.jobs.TransformJobResult."""

    transform_job: TransformJob | None = attribute("The job, read after its creation; null if there is none")
    created: bool = attribute(CREATED_DESCRIPTION)


@strawberry.type(description="The result of stopJob")
class StopJobPayload(MutationPayload):
    """See resolvers.jobs.StopJobResult."""

    job: Job | None = attribute("The job while it stops, or as it has ended; null if it was not stopped")
