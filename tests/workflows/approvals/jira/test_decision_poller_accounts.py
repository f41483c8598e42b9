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
    means, _ = deps_of(sqlite, client)
    course = await filed_deployment(sqlite, means)
    jira.project.move("MLOPS-1", status, ANN)
    poller = DecisionPoller(means.database, client)
    for _ in range(3):
        await poller.poll(DeploymentDecider(means))

    now = await reload(sqlite, course)
    assert now.state is WAITS
    assert now.reason == (
        f"Its ticket MLOPS-1 is {status}, moved by ann@example.com, who brought the deployment about; somebody else "
        "has to decide."
    )
    (said,) = comment_texts(jira.project.issues["MLOPS-1"].comments)
    assert said.startswith("ann@example.com brought this deployment about, so somebody else has to decide")

    jira.project.move("MLOPS-1", "To Do", ANN)
    await poller.poll(DeploymentDecider(means))
    assert (await reload(sqlite, course)).reason == UNKNOWN_AUTHOR
    jira.project.move("MLOPS-1", "Rejected", BEN)
    await poller.poll(DeploymentDecider(means))
    assert (await reload(sqlite, course)).state is REJECTED


async def test_the_starter_decides_where_the_settings_let_them(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    means, _ = deps_of(sqlite, client, selfApproval=True)
    course = await filed_deployment(sqlite, means)
    jira.project.move("MLOPS-1", "Rejected", ANN)
    await DecisionPoller(means.database, client).poll(DeploymentDecider(means))
    assert (await reload(sqlite, course)).state is REJECTED


async def test_an_account_that_may_be_the_starters_does_not_decide(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    means, _ = deps_of(sqlite, client)
    course = await filed_deployment(sqlite, means)
    jira.project.move("MLOPS-1", "Rejected", Account("x7", "A. S.", None))
    await DecisionPoller(means.database, client).poll(DeploymentDecider(means))
    now = await reload(sqlite, course)
    assert now.state is WAITS
    assert "does not show the gateway enough of that account to tell it from ann@example.com" in (now.reason or "")


async def test_a_status_that_nobody_moved_it_to_decides_nothing(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    means, _ = deps_of(sqlite, client)
    course = await filed_deployment(sqlite, means)
    jira.project.issues["MLOPS-1"].status = Status("Rejected", "done")
    jira.project.index()
    await DecisionPoller(means.database, client).poll(DeploymentDecider(means))
    now = await reload(sqlite, course)
    assert (now.state, "does not say who moved it" in (now.reason or "")) == (WAITS, True)


@pytest.mark.parametrize("status", ["Done", "Rejected"])
async def test_what_the_gateways_own_account_has_moved_decides_nothing(
    jira: JiraServer, client: JiraClient, sqlite: Database, status: str
) -> None:
    """Nor where the settings let starters decide."""
    means, _ = deps_of(sqlite, client, selfApproval=True)
    course = await filed_deployment(sqlite, means)
    jira.project.move("MLOPS-1", status, GATEWAY)
    await DecisionPoller(means.database, client).poll(DeploymentDecider(means))
    now = await reload(sqlite, course)
    assert (now.state, now.reason) == (
        WAITS,
        f"Its ticket MLOPS-1 is {status}, moved by the gateway itself; a person has to decide.",
    )
