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


@strawberry.input(description="Filter of a list of jobs")
class JobFilter(ResourceFilterFields):
    """See resolvers.lists.filters.JobFilter."""

    type: JobType | None = optional("The kind of job")
    types: list[JobType] | None = optional(
        "Any of these kinds of job, instead of `type`; without either, training and transform jobs"
    )
    status: list[JobStatus] | None = optional("Any of these statuses")
    model_name: str | None = optional("The model that the job made or uses")

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
        "The training channel, or the name of a processing job's input; null for transform jobs"
    )
    s3_uri: str | None = attribute("Its address in S3")
    content_type: str | None = attribute("Its MIME type")


@strawberry.type(description="The last value of a metric of a training job")
class FinalMetric:
    """See aws.kinds.training_jobs.FinalMetric."""

    name: str = attribute("The metric's name")
    value: float | None = attribute("Its last value; null if it is not a finite number (NaN, Infinity)")
    at: datetime | None = attribute("The time at which it was logged")


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
    status: JobStatus = attribute("The job's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "The reason why the job failed, in SageMaker's words")
    start_time: datetime | None = detail("start_time", "The time at which the job began to run")
    end_time: datetime | None = attribute("The time at which the job ended")
    last_modified_time: datetime | None = attribute(
        "The time at which SageMaker last changed the job's record; for transform jobs, only in lists"
    )
    execution_seconds: float | None = from_detail(
        _execution_seconds,
        "Seconds from start to end; of a running job, to now; of a stored copy, to the time of its reading",
    )
    inputs: list[JobInput] | None = detail("inputs", "The job's inputs")
    output_s3_uri: str | None = detail("output_s3_uri", "The S3 address of the job's output")
    instance_type: str | None = detail("instance_type", "The type of its instances")
    instance_count: int | None = detail("instance_count", "The number of its instances")
    logs_url: str | None = attribute(
        "Its log streams in the CloudWatch console of its own partition; null if that partition has none"
    )
    models: LazyModels = relation(
        jobs.models,
        "The models that the job made (training, tuning), uses (transform), or whose artifact it reads or writes "
        "(processing); null for one that is gone",
        detail=True,
    )
    model_names: list[str] | None = relation(jobs.model_names, "The names of those models", detail=True)
    pipeline_execution: LazyExecution = relation(
        pipelines.executions,
        (
            "The pipeline execution that started it: its experiment names it, and the execution's steps "
            "confirm it; null if none did. A tuning job has no experiment: only steps that were read before "
            "can tell, and without them the field is an error"
        ),
        detail=True,
    )
    pipeline_execution_arn: str | None = relation(
        pipelines.execution_arns, "The ARN of that pipeline execution", detail=True
    )


LazyTuningJob = Annotated["TuningJob", strawberry.lazy("schema.jobs.types")] | None


@represents(aws_training_jobs.TrainingJob)
@strawberry.type(description="A job that makes model artifacts")
class TrainingJob(Job, Resource, Node):
    """See aws.kinds.training_jobs.TrainingJob."""

    secondary_status: str | None = attribute("SageMaker's finer word for the status")
    training_image: str | None = detail("training_image", "The image that trains")
    role_arn: str | None = detail("role_arn", "The role that it runs under")
    model_artifacts_s3_uri: str | None = detail("model_artifacts_s3_uri", "The S3 address of the artifact that it made")
    billable_seconds: int | None = detail("billable_seconds", "The seconds that AWS bills")
    hyper_parameters: list[KeyValue] | None = from_detail(
        _hyper_parameters, "The hyper-parameters; values are hidden unless the group may see secrets"
    )
    final_metrics: list[FinalMetric] | None = detail("final_metrics", "The last values of its metrics")
    tuned_by: LazyTuningJob = relation(
        tuning_jobs.tuners_of, "The tuning job that started it; null if none did, or that is gone", detail=True
    )
    tuned_by_name: str | None = detail("tuning_job_name", "The name of the tuning job that started it")


def _processing(attribute: str, description: str, name: str | None = None) -> Any:
    return from_detail(
        lambda _root, known, _request: getattr(known.record_processing, attribute), description, name=name
    )


@represents(aws_transform_jobs.TransformJob)
@strawberry.type(description="A job that runs a model over a batch of inputs")
class TransformJob(Job, Resource, Node):
    """See aws.kinds.transform_jobs.TransformJob."""

    model: LazyModelByName = relation(
        jobs.models_of_transform_jobs, "The model that it uses; null if that is gone", detail=True
    )
    model_name: str | None = detail("model_name", "The model's name")
    batch_strategy: str | None = detail(
        "batch_strategy", "The way in which records are put together into requests: MultiRecord or SingleRecord"
    )
    max_concurrent_transforms: int | None = detail(
        "max_concurrent_transforms", "The number of requests that an instance gets at once"
    )
    max_payload_in_mb: int | None = _processing("max_payload_in_mb", "The largest request, in MB", "maxPayloadInMB")
    split_type: str | None = _processing(
        "split_type", "The way in which inputs are split into records: None, Line, RecordIO or TFRecord"
    )
    assemble_with: str | None = _processing("assemble_with", "The way in which outputs are assembled: None or Line")
    accept: str | None = _processing("accept", "The MIME type of the outputs")
    compression_type: str | None = _processing("compression_type", "The compression of inputs: None or Gzip")
    input_filter: str | None = _processing(
        "input_filter", "A JSONPath that selects the part of a record that the model gets"
    )
    output_filter: str | None = _processing(
        "output_filter", "A JSONPath that selects the part of a record that is written"
    )
    join_source: str | None = _processing(
        "join_source", "Input, to write each record's input beside its output; or None"
    )
    environment: list[KeyValue] | None = from_detail(
        _environment, "The environment; values are hidden unless the group may see secrets"
    )


@strawberry.type(description="An output of a processing job")
class JobOutput:
    """See aws.kinds.processing_jobs.JobOutput."""

    name: str | None = attribute("The output's name")
    s3_uri: str | None = attribute("Its address in S3; null if it goes to a feature store")


@represents(aws_processing_jobs.ProcessingJob)
@strawberry.type(
    description=(
        "A job that prepares data or evaluates a model; it belongs to the models whose artifact it reads or writes"
    )
)
class ProcessingJob(Job, Resource, Node):
    """See aws.kinds.processing_jobs.ProcessingJob."""

    image: str | None = detail("image", "The image that it runs")
    exit_message: str | None = detail("exit_message", "The last words of its container")
    outputs: list[JobOutput] | None = detail("outputs", "The places that it writes to")
    environment: list[KeyValue] | None = from_detail(
        _environment, "The environment; values are hidden unless the group may see secrets"
    )


JobConnection = ResourceConnection[Job]


@represents(aws_tuning_jobs.TuningJob)
@strawberry.type(description="A job that starts training jobs with different hyper-parameters, to find the best ones")
class TuningJob(Job, Resource, Node):
    """See aws.kinds.tuning_jobs.TuningJob."""

    strategy: str | None = attribute("The way of choosing hyper-parameters: Bayesian, Random, Hyperband or Grid")
    objective_metric: str | None = detail("objective_metric", "The metric that it optimizes")
    best_training_job: TrainingJob | None = relation(
        tuning_jobs.best_training_jobs,
        "The training job with the best objective so far; null if there is none, or it is gone",
        detail=True,
    )
    best_training_job_name: str | None = detail("best_training_job_name", "The name of that training job")
    training_jobs: JobConnection | None = resource_connection(
        tuning_jobs.training_jobs, "The training jobs that it has started, newest first"
    )


@strawberry.type(description="A job of a model, its place in the list, and the reason why it belongs to the model")
class ModelJobEdge(Edge[Job]):
    """An edge with a reason."""

    match: MatchReason = attribute("The reason why the job belongs to the model")
    linked_by: str | None = attribute(
        "The person who has linked the job to the model by hand; null if nobody of the group has"
    )


@strawberry.type(description="A page of a model's jobs; each edge has the reason why the job belongs to the model")
class ModelJobConnection(ResourceConnectionFields):
    """A connection whose edges have reasons."""

    edges: list[ModelJobEdge] = attribute("The page, with a cursor and a reason for each job")
    nodes: list[Job] = attribute("The page")
    looked_back_to: datetime | None = attribute(
        "The creation time of the oldest job that was considered; null if all were"
    )
