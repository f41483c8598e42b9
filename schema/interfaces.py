"""What things have in common: an id, what every SageMaker resource shows, what every job shows."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from resolvers import jobs, lookups, sources
from schema.enums import JobStatus, JobType, Source
from schema.fields import Info, attribute, computed, detail, load_detail, relation
from schema.parts import JobInput, Tag

if TYPE_CHECKING:
    from schema.models import Model


def _source(root: Any, info: Info) -> Any:
    return sources.source_of(info.context, root)


@strawberry.interface(description="Anything with an id")
class Node:
    """Relay's Node."""

    id: strawberry.ID = attribute(
        "The opaque id: kind, account, region and name for an AWS thing; kept as it is by clients"
    )


@strawberry.interface(description="What every SageMaker resource shows")
class Resource(Node):
    """The fields that all five kinds share."""

    name: str = attribute("The name, unique per kind, account and region")
    arn: str = attribute("The Amazon Resource Name")
    account_id: str = attribute("The AWS account")
    region: str = attribute("The AWS region")
    creation_time: datetime | None = attribute("When it was created")
    tags: list[Tag] | None = relation(lookups.tags, "The tags, sorted by key")
    console_url: str | None = attribute(
        "The resource's page in the AWS console of its own partition; null where that partition has none"
    )
    as_of: datetime = attribute("When this was last read from AWS")
    source: Source = computed(_source, "Where this was read")


LazyModels = list[Annotated["Model", strawberry.lazy("schema.models")] | None] | None


async def _job_model_names(root: Any, info: Info) -> Any:
    request = info.context
    return await request.batcher.load(jobs.model_names, request.view_of(root.scope), root)


async def _job_models(root: Any, info: Info) -> Any:
    request = info.context
    names = await _job_model_names(root, info)
    return await request.batcher.load(lookups.model_lists, request.view_of(root.scope), names)


async def _execution_seconds(root: Any, info: Info) -> Any:
    request = info.context
    known = await load_detail(request, root)
    now = root.as_of if sources.is_stored_copy(request, root) else request.started
    return None if known is None else jobs.execution_seconds(root, known, now)


@strawberry.interface(description="What training jobs and transform jobs share")
class Job(Resource):
    """The fields of every job."""

    type: JobType = attribute("The kind of job")
    status: JobStatus = attribute("The job's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "Why the job failed, in SageMaker's words")
    start_time: datetime | None = detail("start_time", "When the job began to run")
    end_time: datetime | None = attribute("When the job ended")
    last_modified_time: datetime | None = attribute(
        "When SageMaker last changed the job's record; transform jobs tell it in lists only"
    )
    execution_seconds: float | None = computed(
        _execution_seconds,
        "Seconds from start to end, or to now while it runs; of a stored copy, to when it was read",
        detail=True,
    )
    inputs: list[JobInput] | None = detail("inputs", "What the job reads")
    output_s3_uri: str | None = detail("output_s3_uri", "Where the job writes in S3")
    instance_type: str | None = detail("instance_type", "The type of its instances")
    instance_count: int | None = detail("instance_count", "How many instances it uses")
    models: LazyModels = computed(
        _job_models,
        "The models that the job made (training) or uses (transform); null for one that is gone",
        detail=True,
    )
    model_names: list[str] | None = computed(_job_model_names, "The names of those models", detail=True)
