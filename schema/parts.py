"""Parts of resources: what has no life, and no id, of its own."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aws import resources
from resolvers import lookups, redaction
from schema.fields import Info, attribute, backed_by, computed

if TYPE_CHECKING:
    from schema.models import Model


@backed_by(resources.Tag)
@strawberry.type(description="A tag of a resource")
class Tag:
    """See aws.resources.Tag."""

    key: str = attribute("The tag's key")
    value: str = attribute("The tag's value")


@backed_by(redaction.RedactableValue)
@strawberry.type(description="A named value, which is hidden where it may be a secret")
class KeyValue:
    """See resolvers.redaction.KeyValue."""

    key: str = attribute("The name")
    value: str | None = attribute("The value; null where it is hidden")
    redacted: bool = attribute("True where the value is hidden, because the group may not see secrets")


@backed_by(resources.Network)
@strawberry.type(description="Where containers run")
class Network:
    """See aws.resources.Network."""

    isolated: bool = attribute("True where containers have no network at all")
    subnets: list[str] = attribute("The subnets of the VPC")
    security_group_ids: list[str] = attribute("The security groups")


@backed_by(resources.DataCapture)
@strawberry.type(description="Whether requests and answers of a runtime are kept")
class DataCapture:
    """See aws.resources.DataCapture."""

    enabled: bool = attribute("True where they are kept")
    sampling_percentage: int | None = attribute("Which share of them, in per cent")
    s3_uri: str | None = attribute("Where in S3")


@backed_by(resources.AsyncInference)
@strawberry.type(description="How an asynchronous runtime answers")
class AsyncInference:
    """See aws.resources.AsyncInference."""

    s3_output_path: str | None = attribute("Where answers are written in S3")
    s3_failure_path: str | None = attribute("Where failures are written in S3")
    max_concurrent_invocations_per_instance: int | None = attribute("How many requests an instance takes at once")


@backed_by(resources.Serverless)
@strawberry.type(description="The size of a serverless variant")
class Serverless:
    """See aws.resources.Serverless."""

    memory_size_in_mb: int = strawberry.field(name="memorySizeInMB", description="The memory in MB")
    max_concurrency: int = attribute("How many requests it takes at once")
    provisioned_concurrency: int | None = attribute("For how many requests it is kept warm")


def _container_environment(root: Any, info: Info) -> Any:
    return redaction.key_values(info.context.view_of(root.scope), root.environment_values)


@backed_by(resources.Container)
@strawberry.type(description="A container of a model")
class Container:
    """See aws.resources.Container."""

    image: str | None = attribute("The image's address in a registry")
    mode: str | None = attribute("SingleModel or MultiModel")
    model_data_url: str | None = attribute("Where the model's artifacts are in S3")
    model_package_name: str | None = attribute("The name or ARN of the model package that it is made from")
    hostname: str | None = attribute("Its name within a pipeline")
    environment: list[KeyValue] = computed(
        _container_environment, "The environment; values are hidden unless the group may see secrets"
    )


def _model_by_name(root: Any, info: Info) -> Any:
    request = info.context
    return request.batcher.load(lookups.models_named, request.view_of(root.scope), root.model_name)


LazyModelByName = Annotated["Model", strawberry.lazy("schema.models")] | None


@backed_by(resources.InstancePool)
@strawberry.type(description="One of the kinds of instance that a variant may run on")
class InstancePool:
    """See aws.resources.InstancePool."""

    instance_type: str = attribute("The type of instance")
    priority: int = attribute("Its rank among the pools; the smallest is tried first")
    model_name: str | None = attribute("The model that this pool serves instead of the variant's")
    model: LazyModelByName = computed(_model_by_name, "That model; null where it is gone")


@backed_by(resources.Variant)
@strawberry.type(description="A production or shadow variant of a snapshot")
class Variant:
    """See aws.resources.Variant."""

    name: str = attribute("The variant's name")
    model: LazyModelByName = computed(
        _model_by_name, "The model; null where it is gone, or where the variant hosts inference components"
    )
    model_name: str | None = attribute("The model's name")
    instance_type: str | None = attribute("The type of its instances")
    initial_instance_count: int | None = attribute("How many instances it starts with")
    instance_pools: list[InstancePool] | None = attribute(
        "The kinds of instance it may run on, where there are several"
    )
    initial_weight: float | None = attribute("Its share of the traffic, relative to the other variants' weights")
    serverless: Serverless | None = attribute("Its size, where it is serverless")


@backed_by(resources.RuntimeVariant)
@strawberry.type(description="A variant as a runtime runs it")
class RuntimeVariant:
    """See aws.resources.RuntimeVariant."""

    name: str = attribute("The variant's name")
    current_weight: float | None = attribute("Its present share of the traffic")
    desired_weight: float | None = attribute("The share that was asked for")
    current_instance_count: int | None = attribute("How many instances it has now")
    desired_instance_count: int | None = attribute("How many were asked for")
    images: list[str] = attribute("The images that are deployed")


@backed_by(resources.JobInput)
@strawberry.type(description="Something that a job reads")
class JobInput:
    """See aws.resources.JobInput."""

    channel: str | None = attribute("The training channel; null for transform jobs")
    s3_uri: str | None = attribute("Where it is in S3")
    content_type: str | None = attribute("Its MIME type")


@backed_by(resources.FinalMetric)
@strawberry.type(description="The last value of a metric of a training job")
class FinalMetric:
    """See aws.resources.FinalMetric."""

    name: str = attribute("The metric's name")
    value: float | None = attribute("Its last value")
    at: datetime | None = attribute("When it was logged")
