"""A process that files tickets until it is killed: `python -m tests.live.jira_worker DATABASE JIRA`; says `ready`."""

import asyncio
import sys

from auth.credential_entries import CredentialEntries
from auth.policy import Policy
from registry.database import Database
from tests.live.jira_project import GATEWAY
from tests.live.jira_server import TOKEN
from tests.workflows.approvals.jira.pending_deployments import NoGroupScopes
from workflows.approvals.backend import BackendDeps
from workflows.approvals.jira.backend import JiraApprovals
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraConfig
from workflows.deployments.deps import DeploymentConfig, DeploymentDeps
from workflows.deployments.deps import DeploymentIntervals as LifecyclePace
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.scheduler import WorkScheduler
from workflows.durable.engine import Engine, EngineTimings


async def main(database_url: str, jira_url: str) -> None:
    desk = JiraConfig(
        url=jira_url,
        user=str(GATEWAY.email),
        token=TOKEN,
        project="MLOPS",
        issue_type="Task",
        approved=("Done",),
        rejected=("Rejected",),
    )
    async with Database(database_url) as database, JiraClient(desk) as client:
        keeper = JiraApprovals(BackendDeps(database, NoGroupScopes()), client)
        rules = DeploymentConfig(intervals=LifecyclePace(poll=3600, sweep=0.2, watch=3600))
        lifecycle = Lifecycle(
            DeploymentDeps(database, Policy(CredentialEntries(), ()), NoGroupScopes(), rules, WorkScheduler(), keeper)
        )
        pace = EngineTimings(lease=1.5, dead_after=0.3, close_timeout=0.2)
        async with Engine(database_url, database, lifecycle.workflows, pace) as engine:
            lifecycle.serve(engine)
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
