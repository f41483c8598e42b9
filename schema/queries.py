"""Query root: the caller, nodes, registrations, deployments, audit."""

import asyncio
from typing import Annotated, Any

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

IdArgument = Annotated[strawberry.ID, strawberry.argument(description="An id that this gateway gave out")]
IdsArgument = Annotated[
    list[strawberry.ID], strawberry.argument(description="Ids that this gateway gave out, at most 100")
]

ImportPlanArgument = Annotated[ImportPlanInput, strawberry.argument(description="The import to plan")]


async def _node(info: Info, id: IdArgument) -> Any:
    return await info.context.in_time(nodes.node(info.context, id))


async def _nodes(info: Info, ids: IdsArgument) -> Any:
    request = info.context
    most = request.limits.page_size
    if len(ids) > most:
        raise BadInputError(f"`ids` takes at most {most} ids, not {len(ids)}.")
    # Each is awaited, and told of, by itself: one that takes too long does not take the others with it.
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


RegistrationIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The registration's id")]


async def get_registration(info: Info, id: RegistrationIdArgument) -> Any:
    """A registration by its id."""
    request = info.context
    return await request.in_time(queries.get_registration(request, id))


RegistrationFilterArgument = Annotated[
    RegistrationFilter | None, strawberry.argument(description="Filter of a list of registrations")
]


RegistrationOrderArgument = Annotated[
    RegistrationOrder | None, strawberry.argument(description="The order; left out: the newest imported first")
]


async def list_registrations(
    info: Info,
    first: First = 50,
    after: After = None,
    filter: RegistrationFilterArgument = None,
    order_by: RegistrationOrderArgument = None,
) -> Any:
    """A page of registrations."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else queries.RegistrationQuery()
    order = order_by.value() if order_by else queries.LAST_IMPORTED_FIRST
    return await request.in_time(queries.list_registrations(request, page, which, order))


DeploymentIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The deployment's id")]


async def get_deployment(info: Info, id: DeploymentIdArgument) -> Any:
    """A deployment by its id."""
    request = info.context
    return await request.in_time(pages.get_deployment(request, id))


DeploymentFilterArgument = Annotated[DeploymentFilter | None, strawberry.argument(description="The filter")]


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
    """A page of deployments."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else pages.DeploymentQuery()
    order = order_by.value() if order_by else pages.LAST_STARTED_FIRST
    return await request.in_time(pages.list_deployments(request, page, which, order))


ImportRunFilterArgument = Annotated[
    ImportRunFilter | None, strawberry.argument(description="Filter of a list of import runs")
]


async def list_import_runs(
    info: Info, first: First = 50, after: After = None, filter: ImportRunFilterArgument = None
) -> Any:
    """A page of import and sync runs."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else ImportRunQuery()
    return await request.in_time(import_pages.list_import_runs(request, page, which))


AuditFilterArgument = Annotated[AuditFilter | None, strawberry.argument(description="The filter")]


async def list_audit_events(
    info: Info, first: First = 50, after: After = None, filter: AuditFilterArgument = None
) -> Any:
    """A page of the audit trail."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else audit.AuditEventQuery()
    return await request.in_time(audit.list_audit_events(request, page, which))


@strawberry.type(description="The questions that can be asked")
class Query:
    """The root of every query. AWS is asked live, with the role of `group`."""

    me: Caller | None = computed(_me, "The caller, their groups and the AWS role of each; null for an anonymous caller")
    settings: PublicSettings | None = computed(
        _settings,
        "The settings that a front end needs to draw itself; "
        "anonymous callers may ask too, because a login page is drawn by it",
    )
    access_check: AccessCheck | None = computed(
        _access_check, "The SageMaker operations that this gateway uses, and whether the caller's role may perform them"
    )
    import_plan: ImportPlan | None = computed(_import_plan, "The plan of an import, without doing any of it")
    registration: Registration | None = computed(
        get_registration, "A registration by its id; null if there is none that the caller may see"
    )
    deployment: Deployment | None = computed(
        get_deployment, "A deployment by its id; null if there is none that the caller may see"
    )
    deployments: DeploymentConnection | None = computed(
        list_deployments, "The deployments of the caller's groups, and of those that they are over"
    )
    registrations: RegistrationConnection | None = computed(
        list_registrations, "The registrations of the caller's groups, and of those that they are over"
    )
    import_runs: ImportRunConnection | None = computed(
        list_import_runs,
        "The import and sync runs of the caller's groups, and of those that they are over, newest first",
    )
    audit_events: AuditEventConnection | None = computed(
        list_audit_events, "The audit trail of the groups for which the caller has AUDIT, newest first; takes AUDIT"
    )
    node: Node | None = computed(_node, "Anything by its id; null if it is gone")
    nodes: list[Node | None] = computed(
        _nodes, "Several things by their ids, in the order asked; null for one that is gone"
    )
    rate_limit: RateLimit | None = computed(
        _rate_limit, "The caller's budget of query cost (`limits.callers.costPerMinute`); null if none is set"
    )
    search: FoundResourceConnection | None = computed(
        find_resources,
        (
            "Resources of any kind whose name, display name or known tag values contain a text, newest first. "
            "The answer takes at most two seconds: while lists are incomplete, completeAsOf is null and "
            "`scopes` names them"
        ),
    )
    overview: list[ScopeOverview] | None = computed(
        get_overview,
        (
            "The counts of each group and region of the caller, for a dashboard's first screen. A count costs "
            "the pages of its list once; that of jobs, the pages since jobsCreatedAfter"
        ),
    )
    models: ModelConnection | None = computed(list_models, "The models of an account and region")
    model: Model | None = computed(get_model, "A model by name; null if there is none")
    snapshots: SnapshotConnection | None = computed(list_snapshots, "The snapshots of an account and region")
    snapshot: Snapshot | None = computed(get_snapshot, "A snapshot by name; null if there is none")
    runtimes: RuntimeConnection | None = computed(list_runtimes, "The runtimes of an account and region")
    runtime: Runtime | None = computed(get_runtime, "A runtime by name; null if there is none")
    inference_components: InferenceComponentConnection | None = computed(
        list_inference_components, "The inference components of an account and region"
    )
    inference_component: InferenceComponent | None = computed(
        get_inference_component, "An inference component by name; null if there is none"
    )
    jobs: JobConnection | None = computed(
        list_jobs, "The jobs of an account and region: training and transform jobs, and others that the filter names"
    )
    job: Job | None = computed(get_job, "A job by kind and name; null if there is none")
    model_packages: ModelPackageConnection | None = computed(
        list_model_packages, "The versions in the model registry of an account and region, newest first"
    )
    pipeline_executions: PipelineExecutionConnection | None = computed(
        list_pipeline_executions, "The executions of a pipeline, newest first; null if there is no such pipeline"
    )
    model_package: ModelPackage | None = computed(
        get_model_package, "A version in a model registry by its ARN; null if there is none"
    )
