"""A process that files tickets until it is killed: `python -m tests.live.jira_worker DATABASE JIRA`; says `ready`."""

import asyncio
import sys

from auth.entries import Entries
from auth.policy import Policy
from registry.database import Database
from tests.live.jira_project import GATEWAY
from tests.live.jira_server import TOKEN
from tests.workflows.jira.making import NoGroups
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.means import Means
from workflows.deployments.rules import Pace as LifecyclePace
from workflows.deployments.rules import Rules
from workflows.deployments.works import Works
from workflows.durable.engine import Engine, Pace
from workflows.jira.client import JiraClient
from workflows.jira.desk import Desk
from workflows.jira.ticketing import JiraTickets


async def main(database_url: str, jira_url: str) -> None:
    desk = Desk(
        url=jira_url,
        user=str(GATEWAY.email),
        token=TOKEN,
        project="MLOPS",
        issue_type="Task",
        approved=("Done",),
        rejected=("Rejected",),
    )
    async with Database(database_url) as database, JiraClient(desk) as client:
        keeper = JiraTickets(database, NoGroups(), client)
        rules = Rules(pace=LifecyclePace(poll=3600, sweep=0.2, watch=3600))
        lifecycle = Lifecycle(Means(database, Policy(Entries(), ()), NoGroups(), rules, Works(), keeper))
        pace = Pace(lease=1.5, dead=0.3, close=0.2)
        async with Engine(database_url, database, lifecycle.bodies, pace) as engine:
            lifecycle.serve(engine)
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
