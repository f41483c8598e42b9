"""What mutations of jobs take."""

import strawberry

from aws.writing.inputs import NewChannel, NewNetwork, NewTrainingJob, NewTransformJob
from resolvers.job_changes import StopJob
from resolvers.making import Asked
from schema.enums import JobType
from schema.input_fields import left_out, needed
from schema.making_inputs import KeyValueInput, NewInput, PlacedInput, optional, read, values


@strawberry.input(description="Which transform job to create")
class CreateTransformJobInput(NewInput):
    """See aws.writing.inputs.NewTransformJob."""

    model_name: str = needed("The model that it runs")
    input_s3_uri: str = needed("Where its inputs are: everything below this address")
    output_s3_uri: str = needed("Where it writes")
    content_type: str | None = left_out("The MIME type of the inputs")
    split_type: str | None = left_out("How inputs are split into records: None, Line, RecordIO or TFRecord")
    assemble_with: str | None = left_out("How outputs are put together: None or Line")
    accept: str | None = left_out("The MIME type of the outputs")
    compression_type: str | None = left_out("How inputs are compressed: None or Gzip")
    input_filter: str | None = left_out("A JSONPath of what of a record the model gets")
    output_filter: str | None = left_out("A JSONPath of what of a record is written")
    join_source: str | None = left_out("Input, to write each record's input beside its output; or None")
    instance_type: str = needed("What it runs on, such as ml.m5.large")
    instance_count: int | None = left_out("On how many instances", 1)
    batch_strategy: str | None = left_out("MultiRecord or SingleRecord")
    max_concurrent_transforms: int | None = left_out("How many requests an instance gets at once")
    max_payload_in_mb: int | None = left_out("The largest request, in MB", name="maxPayloadInMB")
    output_kms_key_id: str | None = left_out("The key that encrypts its outputs")
    volume_kms_key_id: str | None = left_out("The key that encrypts its volumes")
    environment: list[KeyValueInput] | None = left_out("The environment of its containers; values may be secrets")

    def value(self) -> Asked[NewTransformJob]:
        """The input's value; null for the number of instances means the default, as leaving it out does."""
        count = 1 if self.instance_count is None else self.instance_count
        pairs = values(self.environment)
        return self.asked(read(NewTransformJob, self, instance_count=count, environment=pairs, **self.naming()))


@strawberry.input(description="A channel that a training job reads")
class ChannelInput:
    """See aws.writing.inputs.NewChannel."""

    name: str = needed("Its name, such as train")
    s3_uri: str = needed("Where its data is")
    content_type: str | None = left_out("The data's MIME type")
    input_mode: str | None = left_out("How the data gets there, where not as in the rest of the job: File, Pipe, …")
    s3_data_type: str | None = left_out("What the address stands for: S3Prefix (the default), ManifestFile, …")
    distribution: str | None = left_out("FullyReplicated or ShardedByS3Key")

    def value(self) -> NewChannel:
        """The channel."""
        return read(NewChannel, self)


@strawberry.input(description="Where containers are to run")
class NetworkInput:
    """See aws.writing.inputs.NewNetwork."""

    isolated: bool | None = left_out("True: without any network")
    subnets: list[str] | None = left_out("The subnets of the VPC; given together with the security groups")
    security_group_ids: list[str] | None = left_out("The security groups; given together with the subnets")

    def value(self) -> NewNetwork:
        """The network."""
        subnets = None if self.subnets is None else tuple(self.subnets)
        groups = None if self.security_group_ids is None else tuple(self.security_group_ids)
        return NewNetwork(self.isolated, subnets, groups)


@strawberry.input(description="Which training job to create")
class CreateTrainingJobInput(NewInput):
    """See aws.writing.inputs.NewTrainingJob."""

    like_training_job: str | None = left_out(
        "Take image, role, hyper-parameters, resources and channels from this job; the other fields override"
    )
    training_image: str | None = left_out("The image that trains; this or algorithmName")
    algorithm_name: str | None = left_out("An algorithm of SageMaker or of the marketplace; this or trainingImage")
    input_mode: str | None = left_out("How data gets to the algorithm; left out: File")
    role_arn: str | None = left_out("The role that the job runs under")
    channels: list[ChannelInput] | None = left_out("What it reads")
    output_s3_uri: str | None = left_out("Where the artifact goes")
    hyper_parameters: list[KeyValueInput] | None = left_out("The hyper-parameters; values may be secrets")
    instance_type: str | None = left_out("What it runs on, such as ml.m5.large")
    instance_count: int | None = left_out("On how many instances; left out: one")
    volume_size_in_gb: int | None = left_out("The size of each volume, in GB; left out: 30", name="volumeSizeInGB")
    max_runtime_seconds: int | None = left_out("After how many seconds it is stopped; left out: a day")
    use_spot: bool | None = left_out("True: on spot instances")
    max_wait_seconds: int | None = left_out("For how many seconds, its runtime among them, it may wait for those")
    network: NetworkInput | None = left_out("Where its containers run")
    output_kms_key_id: str | None = left_out("The key that encrypts its artifact")
    volume_kms_key_id: str | None = left_out("The key that encrypts its volumes")
    environment: list[KeyValueInput] | None = left_out("The environment of its containers; values may be secrets")

    def value(self) -> Asked[NewTrainingJob]:
        """The input's value."""
        wanted = read(
            NewTrainingJob,
            self,
            channels=values(self.channels),
            hyper_parameters=values(self.hyper_parameters),
            environment=values(self.environment),
            network=optional(self.network),
            **self.naming(),
        )
        return self.asked(wanted)


@strawberry.input(description="Which job to stop")
class StopJobInput(PlacedInput):
    """See resolvers.job_changes.StopJob."""

    type: JobType = needed("The kind of job")
    name: str = needed("The job's name")

    def value(self) -> Asked[StopJob]:
        """The input's value."""
        return self.asked(StopJob(self.type, self.name))
