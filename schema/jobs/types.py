"""Jobs: interface, training and transform jobs, filter."""

from datetime import datetime
from typing import Any

import strawberry

from aws.kinds import training_jobs as aws_training_jobs
from aws.kinds import transform_jobs as aws_transform_jobs
from resolvers import jobs, secret_values
from resolvers.lists import filters
from resolvers.request import Request
from resolvers.views import stored
from schema.connections import Edge, ResourceConnection, ResourceConnectionFields
from schema.fields import attribute, detail, from_detail, relation, represents
from schema.filters import ResourceFilterFields, tuple_or_none
from schema.inputs import optional
from schema.interfaces import LazyModelByName, LazyModels, Node, Resource
from schema.jobs.enums import JobStatus, JobType, MatchReason
from schema.value_types import KeyValue


@strawberry.input(description="Filter of a list of jobs")
class JobFilter(ResourceFilterFields):
    """See resolvers.lists.filters.JobFilter."""

    type: JobType | None = optional("The kind of job")
    status: list[JobStatus] | None = optional("Any of these statuses")
    model_name: str | None = optional("The model that the job made or uses")

    def value(self) -> filters.JobFilter:
        """The filter's value."""
        return filters.JobFilter(
            **self.shared_fields(), type=self.type, status=tuple_or_none(self.status), model_name=self.model_name
        )


@strawberry.type(description="An input of a job")
class JobInput:
    """See aws.kinds.jobs.JobInput."""

    channel: str | None = attribute("The training channel; null for transform jobs")
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


@strawberry.interface(description="A training job or a transform job")
class Job(Resource):
    """The fields of every job."""

    type: JobType = attribute("The kind of job")
    status: JobStatus = attribute("The job's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "The reason why the job failed, in SageMaker's words")
    start_time: datetime | None = detail("start_time", "The time at which the job began to run")
    end_time: datetime | None = attribute("The time at which the job ended")
    last_modified_time: datetime | None = attribute(
        "The time at which SageMaker last changed the job's record; transform jobs tell it in lists only"
    )
    execution_seconds: float | None = from_detail(
        _execution_seconds,
        "Seconds from start to end, or to now while it runs; of a stored copy, to when it was read",
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
        "The models that the job made (training) or uses (transform); null for one that is gone",
        detail=True,
    )
    model_names: list[str] | None = relation(jobs.model_names, "The names of those models", detail=True)


@represents(aws_training_jobs.TrainingJob)
@strawberry.type(description="A job that makes model artifacts")
class TrainingJob(Job, Resource, Node):
    """See aws.kinds.training_jobs.TrainingJob."""

    secondary_status: str | None = attribute("SageMaker's finer word for the status")
    training_image: str | None = detail("training_image", "The image that trains")
    role_arn: str | None = detail("role_arn", "The role that it runs under")
    model_artifacts_s3_uri: str | None = detail("model_artifacts_s3_uri", "The artifact that it made, in S3")
    billable_seconds: int | None = detail("billable_seconds", "The seconds that are paid for")
    hyper_parameters: list[KeyValue] | None = from_detail(
        _hyper_parameters, "The hyper-parameters; values are hidden unless the group may see secrets"
    )
    final_metrics: list[FinalMetric] | None = detail("final_metrics", "The last values of its metrics")


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
    input_filter: str | None = _processing("input_filter", "A JSONPath of what of a record the model gets")
    output_filter: str | None = _processing("output_filter", "A JSONPath of what of a record is written")
    join_source: str | None = _processing(
        "join_source", "Input, to write each record's input beside its output; or None"
    )
    environment: list[KeyValue] | None = from_detail(
        _environment, "The environment; values are hidden unless the group may see secrets"
    )


JobConnection = ResourceConnection[Job]


@strawberry.type(description="A job of a model, its place in the list, and the reason why it belongs to the model")
class ModelJobEdge(Edge[Job]):
    """An edge with a reason."""

    match: MatchReason = attribute("The reason why the job belongs to the model")


@strawberry.type(description="A page of a model's jobs; each edge has the reason why the job belongs to the model")
class ModelJobConnection(ResourceConnectionFields):
    """A connection whose edges have reasons."""

    edges: list[ModelJobEdge] = attribute("The page, with a cursor and a reason for each job")
    nodes: list[Job] = attribute("The page")
    looked_back_to: datetime | None = attribute(
        "The creation time of the oldest job that was considered, if there are more than one answer may consider"
    )
