"""The query root: one line for each question, and the few lines that hand it to its resolver."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from aws.kinds import Kind
from resolvers import callers, filters, imports, lookups, nodes
from resolvers.connections import PageArguments
from resolvers.errors import BadInputError
from resolvers.lists import ResourceListQuery, list_page
from resolvers.models import job_kinds
from schema.audit import AuditEventConnection
from schema.callers import AccessCheck, Caller
from schema.connections import JobConnection, ModelConnection, RuntimeConnection, SnapshotConnection
from schema.deployments import Deployment, DeploymentConnection
from schema.enums import JobType
from schema.fields import After, First, Group, Info, Region, computed, page_arguments
from schema.imports import ImportPlan
from schema.inputs import JobFilter, ModelFilter, ResourceOrder, RuntimeFilter, SnapshotFilter
from schema.interfaces import Job, Node
from schema.models import Model
from schema.public_settings import PublicSettings
from schema.registration_inputs import ImportPlanInput
from schema.registrations import Registration, RegistrationConnection
from schema.registry_queries import (
    get_deployment,
    get_registration,
    list_audit_events,
    list_deployments,
    list_registrations,
)
from schema.runtimes import Runtime
from schema.selection import look_ahead
from schema.snapshots import Snapshot

NameArgument = Annotated[str, strawberry.argument(description="The exact name")]
OrderArgument = Annotated[ResourceOrder | None, strawberry.argument(description="The order; left out: newest first")]
IdArgument = Annotated[strawberry.ID, strawberry.argument(description="An id that this gateway gave out")]
IdsArgument = Annotated[
    list[strawberry.ID], strawberry.argument(description="Ids that this gateway gave out, at most 100")
]
JobTypeArgument = Annotated[JobType, strawberry.argument(description="The kind of job")]
ImportPlanArgument = Annotated[ImportPlanInput, strawberry.argument(description="Which import to plan")]
FILTER_DESCRIPTION = "Which of them to list"
ModelFilterArgument = Annotated[ModelFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
SnapshotFilterArgument = Annotated[SnapshotFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
RuntimeFilterArgument = Annotated[RuntimeFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
JobFilterArgument = Annotated[JobFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]


@dataclass(frozen=True, slots=True)
class _ListArguments:
    """What every list field takes beside its filter."""

    first: int | None
    after: str | None
    order: ResourceOrder | None
    region: str | None
    group: str | None


async def _resource_page(
    info: Info, kinds: Sequence[Kind], filter: filters.ResourceFilter, arguments: _ListArguments
) -> Any:
    request, needs = info.context, look_ahead(info)
    page: PageArguments = page_arguments(request, arguments.first, arguments.after, 50)
    order = arguments.order.value() if arguments.order else filters.NEWEST_FIRST
    question = ResourceListQuery(kinds, filter, order, page, needs.detailed, needs.scans)
    view = await request.in_time(request.view(arguments.group, arguments.region))
    return await request.in_time(list_page(view, question, request.limits.scan))


async def _resource_by_name(info: Info, kind: Kind, name: str, region: str | None, group: str | None) -> Any:
    request, checked = info.context, lookups.checked_name(kind, name)
    view = await request.in_time(request.view(group, region))
    return await request.in_time(lookups.describe_by_name(view, kind, checked))


async def list_models(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: ModelFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
) -> Any:
    given = filter.value() if filter else filters.ModelFilter()
    return await _resource_page(info, (Kind.MODEL,), given, _ListArguments(first, after, order_by, region, group))


async def list_snapshots(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: SnapshotFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
) -> Any:
    given = filter.value() if filter else filters.SnapshotFilter()
    return await _resource_page(info, (Kind.SNAPSHOT,), given, _ListArguments(first, after, order_by, region, group))


async def list_runtimes(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: RuntimeFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
) -> Any:
    given = filter.value() if filter else filters.RuntimeFilter()
    return await _resource_page(info, (Kind.RUNTIME,), given, _ListArguments(first, after, order_by, region, group))


async def list_jobs(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: JobFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
) -> Any:
    given = filter.value() if filter else filters.JobFilter()
    return await _resource_page(
        info, job_kinds(given.type), given, _ListArguments(first, after, order_by, region, group)
    )


async def get_model(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    return await _resource_by_name(info, Kind.MODEL, name, region, group)


async def get_snapshot(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    return await _resource_by_name(info, Kind.SNAPSHOT, name, region, group)


async def get_runtime(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    return await _resource_by_name(info, Kind.RUNTIME, name, region, group)


async def get_job(
    info: Info, type: JobTypeArgument, name: NameArgument, region: Region = None, group: Group = None
) -> Any:
    return await _resource_by_name(info, job_kinds(type)[0], name, region, group)


async def _node(info: Info, id: IdArgument) -> Any:
    return await info.context.in_time(nodes.node(info.context, id))


def _nodes(info: Info, ids: IdsArgument) -> Any:
    request = info.context
    most = request.limits.page_size
    if len(ids) > most:
        raise BadInputError(f"`ids` takes at most {most} ids, not {len(ids)}.")
    # Each is awaited, and told of, by itself: one that takes too long does not take the others with it.
    return [request.in_time(nodes.node(request, each)) for each in ids]


async def _access_check(info: Info, region: Region = None, group: Group = None) -> Any:
    request = info.context
    view = await request.in_time(request.view(group, region))
    return await request.in_time(view.inventory.check_access(view.scope.role))


async def _import_plan(info: Info, input: ImportPlanArgument) -> Any:
    request = info.context
    return await request.in_time(imports.import_plan(request, input.value()))


def _me(info: Info) -> Any:
    return callers.caller_profile(info.context)


def _settings(info: Info) -> Any:
    return info.context.services.public_settings


@strawberry.type(description="What can be asked")
class Query:
    """The root of every query. AWS is asked live, with the role of `group`."""

    me: Caller | None = computed(
        _me, "Who is asking, with which groups, and which AWS role each of them gets; null for an anonymous caller"
    )
    settings: PublicSettings | None = computed(
        _settings,
        "What a front end must know to draw itself: whether credentials may be entered, how deployments are approved; "
        "anonymous callers may ask too, because a login page is drawn by it",
    )
    access_check: AccessCheck | None = computed(
        _access_check, "Which of the SageMaker operations that this gateway uses the caller's role may perform"
    )
    import_plan: ImportPlan | None = computed(
        _import_plan, "What an import would bring in and create, without doing any of it"
    )
    registration: Registration | None = computed(
        get_registration, "A registration by its id; null where there is none that the caller may see"
    )
    deployment: Deployment | None = computed(
        get_deployment, "A deployment by its id; null where there is none that the caller may see"
    )
    deployments: DeploymentConnection | None = computed(
        list_deployments, "The deployments of the caller's groups, and of those that they are over, newest first"
    )
    registrations: RegistrationConnection | None = computed(
        list_registrations, "The registrations of the caller's groups, and of those that they are over, newest first"
    )
    audit_events: AuditEventConnection | None = computed(
        list_audit_events, "The audit trail of the groups for which the caller has AUDIT, newest first; takes AUDIT"
    )
    node: Node | None = computed(_node, "Anything by its id; null where it is gone")
    nodes: list[Node | None] = computed(
        _nodes, "Several things by their ids, in the order asked; null for one that is gone"
    )
    models: ModelConnection | None = computed(list_models, "The models of an account and region")
    model: Model | None = computed(get_model, "A model by name; null where there is none")
    snapshots: SnapshotConnection | None = computed(list_snapshots, "The snapshots of an account and region")
    snapshot: Snapshot | None = computed(get_snapshot, "A snapshot by name; null where there is none")
    runtimes: RuntimeConnection | None = computed(list_runtimes, "The runtimes of an account and region")
    runtime: Runtime | None = computed(get_runtime, "A runtime by name; null where there is none")
    jobs: JobConnection | None = computed(list_jobs, "The training and transform jobs of an account and region")
    job: Job | None = computed(get_job, "A job by kind and name; null where there is none")
