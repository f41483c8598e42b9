"""Models: types, filter and relations."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Annotated, Any

import strawberry

from aws.kinds import models as aws_models
from aws.kinds.kind import Kind
from resolvers import models, secret_values, serving_runtimes
from resolvers.lists import filters
from resolvers.lists.filters import JobFilter as JobFilterValue
from resolvers.models import job_kinds
from resolvers.registrations import model_relations
from schema.connections import RuntimeConnection, SnapshotConnection
from schema.fields import (
    After,
    First,
    Info,
    attribute,
    computed,
    detail,
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


@strawberry.input(description="Filter of a list of models")
class ModelFilter(ResourceFilterFields):
    """See resolvers.lists.filters.ModelFilter."""

    imported: bool | None = optional("True: models that the group has registered; false: models that it has not")

    def value(self) -> filters.ModelFilter:
        """The filter's value."""
        return filters.ModelFilter(**self.shared_fields(), imported=self.imported)


def _container_environment(root: Any, info: Info) -> Any:
    return secret_values.key_values(root.view, root.environment_values)


@strawberry.type(description="A container of a model")
class Container:
    """See aws.kinds.models.Container."""

    image: str | None = attribute("The image's address in a registry")
    mode: str | None = attribute("SingleModel or MultiModel")
    model_data_url: str | None = attribute("The S3 address of the model's artifacts")
    model_package_name: str | None = attribute("The name or ARN of the model package that it is made from")
    hostname: str | None = attribute("Its name within a pipeline")
    environment: list[KeyValue] = computed(
        _container_environment, "The environment; values are hidden unless the group may see secrets"
    )


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
    wanted = (arguments.get("filter") or {}).get("type")
    return job_kinds(JobType(wanted) if wanted else None)


@represents(aws_models.Model)
@strawberry.type(description="A SageMaker model: containers, their artifacts, and the role that they run under")
class Model(Resource, Node):
    """See aws.kinds.models.Model."""

    execution_role_arn: str | None = detail("execution_role_arn", "The role that its containers run under")
    containers: list[Container] | None = viewed_details(
        "containers", "Its containers; several make a pipeline, in this order"
    )
    network: Network | None = detail("network", "The network of its containers")
    snapshots: SnapshotConnection | None = resource_connection(
        models.snapshots, "The snapshots that name it in any variant, newest first", Kind.SNAPSHOT
    )
    runtimes: RuntimeConnection | None = resource_connection(
        serving_runtimes.runtimes, "The runtimes that serve it, newest first", Kind.SNAPSHOT, Kind.RUNTIME
    )
    jobs: ModelJobConnection | None = relation(
        models.jobs, "The jobs that made it or use it, newest first", _jobs_page, detail=True, scans=_scans
    )
    registration: Registration | None = relation(
        model_relations.registrations_of_models, "The acting group's own import of this model; null if it has none"
    )
