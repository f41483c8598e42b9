"""Subscription root: import runs, jobs, runtimes and deployments as they change."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from aws.kinds.kind import JOB_KINDS
from resolvers import subscriptions
from resolvers.deployments.pages import DeploymentQuery
from schema.deployments.types import Deployment, DeploymentFilter
from schema.fields import Info, attribute, computed
from schema.imports.types import ImportRun
from schema.jobs.types import Job
from schema.runtimes import Runtime

_AT = "The time at which the gateway learnt of the change"
_DELETED = "The id of the deleted resource; null while it exists"

RunIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The id of the import run")]
JobIdsArgument = Annotated[list[strawberry.ID], strawberry.argument(description="The ids of jobs, 1 to 100")]
RuntimeIdsArgument = Annotated[list[strawberry.ID], strawberry.argument(description="The ids of runtimes, 1 to 100")]
DeploymentIdsArgument = Annotated[
    list[strawberry.ID], strawberry.argument(description="The ids of deployments, 1 to 100")
]
FilterArgument = Annotated[
    DeploymentFilter | None, strawberry.argument(description="The filter; left out: every deployment")
]


@strawberry.type(description="An import run in its present state, at a change")
class ImportRunChange:
    """See resolvers.subscriptions.ImportRunChange."""

    import_run: ImportRun | None = attribute("The import run")
    at: datetime = attribute(_AT)


@strawberry.type(description="A job in its present state, or its deletion")
class JobChange:
    """See resolvers.subscriptions.ResourceChange."""

    job: Job | None = attribute("The job; null if it is gone")
    deleted_id: strawberry.ID | None = attribute(_DELETED)
    at: datetime = attribute(_AT)


@strawberry.type(description="A runtime in its present state, or its deletion")
class RuntimeChange:
    """See resolvers.subscriptions.ResourceChange."""

    runtime: Runtime | None = attribute("The runtime; null if it is gone")
    deleted_id: strawberry.ID | None = attribute(_DELETED)
    at: datetime = attribute(_AT)


@strawberry.type(description="A deployment in its present state, at a change")
class DeploymentChange:
    """See resolvers.subscriptions.DeploymentChange."""

    deployment: Deployment | None = attribute("The deployment")
    at: datetime = attribute(_AT)


@strawberry.type(description="A change of a deployment that matches a filter, or did before the change")
class DeploymentMatchChange:
    """See resolvers.subscriptions.DeploymentChange."""

    deployment: Deployment | None = attribute("The deployment")
    matches: bool = attribute("False if the deployment no longer matches the filter")
    at: datetime = attribute(_AT)


async def _import_run_changed(info: Info, id: RunIdArgument) -> Any:
    request = info.context
    return await request.in_time(subscriptions.import_run_changed(request, id))


async def _job_changed(info: Info, ids: JobIdsArgument) -> Any:
    request = info.context
    return await request.in_time(subscriptions.resource_changed(request, ids, JOB_KINDS))


async def _runtime_changed(info: Info, ids: RuntimeIdsArgument) -> Any:
    request = info.context
    return await request.in_time(subscriptions.resource_changed(request, ids, subscriptions.RUNTIME_KINDS))


async def _deployment_changed(info: Info, ids: DeploymentIdsArgument) -> Any:
    request = info.context
    return await request.in_time(subscriptions.deployment_changed(request, ids))


async def _deployments_changed(info: Info, filter: FilterArgument = None) -> Any:
    request = info.context
    query = filter.value() if filter else DeploymentQuery()
    return await request.in_time(subscriptions.deployments_changed(request, query))


@strawberry.type(
    description=(
        "Changes as they happen: the present state first, then each change. A reader that is "
        "too slow misses all changes but the last. If the caller may no longer see a thing, "
        "the subscription ends with FORBIDDEN"
    )
)
class Subscription:
    """The root of every subscription; see resolvers.subscription_events for how one is executed."""

    import_run_changed: ImportRunChange | None = computed(
        _import_run_changed, "The changes of an import run, until it has ended"
    )
    job_changed: JobChange | None = computed(_job_changed, "The changes of jobs")
    runtime_changed: RuntimeChange | None = computed(_runtime_changed, "The changes of runtimes")
    deployment_changed: DeploymentChange | None = computed(_deployment_changed, "The changes of deployments")
    deployments_changed: DeploymentMatchChange | None = computed(
        _deployments_changed,
        (
            "The changes of all deployments that match the filter and that the caller may see. "
            "There is no first state, so subscribe before you ask for the list"
        ),
    )
