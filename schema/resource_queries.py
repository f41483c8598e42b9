"""Root queries for models, snapshots, runtimes, inference components, jobs and model packages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

import strawberry

from aws.client.errors import NotFoundError
from aws.kinds.kind import Kind
from resolvers import lookups, model_packages, pipelines
from resolvers.lists import filters
from resolvers.lists.connections import PageArguments
from resolvers.lists.merged_list import ListScope, merged_page
from resolvers.lists.resource_list import ResourceListQuery, list_page
from schema.fields import After, First, Group, Info, Region, selected_page, with_arguments
from schema.filters import ResourceOrder, Scope
from schema.inference_components import InferenceComponentFilter
from schema.jobs.enums import JobType
from schema.jobs.types import JobFilter
from schema.limits.lookahead import look_ahead
from schema.model_packages import ModelPackageFilter
from schema.models import ModelFilter
from schema.pipelines import PipelineExecutionFilter
from schema.runtimes import RuntimeFilter
from schema.snapshots.types import SnapshotFilter

ArnArgument = Annotated[str, strawberry.argument(description="The ARN of the version, from `ModelPackage.arn`")]
NameArgument = Annotated[str, strawberry.argument(description="The exact name")]
OrderArgument = Annotated[ResourceOrder | None, strawberry.argument(description="The order; left out: newest first")]

JobTypeArgument = Annotated[JobType, strawberry.argument(description="The kind of job")]

PipelineNameArgument = Annotated[str, strawberry.argument(description="The name of the pipeline")]
PipelineExecutionFilterArgument = Annotated[
    PipelineExecutionFilter | None, strawberry.argument(description="The filter; left out: everything")
]

FilterT = TypeVar("FilterT", bound=filters.ResourceFilter)


async def _resource_page(
    info: Info, kinds: Sequence[Kind], filter: filters.ResourceFilter, arguments: Mapping[str, Any]
) -> Any:
    """One page of a list; `arguments` are those that every list field has, see `_DECLARED`."""
    request, needs = info.context, look_ahead(info)
    group, region, ordered = arguments["group"], arguments["region"], arguments.get("order_by")
    page: PageArguments = selected_page(info, arguments["first"], arguments["after"], 50)
    order = ordered.value() if ordered else filters.NEWEST_FIRST
    question = ResourceListQuery(kinds, filter, order, page, needs.detailed, needs.scans)
    if arguments["scope"] is ListScope.MINE:
        return await request.in_time(merged_page(request, question, group, region))
    view = await request.in_time(request.view(group, region))
    return await request.in_time(list_page(view, question, request.limits.scan))


_DECLARED: Final[Mapping[str, tuple[Any, Any]]] = {
    "first": (First, 50),
    "after": (After, None),
    "filter": (None, None),
    "order_by": (OrderArgument, None),
    "region": (Region, None),
    "group": (Group, None),
    "scope": (Scope, ListScope.ACTING),
}
"""The arguments of a list field with their types and defaults; that of a filter is the list's own."""


def _list_field(
    filter_type: Any, none: FilterT, kinds: Callable[[FilterT], Sequence[Kind]], *, is_ordered: bool = True
) -> Callable[..., Any]:
    """The resolver of a list field.

    Args:
        filter_type: The input that narrows the list.
        none: The filter that leaves nothing out.
        kinds: Gives the kinds that the list is of, by its filter.
        is_ordered: True if the list can be put in another order than the newest first.
    """

    async def resolve(info: Info, **arguments: Any) -> Any:
        narrowing = arguments["filter"]
        filter = narrowing.value() if narrowing else none
        return await _resource_page(info, kinds(filter), filter, arguments)

    narrowed = Annotated[filter_type | None, strawberry.argument(description="The filter; left out: everything")]
    declared = {**_DECLARED, "filter": (narrowed, None)}
    if not is_ordered:
        del declared["order_by"]
    return with_arguments(resolve, declared)


list_models = _list_field(ModelFilter, filters.ModelFilter(), lambda _: (Kind.MODEL,))
list_snapshots = _list_field(SnapshotFilter, filters.SnapshotFilter(), lambda _: (Kind.SNAPSHOT,))
list_runtimes = _list_field(RuntimeFilter, filters.RuntimeFilter(), lambda _: (Kind.RUNTIME,))
list_inference_components = _list_field(
    InferenceComponentFilter, filters.InferenceComponentFilter(), lambda _: (Kind.INFERENCE_COMPONENT,)
)
list_jobs = _list_field(JobFilter, filters.JobFilter(), filters.job_kinds)
list_model_packages = _list_field(
    ModelPackageFilter, filters.ModelPackageFilter(), lambda _: (Kind.MODEL_PACKAGE,), is_ordered=False
)


async def _resource_by_name(info: Info, kind: Kind, name: str, region: str | None, group: str | None) -> Any:
    request, checked = info.context, lookups.checked_name(kind, name)
    view = await request.in_time(request.view(group, region))
    return await request.in_time(lookups.describe_by_name(view, kind, checked))


async def list_pipeline_executions(
    info: Info,
    pipeline_name: PipelineNameArgument,
    first: First = 50,
    after: After = None,
    filter: PipelineExecutionFilterArgument = None,
    region: Region = None,
    group: Group = None,
) -> Any:
    """Resolve one page of the executions of a pipeline; None if there is no such pipeline."""
    execution_filter = (filter or PipelineExecutionFilter()).value(pipelines.checked_pipeline_name(pipeline_name))
    arguments = {"first": first, "after": after, "region": region, "group": group, "scope": ListScope.ACTING}
    try:
        return await _resource_page(info, (Kind.PIPELINE_EXECUTION,), execution_filter, arguments)
    except NotFoundError:
        return None


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
    return await _resource_by_name(info, filters.kinds_of_types((type,))[0], name, region, group)


async def get_model_package(info: Info, arn: ArnArgument, group: Group = None) -> Any:
    """Resolve one model package by its ARN, whose region it is read in."""
    request, region = info.context, model_packages.region_of(arn)
    view = await request.in_time(request.view(group, region))
    return await request.in_time(model_packages.describe_by_arn(view, arn))
