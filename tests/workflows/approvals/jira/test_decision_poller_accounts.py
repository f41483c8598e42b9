"""workflows.approvals.jira.decision_poller: whose moves decide, and whose do not."""

import pytest

from registry.database import Database
from registry.enums import DeploymentState
from sandbox.jira.accounts import ANN, BEN, GATEWAY, Account
from sandbox.jira.project import Status
from sandbox.jira.server import JiraServer
from tests.workflows.approvals.jira.pending_deployments import comment_texts, deps_of, filed_deployment, reload
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.decision_poller import DecisionPoller
from workflows.deployments.decisions import DeploymentDecider

REJECTED, WAITS = DeploymentState.REJECTED, DeploymentState.AWAITING_APPROVAL


@pytest.mark.parametrize("status", ["Done", "Rejected"])
async def test_the_starter_does_not_decide(jira: JiraServer, client: JiraClient, sqlite: Database, status: str) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", status, ANN)
    poller = DecisionPoller(deps.database, client)
    for _ in range(3):
        await poller.poll(DeploymentDecider(deps))

    now = await reload(sqlite, deployment)
    assert now.state is WAITS
    assert now.reason == (
        f"Its ticket MLOPS-1 is {status}, moved by ann@example.com, who caused the deployment; somebody else "
        "must decide."
    )
    (text,) = comment_texts(jira.project.issues["MLOPS-1"].comments)
    assert text.startswith("ann@example.com caused this deployment, so somebody else must decide")

    jira.project.move("MLOPS-1", "To Do", ANN)
    await poller.poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).reason == UNKNOWN_AUTHOR
    jira.project.move("MLOPS-1", "Rejected", BEN)
    await poller.poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is REJECTED


async def test_the_starter_decides_where_the_settings_let_them(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client, selfApproval=True)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", "Rejected", ANN)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is REJECTED


async def test_an_account_that_may_be_the_starters_does_not_decide(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", "Rejected", Account("x7", "A. S.", None))
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    now = await reload(sqlite, deployment)
    assert now.state is WAITS
    assert "does not show the gateway enough of that account to tell it from ann@example.com" in (now.reason or "")


async def test_a_status_that_nobody_moved_it_to_decides_nothing(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.issues["MLOPS-1"].status = Status("Rejected", "done")
    jira.project.index()
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    now = await reload(sqlite, deployment)
    assert (now.state, "does not say who moved it" in (now.reason or "")) == (WAITS, True)


@pytest.mark.parametrize("status", ["Done", "Rejected"])
async def test_what_the_gateways_own_account_has_moved_decides_nothing(
    jira: JiraServer, client: JiraClient, sqlite: Database, status: str
) -> None:
    """Nor where the settings let starters decide."""
    deps, _ = deps_of(sqlite, client, selfApproval=True)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", status, GATEWAY)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    now = await reload(sqlite, deployment)
    assert (now.state, now.reason) == (
        WAITS,
        f"Its ticket MLOPS-1 is {status}, moved by the gateway itself; a person must decide.",
    )
