"""Overview: counts of each group and region for a dashboard's first screen."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from aws.kinds.statuses import RuntimeStatus
from resolvers import overview
from resolvers.lists.merged_list import ListScope
from schema.connections import ScopeProblem
from schema.fields import Info, attribute
from schema.filters import Scope
from schema.jobs.enums import JobStatus, JobType
from schema.limits.page_needs import selected_names

JobsCreatedAfter = Annotated[
    datetime | None, strawberry.argument(description="The time after which jobs are counted; left out: seven days ago")
]


@strawberry.type(description="The number of runtimes of a status")
class RuntimeStatusCount:
    """See resolvers.overview.RuntimeStatusCount."""

    status: RuntimeStatus = attribute("The status")
    count: int = attribute("The number of runtimes")


@strawberry.type(description="The number of jobs of a type and status")
class JobStatusCount:
    """See resolvers.overview.JobStatusCount."""

    type: JobType = attribute("The kind of job")
    status: JobStatus = attribute("The status")
    count: int = attribute("The number of jobs")


@strawberry.type(description="The counts of a group's account and region; one is null if its list could not be read")
class ScopeOverview:
    """See resolvers.overview.ScopeOverview."""

    group: str = attribute("The group; * for a caller without groups")
    account_id: str | None = attribute(
        "The account; null if the role could not be assumed and its ARN does not name it"
    )
    region: str = attribute("The region")
    models: int | None = attribute("The number of models")
    snapshots: int | None = attribute("The number of snapshots")
    runtimes: list[RuntimeStatusCount] | None = attribute("The number of runtimes by status")
    jobs: list[JobStatusCount] | None = attribute("The number of training and transform jobs by status")
    problem: ScopeProblem | None = attribute("The first reason why a list could not be read; null if all were")
    as_of: datetime | None = attribute("The time of the oldest reading among the lists")


async def get_overview(info: Info, scope: Scope = ListScope.MINE, jobs_created_after: JobsCreatedAfter = None) -> Any:
    """Resolve the overview of each scope."""
    request, wanted = info.context, selected_names(info._raw_info)
    answer = overview.overview(request, scope or ListScope.MINE, wanted, jobs_created_after)
    return await request.in_time(answer)
