"""Models: types, filter and relations."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aws.kinds import models as aws_models
from aws.kinds.kind import Kind
from resolvers import inference_components, model_packages, models, pipelines, secret_values, serving_runtimes
from resolvers.lists import filters
from resolvers.lists.filters import JobFilter as JobFilterValue
from resolvers.registrations import model_relations
from schema.connections import (
    InferenceComponentConnection,
    PipelineExecutionConnection,
    RuntimeConnection,
    SnapshotConnection,
)
from schema.fields import (
    After,
    First,
    Info,
    attribute,
    computed,
    detail,
    option,
    relation,
    represents,
    resource_connection,
    selected_page,
    viewed_details,
)
from schema.filters import ResourceFilterFields
from schema.inputs import optional
from schema.interfaces import Node, Resource
from schema.jobs.enums import JobType
from schema.jobs.types import JobFilter, ModelJobConnection
from schema.registrations.types import Registration
from schema.value_types import KeyValue, Network

if TYPE_CHECKING:
    from schema.model_packages import ModelPackage

LazyModelPackages = list[Annotated["ModelPackage", strawberry.lazy("schema.model_packages")] | None] | None


@strawberry.input(description="Filter of a list of models; all entries apply")
class ModelFilter(ResourceFilterFields):
    """See resolvers.lists.filters.ModelFilter."""

    imported: bool | None = optional("True for models that the group has imported; false for models that it has not")
    is_served: bool | None = optional(
        "True for models that a runtime serves; false for others. Costs a description of each "
        "snapshot and runtime of the account and region, once"
    )

    def value(self) -> filters.ModelFilter:
        """The filter's value."""
        return filters.ModelFilter(**self.shared_fields(), imported=self.imported, is_served=self.is_served)


def _container_environment(root: Any, info: Info) -> Any:
    return secret_values.key_values(root.view, root.environment_values)


@strawberry.type(description="A source in S3 of a container's model data")
class ModelDataSource:
    """See aws.kinds.models.ModelDataSource."""

    name: str | None = attribute("The channel of an additional source; null for the main one")
    s3_uri: str = attribute("The S3 address")
    s3_data_type: str | None = attribute("S3Prefix for everything below the address, or S3Object for that object alone")
    compression_type: str | None = attribute("None or Gzip")
    accepts_eula: bool | None = attribute("True if the licence of the model was accepted; null if it asks for none")


_LOADING = "container_loading"


@strawberry.type(description="A container of a model")
class Container:
    """See aws.kinds.models.Container."""

    image: str | None = attribute("The address of the container's image in a registry")
    mode: str | None = attribute("SingleModel, or MultiModel for many models in one container")
    model_data_url: str | None = attribute("The S3 address of the model's artifacts")
    model_package_name: str | None = attribute(
        "The name or ARN of the model package that the container comes from; null for none"
    )
    hostname: str | None = attribute("The container's name within a pipeline of containers")
    inference_specification_name: str | None = option(
        _LOADING,
        "inference_specification_name",
        "The inference specification of the model package that the container uses",
    )
    model_data_source: ModelDataSource | None = option(
        _LOADING,
        "model_data_source",
        "The source of the model's data; SageMaker derives it from `modelDataUrl` if none was given",
    )
    additional_model_data_sources: list[ModelDataSource] | None = option(
        _LOADING, "additional_model_data_sources", "Further sources, such as those of adapters or draft models"
    )
    multi_model: bool = attribute("True if the container loads many artifacts from below `modelDataUrl`")
    model_cache: bool | None = option(
        _LOADING, "model_cache", "True if a multi-model container caches loaded models; null if SageMaker does not tell"
    )
    image_repository_access_mode: str | None = option(
        _LOADING,
        "image_repository_access_mode",
        "Platform, or Vpc for a private image registry; null if SageMaker does not tell",
    )
    environment: list[KeyValue] = computed(_container_environment, "The environment variables; values need SEE_SECRETS")


JobFilterArgument = Annotated[JobFilter | None, strawberry.argument(description="Filter of a list of jobs")]


def _jobs_page(
    info: Info,
    first: First = 10,
    after: After = None,
    filter: JobFilterArgument = None,
) -> tuple[Hashable, ...]:
    return selected_page(info, first, after, 10), filter.value() if filter else JobFilterValue()


def _scans(arguments: Mapping[str, Any]) -> Sequence[Kind]:
    """A written enum reads as its name, one from a variable as its value; for kinds of job both are the same word."""
    filtered = arguments.get("filter") or {}
    named = filtered.get("types") or filtered.get("type")
    wanted = [named] if isinstance(named, str | JobType) else named or ()
    kinds = filters.job_kinds(JobFilterValue(types=tuple(map(JobType, wanted)) or None))
    # Tuning jobs, and jobs that training jobs name, are looked up by name.
    return [kind for kind in kinds if kind is not Kind.TUNING_JOB]


@represents(aws_models.Model)
@strawberry.type(description="A SageMaker model: containers, their artifacts, and the role that they run under")
class Model(Resource, Node):
    """See aws.kinds.models.Model."""

    execution_role_arn: str | None = detail("execution_role_arn", "The ARN of the role that the containers run under")
    containers: list[Container] | None = viewed_details(
        "containers", "The containers; several form a pipeline, in this order"
    )
    network: Network | None = detail("network", "The network of the containers")
    inference_execution_mode: str | None = detail(
        "inference_execution_mode", "Serial or Direct, for several containers; null if SageMaker does not tell"
    )
    snapshots: SnapshotConnection | None = resource_connection(
        models.snapshots,
        "The snapshots that name the model in any variant or instance pool, newest first. "
        "They are found by a description of each snapshot of the account and region, once",
        Kind.SNAPSHOT,
    )
    runtimes: RuntimeConnection | None = resource_connection(
        serving_runtimes.runtimes,
        "The runtimes that serve the model, also through inference components, newest first. "
        "They are found by a description of each snapshot, runtime and component of the "
        "account and region, once",
        Kind.SNAPSHOT,
        Kind.RUNTIME,
    )
    jobs: ModelJobConnection | None = relation(
        models.jobs,
        "The jobs that belong to the model, newest first. They are found by a description of "
        "each job of the account and region, once, until the page is full",
        _jobs_page,
        detail=True,
        scans=_scans,
    )
    inference_components: InferenceComponentConnection | None = resource_connection(
        inference_components.components_of_models,
        "The inference components that serve the model, and the adapters of these, newest "
        "first. They are found by a description of each component of the account and region, "
        "once",
        Kind.INFERENCE_COMPONENT,
    )
    registration: Registration | None = relation(
        model_relations.registrations_of_models, "The import of the model by the acting group; null if there is none"
    )
    pipeline_executions: PipelineExecutionConnection | None = resource_connection(
        pipelines.executions_of_each_model,
        "The pipeline executions that trained the model or registered its versions, newest "
        "first. They cost a listing of the steps of each, and a description of each training "
        "job that its artifacts name; with `totalCount` or `completeAsOf`, of every training job",
    )
    model_packages: LazyModelPackages = relation(
        model_packages.packages_of_models,
        "The versions in SageMaker's model registry that the containers come from; null for "
        "one that is gone. Costs a description of each",
        detail=True,
    )
