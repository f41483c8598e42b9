"""Models, and what a query can walk to from one."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from aws import resources
from aws.kinds import Kind
from resolvers import imported_models, models
from resolvers.filters import JobFilter as JobFilterValue
from resolvers.models import job_kinds
from schema.connections import ModelJobConnection, RuntimeConnection, SnapshotConnection
from schema.enums import JobType
from schema.fields import After, First, Info, backed_by, detail, page_arguments, relation, resource_connection
from schema.inputs import JobFilter
from schema.interfaces import Node, Resource
from schema.parts import Container, Network
from schema.registrations import Registration

JobFilterArgument = Annotated[JobFilter | None, strawberry.argument(description="Which jobs to list")]


def _jobs(
    root: Any,
    info: Info,
    first: First = 10,
    after: After = None,
    filter: JobFilterArgument = None,
) -> Any:
    request = info.context
    page = page_arguments(request, first, after, 10)
    given = filter.value() if filter else JobFilterValue()
    return request.batcher.load(models.jobs, request.view_of(root.scope), root, page, given)


def _scans(arguments: Mapping[str, Any]) -> Sequence[Kind]:
    """A written enum reads as its name, one from a variable as its value; for kinds of job both are the same word."""
    wanted = (arguments.get("filter") or {}).get("type")
    return job_kinds(JobType(wanted) if wanted else None)


@backed_by(resources.Model)
@strawberry.type(description="A SageMaker model: containers, their artifacts, and the role that they run under")
class Model(Resource, Node):
    """See aws.resources.Model."""

    execution_role_arn: str | None = detail("execution_role_arn", "The role that its containers run under")
    containers: list[Container] | None = detail("containers", "Its containers; several make a pipeline, in this order")
    network: Network | None = detail("network", "Where its containers run")
    snapshots: SnapshotConnection | None = resource_connection(
        models.snapshots, "The snapshots that name it in any variant, newest first", Kind.SNAPSHOT
    )
    runtimes: RuntimeConnection | None = resource_connection(
        models.runtimes, "The runtimes that serve it, newest first", Kind.SNAPSHOT, Kind.RUNTIME
    )
    jobs: ModelJobConnection | None = strawberry.field(
        resolver=_jobs,
        description="The jobs that made it or use it, newest first",
        metadata={
            "batch": models.jobs,
            "detail": True,
            "scans": _scans,
        },
    )
    registration: Registration | None = relation(
        imported_models.registrations_of_models, "The acting group's own import of this model; null where it has none"
    )
