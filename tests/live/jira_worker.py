"""A process that files tickets until it is killed: `python -m tests.live.jira_worker DATABASE JIRA [TOKEN]`.

It says `ready`, and without a token it has the gateway's own.
"""

import asyncio
import sys

from auth.credential_entries import CredentialEntries
from auth.policy import Policy
from gateway.settings.deployments import DeploymentSettings, JiraSettings
from registry.database import Database
from sandbox.jira.accounts import GATEWAY
from tests.workflows.approvals.jira.pending_deployments import NoGroupScopes
from workflows.approvals.backend import BackendDeps
from workflows.approvals.jira.backend import JiraApprovals
from workflows.approvals.jira.client import JiraClient
from workflows.deployments.deps import DeploymentDeps, DeploymentIntervals
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.scheduler import WorkScheduler
from workflows.durable.engine import Engine, EngineTimings
from workflows.durable.fleet import ProcessInfo


async def main(database_url: str, jira_url: str, token: str = GATEWAY.token) -> None:
    config = JiraSettings.model_validate(
        {"url": jira_url, "user": str(GATEWAY.email), "token": token, "project": "MLOPS"}
    )
    info = ProcessInfo()
    async with Database(database_url) as database, JiraClient(config, access=info.access) as client:
        approvals = JiraApprovals(BackendDeps(database, NoGroupScopes(), info.access), client)
        policy = Policy(CredentialEntries(), ())
        rules = DeploymentSettings.model_validate({"watchSeconds": 3600})
        intervals = DeploymentIntervals(poll=3600, sweep=0.2)
        lifecycle = Lifecycle(
            DeploymentDeps(database, policy, NoGroupScopes(), rules, WorkScheduler(), approvals, intervals)
        )
        timings = EngineTimings(lease=1.5, dead_after=0.3, close_timeout=0.2)
        async with Engine(database_url, database, lifecycle.workflows, timings, info=info) as engine:
            lifecycle.serve(engine)
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
