"""Jobs: interface, training, transform, processing and tuning jobs, filter."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aws.kinds import processing_jobs as aws_processing_jobs
from aws.kinds import training_jobs as aws_training_jobs
from aws.kinds import transform_jobs as aws_transform_jobs
from aws.kinds import tuning_jobs as aws_tuning_jobs
from resolvers import jobs, pipelines, secret_values, tuning_jobs
from resolvers.lists import filters
from resolvers.request import Request
from resolvers.views import stored
from schema.connections import Edge, ResourceConnection, ResourceConnectionFields
from schema.fields import attribute, detail, from_detail, relation, represents, resource_connection
from schema.filters import ResourceFilterFields, tuple_or_none
from schema.inputs import optional
from schema.interfaces import LazyModelByName, LazyModels, Node, Resource
from schema.jobs.enums import JobStatus, JobType, MatchReason
from schema.value_types import KeyValue

if TYPE_CHECKING:
    from schema.pipelines import PipelineExecution


@strawberry.input(description="Filter of a list of jobs; all entries apply")
class JobFilter(ResourceFilterFields):
    """See resolvers.lists.filters.JobFilter."""

    type: JobType | None = optional("The kind of job")
    types: list[JobType] | None = optional(
        "Any of these kinds of job, instead of `type`. Without either: training and transform jobs"
    )
    status: list[JobStatus] | None = optional("In any of these statuses")
    model_name: str | None = optional("The exact name of a model that belongs to the job")

    def value(self) -> filters.JobFilter:
        """The filter's value."""
        return filters.JobFilter(
            **self.shared_fields(),
            type=self.type,
            types=tuple_or_none(self.types),
            status=tuple_or_none(self.status),
            model_name=self.model_name,
        )


@strawberry.type(description="An input of a job")
class JobInput:
    """See aws.kinds.jobs.JobInput."""

    channel: str | None = attribute(
        "The name of a training channel or of a processing job's input; null for transform jobs"
    )
    s3_uri: str | None = attribute("The S3 address of the input; null if it is not in S3")
    content_type: str | None = attribute("The MIME type of the input; null if unknown")


@strawberry.type(description="The last value of a training job's metric")
class FinalMetric:
    """See aws.kinds.training_jobs.FinalMetric."""

    name: str = attribute("The metric's name")
    value: float | None = attribute("The last value of the metric; null if it is not a finite number (NaN, Infinity)")
    at: datetime | None = attribute("The time at which the value was logged")


def _hyper_parameters(root: Any, known: Any, _request: Request) -> Any:
    return _redacted_values(root, known.hyper_parameter_values)


def _environment(root: Any, known: Any, _request: Request) -> Any:
    return _redacted_values(root, known.environment_values)


def _redacted_values(root: Any, pairs: Any) -> Any:
    return None if pairs is None else secret_values.key_values(root.view, pairs)


def _execution_seconds(root: Any, known: Any, request: Request) -> Any:
    now = root.as_of if stored.is_stored_copy(root) else request.started
    return jobs.execution_seconds(root, known, now)


LazyExecution = Annotated["PipelineExecution", strawberry.lazy("schema.pipelines")] | None


@strawberry.interface(description="A training, transform, processing or tuning job")
class Job(Resource):
    """The fields of every job."""

    type: JobType = attribute("The kind of job")
    status: JobStatus = attribute("The status of the job")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail(
        "failure_reason", "The reason of the failure, in SageMaker's words; null for none"
    )
    start_time: datetime | None = detail("start_time", "The time at which the job began to run; null before that")
    end_time: datetime | None = attribute("The time at which the job ended; null before that")
    last_modified_time: datetime | None = attribute(
        "The time at which SageMaker last changed the job's record; null for a transform job "
        "that was not read from a list"
    )
    execution_seconds: float | None = from_detail(
        _execution_seconds,
        "The seconds from start to end; to now while the job runs; to the time of reading in "
        "a stored copy. Null before the start",
    )
    inputs: list[JobInput] | None = detail("inputs", "The inputs of the job")
    output_s3_uri: str | None = detail("output_s3_uri", "The S3 address of the output; null if the job names none")
    instance_type: str | None = detail("instance_type", "The instance type; null if the job names none")
    instance_count: int | None = detail("instance_count", "The number of instances")
    logs_url: str | None = attribute(
        "The address of the job's log streams in the CloudWatch console; null in a partition without a console"
    )
    models: LazyModels = relation(
        jobs.models,
        "The models that belong to the job: those that it made (training, tuning), that it "
        "runs (transform), or whose artifact it reads or writes (processing). Null for one "
        "that is gone",
        detail=True,
    )
    model_names: list[str] | None = relation(jobs.model_names, "The names of the models in `models`", detail=True)
    pipeline_execution: LazyExecution = relation(
        pipelines.executions,
        (
            "The pipeline execution that started the job; null if none did. A tuning job does not name its execution: "
            "the field is an error until the steps of that execution have been read. Costs a listing of steps and a "
            "description for each execution"
        ),
        detail=True,
    )
    pipeline_execution_arn: str | None = relation(
        pipelines.execution_arns,
        "The ARN of the execution in `pipelineExecution`; null if no pipeline started the job",
        detail=True,
    )


LazyTuningJob = Annotated["TuningJob", strawberry.lazy("schema.jobs.types")] | None


@represents(aws_training_jobs.TrainingJob)
@strawberry.type(description="A job that makes model artifacts")
class TrainingJob(Job, Resource, Node):
    """See aws.kinds.training_jobs.TrainingJob."""

    secondary_status: str | None = attribute("SageMaker's finer word for the status; null if it has none")
    training_image: str | None = detail("training_image", "The address of the image that trains")
    role_arn: str | None = detail("role_arn", "The ARN of the role that the job runs under")
    model_artifacts_s3_uri: str | None = detail(
        "model_artifacts_s3_uri", "The S3 address of the artifact; null before there is one"
    )
    billable_seconds: int | None = detail(
        "billable_seconds", "The seconds that AWS bills; null before the job has ended"
    )
    hyper_parameters: list[KeyValue] | None = from_detail(
        _hyper_parameters, "The hyper-parameters; values need SEE_SECRETS"
    )
    final_metrics: list[FinalMetric] | None = detail("final_metrics", "The last value of each metric")
    tuned_by: LazyTuningJob = relation(
        tuning_jobs.tuners_of, "The tuning job that started this job; null if none did, or if it is gone", detail=True
    )
    tuned_by_name: str | None = detail(
        "tuning_job_name", "The name of the tuning job that started this job; null if none did"
    )


def _processing(attribute: str, description: str, name: str | None = None) -> Any:
    return from_detail(
        lambda _root, known, _request: getattr(known.record_processing, attribute), description, name=name
    )


@represents(aws_transform_jobs.TransformJob)
@strawberry.type(description="A job that runs a model over a batch of inputs")
class TransformJob(Job, Resource, Node):
    """See aws.kinds.transform_jobs.TransformJob."""

    model: LazyModelByName = relation(
        jobs.models_of_transform_jobs, "The model that the job runs; null if it is gone", detail=True
    )
    model_name: str | None = detail("model_name", "The model's name")
    batch_strategy: str | None = detail("batch_strategy", "The records of a request: MultiRecord or SingleRecord")
    max_concurrent_transforms: int | None = detail(
        "max_concurrent_transforms", "The most requests that an instance gets at once"
    )
    max_payload_in_mb: int | None = _processing(
        "max_payload_in_mb", "The size of the largest request, in MB", "maxPayloadInMB"
    )
    split_type: str | None = _processing(
        "split_type", "The split of inputs into records: None, Line, RecordIO or TFRecord"
    )
    assemble_with: str | None = _processing(
        "assemble_with", "The assembly of outputs: None, or Line for one record a line"
    )
    accept: str | None = _processing("accept", "The MIME type of the outputs")
    compression_type: str | None = _processing("compression_type", "The compression of inputs: None or Gzip")
    input_filter: str | None = _processing(
        "input_filter", "A JSONPath that selects the part of a record that the model gets"
    )
    output_filter: str | None = _processing(
        "output_filter", "A JSONPath that selects the part of a record that is written"
    )
    join_source: str | None = _processing(
        "join_source", "Input, which writes the input of each record beside its output, or None"
    )
    environment: list[KeyValue] | None = from_detail(_environment, "The environment variables; values need SEE_SECRETS")


@strawberry.type(description="An output of a processing job")
class JobOutput:
    """See aws.kinds.processing_jobs.JobOutput."""

    name: str | None = attribute("The name of the output")
    s3_uri: str | None = attribute("The S3 address of the output; null if it goes to a feature store")


@represents(aws_processing_jobs.ProcessingJob)
@strawberry.type(
    description=(
        "A job that prepares data or evaluates a model; it belongs to the models whose artifact it reads or writes"
    )
)
class ProcessingJob(Job, Resource, Node):
    """See aws.kinds.processing_jobs.ProcessingJob."""

    image: str | None = detail("image", "The address of the image that the job runs")
    exit_message: str | None = detail("exit_message", "The message with which the container ended; null for none")
    outputs: list[JobOutput] | None = detail("outputs", "The outputs of the job")
    environment: list[KeyValue] | None = from_detail(_environment, "The environment variables; values need SEE_SECRETS")


JobConnection = ResourceConnection[Job]


@represents(aws_tuning_jobs.TuningJob)
@strawberry.type(description="A job that starts training jobs with different hyper-parameters, to find the best ones")
class TuningJob(Job, Resource, Node):
    """See aws.kinds.tuning_jobs.TuningJob."""

    strategy: str | None = attribute("The strategy for choosing hyper-parameters: Bayesian, Random, Hyperband or Grid")
    objective_metric: str | None = detail("objective_metric", "The name of the metric that the job optimizes")
    best_training_job: TrainingJob | None = relation(
        tuning_jobs.best_training_jobs,
        "The training job with the best value of the objective so far; null if there is none, or if it is gone",
        detail=True,
    )
    best_training_job_name: str | None = detail(
        "best_training_job_name", "The name of the best training job so far; null if there is none"
    )
    training_jobs: JobConnection | None = resource_connection(
        tuning_jobs.training_jobs,
        "The training jobs that the tuning job has started, newest first. Costs a listing for each tuning job",
    )


@strawberry.type(description="A job of a model, with its cursor and the reason for which it belongs to the model")
class ModelJobEdge(Edge[Job]):
    """An edge with a reason."""

    match: MatchReason = attribute("The reason for which the job belongs to the model")
    linked_by: str | None = attribute(
        "The name of the person who linked the job by hand; null if nobody of the group did"
    )


@strawberry.type(
    description="A page of a model's jobs; each edge has the reason for which the job belongs to the model"
)
class ModelJobConnection(ResourceConnectionFields):
    """A connection whose edges have reasons."""

    edges: list[ModelJobEdge] = attribute("The jobs of this page, each with its cursor and the reason")
    nodes: list[Job] = attribute("The nodes of this page")
    looked_back_to: datetime | None = attribute(
        "The creation time of the oldest job that was considered; null if all jobs were"
    )
