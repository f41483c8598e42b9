"""Root queries for models, snapshots, runtimes, inference components, jobs and model packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from aws.kinds.kind import Kind
from resolvers import lookups, model_packages
from resolvers.lists import filters
from resolvers.lists.connections import PageArguments
from resolvers.lists.merged_list import ListScope, merged_page
from resolvers.lists.resource_list import ResourceListQuery, list_page
from resolvers.models import job_kinds
from schema.fields import After, First, Group, Info, Region, selected_page
from schema.filters import ResourceOrder, Scope
from schema.inference_components import InferenceComponentFilter
from schema.jobs.enums import JobType
from schema.jobs.types import JobFilter
from schema.limits.lookahead import look_ahead
from schema.model_packages import ModelPackageFilter
from schema.models import ModelFilter
from schema.runtimes import RuntimeFilter
from schema.snapshots.types import SnapshotFilter

ArnArgument = Annotated[str, strawberry.argument(description="The ARN")]
NameArgument = Annotated[str, strawberry.argument(description="The exact name")]
OrderArgument = Annotated[ResourceOrder | None, strawberry.argument(description="The order; left out: newest first")]

JobTypeArgument = Annotated[JobType, strawberry.argument(description="The kind of job")]

FILTER_DESCRIPTION = "The filter"
ModelFilterArgument = Annotated[ModelFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
SnapshotFilterArgument = Annotated[SnapshotFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
RuntimeFilterArgument = Annotated[RuntimeFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
InferenceComponentFilterArgument = Annotated[
    InferenceComponentFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)
]
ModelPackageFilterArgument = Annotated[ModelPackageFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]
JobFilterArgument = Annotated[JobFilter | None, strawberry.argument(description=FILTER_DESCRIPTION)]


@dataclass(frozen=True, slots=True)
class _ListArguments:
    """The arguments of every list field beside its filter."""

    first: int | None
    after: str | None
    order: ResourceOrder | None
    region: str | None
    group: str | None
    scope: ListScope | None


async def _resource_page(
    info: Info, kinds: Sequence[Kind], filter: filters.ResourceFilter, arguments: _ListArguments
) -> Any:
    request, needs = info.context, look_ahead(info)
    page: PageArguments = selected_page(info, arguments.first, arguments.after, 50)
    order = arguments.order.value() if arguments.order else filters.NEWEST_FIRST
    question = ResourceListQuery(kinds, filter, order, page, needs.detailed, needs.scans)
    if arguments.scope is ListScope.MINE:
        return await request.in_time(merged_page(request, question, arguments.group, arguments.region))
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
    scope: Scope = ListScope.ACTING,
) -> Any:
    """Resolve one page of models."""
    model_filter = filter.value() if filter else filters.ModelFilter()
    return await _resource_page(
        info, (Kind.MODEL,), model_filter, _ListArguments(first, after, order_by, region, group, scope)
    )


async def list_snapshots(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: SnapshotFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
    scope: Scope = ListScope.ACTING,
) -> Any:
    """Resolve one page of snapshots."""
    snapshot_filter = filter.value() if filter else filters.SnapshotFilter()
    return await _resource_page(
        info, (Kind.SNAPSHOT,), snapshot_filter, _ListArguments(first, after, order_by, region, group, scope)
    )


async def list_runtimes(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: RuntimeFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
    scope: Scope = ListScope.ACTING,
) -> Any:
    """Resolve one page of runtimes."""
    runtime_filter = filter.value() if filter else filters.RuntimeFilter()
    return await _resource_page(
        info, (Kind.RUNTIME,), runtime_filter, _ListArguments(first, after, order_by, region, group, scope)
    )


async def list_inference_components(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: InferenceComponentFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
    scope: Scope = ListScope.ACTING,
) -> Any:
    """Resolve one page of inference components."""
    component_filter = filter.value() if filter else filters.InferenceComponentFilter()
    return await _resource_page(
        info,
        (Kind.INFERENCE_COMPONENT,),
        component_filter,
        _ListArguments(first, after, order_by, region, group, scope),
    )


async def list_jobs(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: JobFilterArgument = None,
    order_by: OrderArgument = None,
    region: Region = None,
    group: Group = None,
    scope: Scope = ListScope.ACTING,
) -> Any:
    """Resolve one page of jobs."""
    job_filter = filter.value() if filter else filters.JobFilter()
    return await _resource_page(
        info, job_kinds(job_filter.type), job_filter, _ListArguments(first, after, order_by, region, group, scope)
    )


async def list_model_packages(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: ModelPackageFilterArgument = None,
    region: Region = None,
    group: Group = None,
    scope: Scope = ListScope.ACTING,
) -> Any:
    """Resolve one page of model packages."""
    package_filter = filter.value() if filter else filters.ModelPackageFilter()
    return await _resource_page(
        info, (Kind.MODEL_PACKAGE,), package_filter, _ListArguments(first, after, None, region, group, scope)
    )


async def get_model(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    """Resolve one model by its name."""
    return await _resource_by_name(info, Kind.MODEL, name, region, group)


async def get_snapshot(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    """Resolve one snapshot by its name."""
    return await _resource_by_name(info, Kind.SNAPSHOT, name, region, group)


async def get_runtime(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    """Resolve one runtime by its name."""
    return await _resource_by_name(info, Kind.RUNTIME, name, region, group)


async def get_inference_component(info: Info, name: NameArgument, region: Region = None, group: Group = None) -> Any:
    """Resolve one inference component by its name."""
    return await _resource_by_name(info, Kind.INFERENCE_COMPONENT, name, region, group)


async def get_job(
    info: Info, type: JobTypeArgument, name: NameArgument, region: Region = None, group: Group = None
) -> Any:
    """Resolve one job by its name."""
    return await _resource_by_name(info, job_kinds(type)[0], name, region, group)


async def get_model_package(info: Info, arn: ArnArgument, group: Group = None) -> Any:
    """Resolve one model package by its ARN, whose region it is read in."""
    request, region = info.context, model_packages.region_of(arn)
    view = await request.in_time(request.view(group, region))
    return await request.in_time(model_packages.describe_by_arn(view, arn))
