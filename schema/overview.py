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
    datetime | None,
    strawberry.argument(description="Only jobs created after this moment are counted; left out: seven days ago"),
]


@strawberry.type(description="The number of runtimes of one status")
class RuntimeStatusCount:
    """See resolvers.overview.RuntimeStatusCount."""

    status: RuntimeStatus = attribute("The status of the counted runtimes")
    count: int = attribute("The number of runtimes")


@strawberry.type(description="The number of jobs of one type and status")
class JobStatusCount:
    """See resolvers.overview.JobStatusCount."""

    type: JobType = attribute("The kind of job")
    status: JobStatus = attribute("The status of the counted jobs")
    count: int = attribute("The number of jobs")


@strawberry.type(
    description="The numbers of resources in a group and region; a number is null if its list could not be read"
)
class ScopeOverview:
    """See resolvers.overview.ScopeOverview."""

    group: str = attribute("The group; `*` for a caller without groups")
    account_id: str | None = attribute(
        "The AWS account; null if the role could not be assumed and its ARN names no account"
    )
    region: str = attribute("The region")
    models: int | None = attribute("The number of models")
    snapshots: int | None = attribute("The number of snapshots")
    runtimes: list[RuntimeStatusCount] | None = attribute("The numbers of runtimes by status")
    jobs: list[JobStatusCount] | None = attribute("The numbers of training and transform jobs by type and status")
    problem: ScopeProblem | None = attribute(
        "The first reason for which a list could not be read; null if all were read"
    )
    as_of: datetime | None = attribute("The time of the oldest reading of the lists; null if none was read")


async def get_overview(info: Info, scope: Scope = ListScope.MINE, jobs_created_after: JobsCreatedAfter = None) -> Any:
    """Resolve the overview of each scope."""
    request, wanted = info.context, selected_names(info._raw_info)
    answer = overview.overview(request, scope or ListScope.MINE, wanted, jobs_created_after)
    return await request.in_time(answer)
