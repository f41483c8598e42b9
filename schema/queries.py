"""Query root: the caller, nodes, registrations, deployments, audit."""

import asyncio
from typing import Annotated, Any, Final

import strawberry

from resolvers import audit, nodes, viewer
from resolvers.deployments import pages
from resolvers.errors import BadInputError
from resolvers.imports import pages as import_pages
from resolvers.imports import start
from resolvers.imports.pages import ImportRunQuery
from resolvers.registrations import queries
from schema.audit import AuditEventConnection, AuditFilter
from schema.connections import (
    InferenceComponentConnection,
    ModelConnection,
    ModelPackageConnection,
    PipelineExecutionConnection,
    RuntimeConnection,
    SnapshotConnection,
)
from schema.deployments.types import Deployment, DeploymentConnection, DeploymentFilter, DeploymentOrder
from schema.fields import After, First, Group, Info, Region, computed, page_arguments
from schema.imports.mutations import ImportPlanInput
from schema.imports.types import ImportPlan, ImportRunConnection, ImportRunFilter
from schema.inference_components import InferenceComponent
from schema.interfaces import Node
from schema.jobs.types import Job, JobConnection
from schema.model_packages import ModelPackage
from schema.models import Model
from schema.overview import ScopeOverview, get_overview
from schema.registrations.types import (
    Registration,
    RegistrationConnection,
    RegistrationFilter,
    RegistrationOrder,
)
from schema.resource_queries import (
    get_inference_component,
    get_job,
    get_model,
    get_model_package,
    get_runtime,
    get_snapshot,
    list_inference_components,
    list_jobs,
    list_model_packages,
    list_models,
    list_pipeline_executions,
    list_runtimes,
    list_snapshots,
)
from schema.runtimes import Runtime
from schema.search import FoundResourceConnection, find_resources
from schema.snapshots.types import Snapshot
from schema.viewer import AccessCheck, Caller, PublicSettings, RateLimit

IdArgument = Annotated[strawberry.ID, strawberry.argument(description="An id from an answer of this gateway")]
IdsArgument = Annotated[
    list[strawberry.ID], strawberry.argument(description="Ids from answers of this gateway, at most 100")
]

ImportPlanArgument = Annotated[ImportPlanInput, strawberry.argument(description="The import to plan")]


async def _node(info: Info, id: IdArgument) -> Any:
    return await info.context.in_time(nodes.node(info.context, id))


async def _nodes(info: Info, ids: IdsArgument) -> Any:
    request = info.context
    most = request.limits.page_size
    if len(ids) > most:
        raise BadInputError(f"`ids` takes at most {most} ids, not {len(ids)}.")
    # Each node has a deadline of its own: one that takes too long does not take the others with it.
    result = (request.in_time(nodes.node(request, item)) for item in ids)
    return await asyncio.gather(*result, return_exceptions=True)


async def _access_check(info: Info, region: Region = None, group: Group = None) -> Any:
    request = info.context
    view = await request.in_time(request.view(group, region))
    return await request.in_time(view.inventory.check_access(view.scope.role))


async def _import_plan(info: Info, input: ImportPlanArgument) -> Any:
    request = info.context
    return await request.in_time(start.import_plan(request, input.value()))


def _me(info: Info) -> Any:
    return viewer.caller_profile(info.context)


def _rate_limit(info: Info) -> Any:
    budget = info.context.budget
    return None if budget is None else budget.rate_limit()


def _settings(info: Info) -> Any:
    return info.context.services.settings


RegistrationIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The id of the registration")]


async def get_registration(info: Info, id: RegistrationIdArgument) -> Any:
    """Resolve one registration by its id."""
    request = info.context
    return await request.in_time(queries.get_registration(request, id))


RegistrationFilterArgument = Annotated[
    RegistrationFilter | None, strawberry.argument(description="Filter of a list of registrations; all entries apply")
]


RegistrationOrderArgument = Annotated[
    RegistrationOrder | None, strawberry.argument(description="The order; left out: the last imported first")
]


async def list_registrations(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: RegistrationFilterArgument = None,
    order_by: RegistrationOrderArgument = None,
) -> Any:
    """Resolve one page of the registrations that the filter lets through."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    query = filter.value() if filter else queries.RegistrationQuery()
    order = order_by.value() if order_by else queries.LAST_IMPORTED_FIRST
    return await request.in_time(queries.list_registrations(request, page, query, order))


DeploymentIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The deployment's id")]


async def get_deployment(info: Info, id: DeploymentIdArgument) -> Any:
    """Resolve one deployment by its id."""
    request = info.context
    return await request.in_time(pages.get_deployment(request, id))


DeploymentFilterArgument = Annotated[
    DeploymentFilter | None, strawberry.argument(description="The filter; left out: everything")
]


DeploymentOrderArgument = Annotated[
    DeploymentOrder | None, strawberry.argument(description="The order; left out: the last started first")
]


async def list_deployments(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: DeploymentFilterArgument = None,
    order_by: DeploymentOrderArgument = None,
) -> Any:
    """Resolve one page of the deployments that the filter lets through."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    query = filter.value() if filter else pages.DeploymentQuery()
    order = order_by.value() if order_by else pages.LAST_STARTED_FIRST
    return await request.in_time(pages.list_deployments(request, page, query, order))


ImportRunFilterArgument = Annotated[
    ImportRunFilter | None, strawberry.argument(description="Filter of a list of import runs")
]


async def list_import_runs(
    info: Info, first: First = 50, after: After = None, filter: ImportRunFilterArgument = None
) -> Any:
    """Resolve one page of the import and sync runs that the filter lets through."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    query = filter.value() if filter else ImportRunQuery()
    return await request.in_time(import_pages.list_import_runs(request, page, query))


AuditFilterArgument = Annotated[AuditFilter | None, strawberry.argument(description="The filter; left out: everything")]


async def list_audit_events(
    info: Info, first: First = 50, after: After = None, filter: AuditFilterArgument = None
) -> Any:
    """Resolve one page of the events of the audit trail that the filter lets through."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    query = filter.value() if filter else audit.AuditEventQuery()
    return await request.in_time(audit.list_audit_events(request, page, query))


_LIST_COST: Final = ". Costs at most the pages of the list, and what the filter adds"


@strawberry.type(description="The questions that can be asked. All but `me`, `rateLimit` and `settings` need READ")
class Query:
    """The root of every query. AWS is asked live, with the role of `group`."""

    me: Caller | None = computed(
        _me, "The caller, with their groups, permissions and AWS roles; null for an anonymous caller"
    )
    settings: PublicSettings | None = computed(
        _settings,
        "The settings that a front end needs; anonymous callers may read them, too",
    )
    access_check: AccessCheck | None = computed(
        _access_check,
        "The SageMaker operations that this gateway uses, and whether the group's role may "
        "perform them. Asks IAM, or tries the operations if the role may not ask",
    )
    import_plan: ImportPlan | None = computed(
        _import_plan,
        "The plan of an import, which changes nothing. It reads the model and its resources as the import would",
    )
    registration: Registration | None = computed(
        get_registration, "A registration by its id; null if the caller may see none of this id"
    )
    deployment: Deployment | None = computed(
        get_deployment, "A deployment by its id; null if the caller may see none of this id"
    )
    deployments: DeploymentConnection | None = computed(
        list_deployments, "The deployments of the caller's groups, and of the groups that these are `over`"
    )
    registrations: RegistrationConnection | None = computed(
        list_registrations, "The registrations of the caller's groups, and of the groups that these are `over`"
    )
    import_runs: ImportRunConnection | None = computed(
        list_import_runs,
        "The import and sync runs of the caller's groups, and of the groups that these are `over`, newest first",
    )
    audit_events: AuditEventConnection | None = computed(
        list_audit_events, "The audit trail of the groups for which the caller has AUDIT, newest first; needs AUDIT"
    )
    node: Node | None = computed(_node, "Anything by its id; null if it is gone")
    nodes: list[Node | None] = computed(
        _nodes, "Several things by their ids, in the order of the ids; null for one that is gone"
    )
    rate_limit: RateLimit | None = computed(
        _rate_limit,
        "The caller's budget of query cost (`limits.callers.costPerMinute`); null if the settings give none",
    )
    search: FoundResourceConnection | None = computed(
        find_resources,
        (
            "Resources of any kind whose name, display name or known tag values contain a text, "
            "newest first. An answer takes two seconds at most: while lists are still being read, "
            "`completeAsOf` is null and `scopes` names them. Costs the pages of each kind's list, "
            "once"
        ),
    )
    overview: list[ScopeOverview] | None = computed(
        get_overview,
        (
            "The numbers of models, snapshots, runtimes and jobs in each group and region of the "
            "caller. A number costs the pages of its list, once; that of jobs, the pages since "
            "`jobsCreatedAfter`"
        ),
    )
    models: ModelConnection | None = computed(list_models, f"The models of a group and region{_LIST_COST}")
    model: Model | None = computed(get_model, "A model by its name; null if there is none")
    snapshots: SnapshotConnection | None = computed(list_snapshots, f"The snapshots of a group and region{_LIST_COST}")
    snapshot: Snapshot | None = computed(get_snapshot, "A snapshot by its name; null if there is none")
    runtimes: RuntimeConnection | None = computed(list_runtimes, f"The runtimes of a group and region{_LIST_COST}")
    runtime: Runtime | None = computed(get_runtime, "A runtime by its name; null if there is none")
    inference_components: InferenceComponentConnection | None = computed(
        list_inference_components, f"The inference components of a group and region{_LIST_COST}"
    )
    inference_component: InferenceComponent | None = computed(
        get_inference_component, "An inference component by its name; null if there is none"
    )
    jobs: JobConnection | None = computed(
        list_jobs, f"The training and transform jobs of a group and region, or those that the filter names{_LIST_COST}"
    )
    job: Job | None = computed(get_job, "A job by its type and name; null if there is none")
    model_packages: ModelPackageConnection | None = computed(
        list_model_packages, f"The versions in the model registry of a group and region, newest first{_LIST_COST}"
    )
    pipeline_executions: PipelineExecutionConnection | None = computed(
        list_pipeline_executions,
        f"The executions of a pipeline, newest first; null if there is no such pipeline{_LIST_COST}",
    )
    model_package: ModelPackage | None = computed(
        get_model_package, "A version in a model registry, also of another account, by its ARN; null if there is none"
    )
