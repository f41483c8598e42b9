"""Parts of resources: what has no life, and no id, of its own."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aws import resources
from resolvers import lookups, redaction
from schema.fields import Info, computed, shown, shows

if TYPE_CHECKING:
    from schema.models import Model


@shows(resources.Tag)
@strawberry.type(description="A tag of a resource")
class Tag:
    """See aws.resources.Tag."""

    key: str = shown("The tag's key")
    value: str = shown("The tag's value")


@shows(redaction.KeyValue)
@strawberry.type(description="A named value, which is hidden where it may be a secret")
class KeyValue:
    """See resolvers.redaction.KeyValue."""

    key: str = shown("The name")
    value: str | None = shown("The value; null where it is hidden")
    redacted: bool = shown("True where the value is hidden, because the group may not see secrets")


@shows(resources.Network)
@strawberry.type(description="Where containers run")
class Network:
    """See aws.resources.Network."""

    isolated: bool = shown("True where containers have no network at all")
    subnets: list[str] = shown("The subnets of the VPC")
    security_group_ids: list[str] = shown("The security groups")


@shows(resources.DataCapture)
@strawberry.type(description="Whether requests and answers of a runtime are kept")
class DataCapture:
    """See aws.resources.DataCapture."""

    enabled: bool = shown("True where they are kept")
    sampling_percentage: int | None = shown("Which share of them, in per cent")
    s3_uri: str | None = shown("Where in S3")


@shows(resources.AsyncInference)
@strawberry.type(description="How an asynchronous runtime answers")
class AsyncInference:
    """See aws.resources.AsyncInference."""

    s3_output_path: str | None = shown("Where answers are written in S3")
    s3_failure_path: str | None = shown("Where failures are written in S3")
    max_concurrent_invocations_per_instance: int | None = shown("How many requests an instance takes at once")


@shows(resources.Serverless)
@strawberry.type(description="The size of a serverless variant")
class Serverless:
    """See aws.resources.Serverless."""

    memory_size_in_mb: int = strawberry.field(name="memorySizeInMB", description="The memory in MB")
    max_concurrency: int = shown("How many requests it takes at once")
    provisioned_concurrency: int | None = shown("For how many requests it is kept warm")


def _environment(root: Any, info: Info) -> Any:
    return redaction.key_values(info.context.view_of(root.scope), root.environment_values)


@shows(resources.Container)
@strawberry.type(description="A container of a model")
class Container:
    """See aws.resources.Container."""

    image: str | None = shown("The image's address in a registry")
    mode: str | None = shown("SingleModel or MultiModel")
    model_data_url: str | None = shown("Where the model's artifacts are in S3")
    model_package_name: str | None = shown("The name or ARN of the model package that it is made from")
    hostname: str | None = shown("Its name within a pipeline")
    environment: list[KeyValue] = computed(
        _environment, "The environment; values are hidden unless the group may see secrets"
    )


def _model(root: Any, info: Info) -> Any:
    request = info.context
    return request.batcher.load(lookups.models_named, request.view_of(root.scope), root.model_name)


NamedModel = Annotated["Model", strawberry.lazy("schema.models")] | None


@shows(resources.InstancePool)
@strawberry.type(description="One of the kinds of instance that a variant may run on")
class InstancePool:
    """See aws.resources.InstancePool."""

    instance_type: str = shown("The type of instance")
    priority: int = shown("Its rank among the pools; the smallest is tried first")
    model_name: str | None = shown("The model that this pool serves instead of the variant's")
    model: NamedModel = computed(_model, "That model; null where it is gone")


@shows(resources.Variant)
@strawberry.type(description="A production or shadow variant of a snapshot")
class Variant:
    """See aws.resources.Variant."""

    name: str = shown("The variant's name")
    model: NamedModel = computed(
        _model, "The model; null where it is gone, or where the variant hosts inference components"
    )
    model_name: str | None = shown("The model's name")
    instance_type: str | None = shown("The type of its instances")
    initial_instance_count: int | None = shown("How many instances it starts with")
    instance_pools: list[InstancePool] | None = shown("The kinds of instance it may run on, where there are several")
    initial_weight: float | None = shown("Its share of the traffic, relative to the other variants' weights")
    serverless: Serverless | None = shown("Its size, where it is serverless")


@shows(resources.RuntimeVariant)
@strawberry.type(description="A variant as a runtime runs it")
class RuntimeVariant:
    """See aws.resources.RuntimeVariant."""

    name: str = shown("The variant's name")
    current_weight: float | None = shown("Its present share of the traffic")
    desired_weight: float | None = shown("The share that was asked for")
    current_instance_count: int | None = shown("How many instances it has now")
    desired_instance_count: int | None = shown("How many were asked for")
    images: list[str] = shown("The images that are deployed")


@shows(resources.JobInput)
@strawberry.type(description="Something that a job reads")
class JobInput:
    """See aws.resources.JobInput."""

    channel: str | None = shown("The training channel; null for transform jobs")
    s3_uri: str | None = shown("Where it is in S3")
    content_type: str | None = shown("Its MIME type")


@shows(resources.FinalMetric)
@strawberry.type(description="The last value of a metric of a training job")
class FinalMetric:
    """See aws.resources.FinalMetric."""

    name: str = shown("The metric's name")
    value: float | None = shown("Its last value")
    at: datetime | None = shown("When it was logged")
