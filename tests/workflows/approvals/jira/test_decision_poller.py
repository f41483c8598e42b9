"""workflows.approvals.jira.decision_poller: decisions are read from Jira, by those who may decide; waiting says why."""

import asyncio
from dataclasses import replace

import pytest

from registry import deployments
from registry.database import Database
from registry.enums import DecisionOutcome, DeploymentState
from sandbox.jira.accounts import BEN
from sandbox.jira.faults import JiraFault
from sandbox.jira.server import JiraServer
from tests.databases import on_both_databases
from tests.registry.factories import NOON
from tests.workflows.approvals.jira.conftest import QUICK, config_of
from tests.workflows.approvals.jira.pending_deployments import (
    NO_ROLE,
    deps_of,
    filed_deployment,
    pending_deployment,
    reload,
    ticket_of,
)
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.decision_poller import DecisionPoller
from workflows.deployments.decisions import DeploymentDecider

REJECTED, WAITS = DeploymentState.REJECTED, DeploymentState.AWAITING_APPROVAL


async def test_a_rejecting_status_rejects_with_its_author_and_comment(
    jira: JiraServer, client: JiraClient, database: Database
) -> None:
    deps, started = deps_of(database, client)
    deployment, other = await filed_deployment(database, deps), await filed_deployment(database, deps, "churn-v2")
    poller = DecisionPoller(deps.database, client)
    await poller.poll(DeploymentDecider(deps))
    assert (await reload(database, deployment)).state is WAITS
    jira.project.move("MLOPS-1", "Rejected", BEN, "Too slow.")

    await poller.poll(DeploymentDecider(deps))

    decided = await reload(database, deployment)
    assert (decided.state, decided.reason) == (REJECTED, "ben@example.com decided against it: Too slow.")
    assert decided.decision is not None
    assert (decided.decision.outcome, decided.decision.by) == (DecisionOutcome.REJECTED, "ben@example.com")
    assert decided.decision.comment == "Too slow."
    assert (await reload(database, other)).state is WAITS
    assert (await ticket_of(database, deployment)).closed
    assert started.ids == [f"deploy/{deployment.key}/1/tell"]


async def test_open_tickets_cost_one_search(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    deps, _ = deps_of(sqlite, client)
    for number in range(3):
        await filed_deployment(sqlite, deps, f"churn-v{number}")
    poller = DecisionPoller(deps.database, client)
    await poller.poll(DeploymentDecider(deps))
    jira.calls.clear()
    await poller.poll(DeploymentDecider(deps))
    assert [call.split("?")[0] for call in jira.calls] == [f"GET search{'/jql' if jira.cloud else ''}"]


async def test_nothing_is_asked_where_nothing_waits(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    deps, _ = deps_of(sqlite, client)
    await pending_deployment(sqlite)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert jira.calls == []


async def test_an_approving_status_asks_for_the_snapshot_as_it_is(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    """Here the group has no role to look with, so it is not approved, and says so; tests/live has one with a role."""
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", "Done", BEN)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    now = await reload(sqlite, deployment)
    assert (now.state, now.reason) == (WAITS, f"The decision on the ticket MLOPS-1 cannot be applied: {NO_ROLE}")


async def test_a_ticket_in_another_project_decides_nothing(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.issues["MLOPS-1"].project = "FREE"
    jira.project.move("MLOPS-1", "Rejected", BEN)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    now = await reload(sqlite, deployment)
    assert (now.state, "is in the project FREE now" in (now.reason or "")) == (WAITS, True)


async def test_a_ticket_without_its_labels_is_read_by_its_key(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.issues["MLOPS-1"].labels.clear()
    jira.project.move("MLOPS-1", "Rejected", BEN)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is REJECTED


async def test_a_ticket_that_has_another_key_by_now_is_no_duplicate_of_itself(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.rename("MLOPS-1", "MLOPS-9")
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    issue = jira.project.issues["MLOPS-9"]
    assert ((await reload(sqlite, deployment)).state, issue.status.name, issue.comments) == (WAITS, "To Do", [])
    jira.project.move("MLOPS-9", "Rejected", BEN)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is REJECTED


async def test_statuses_count_by_what_they_are_called_for_the_gateways_account(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    """Changelogs have them in another language, or as they were called when the issue was moved."""
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", "Rejected", BEN)
    rejected = next(status for status in jira.project.statuses if status.name == "Rejected")
    rejected.translated = "rejected"
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is REJECTED


async def test_a_ticket_that_is_gone(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.issues.clear()
    jira.project.index()
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    now = await reload(sqlite, deployment)
    assert (now.state, "MLOPS-1 is gone from Jira" in (now.reason or "")) == (WAITS, True)


async def test_a_status_is_believed_where_the_index_is_ahead_of_it(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", "Rejected", BEN)
    jira.project.index_is_behind = True
    jira.project.move("MLOPS-1", "In Review", BEN)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is WAITS
    assert (await ticket_of(sqlite, deployment)).status == "In Review"


async def test_a_decision_of_an_earlier_attempt_is_not_taken(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    jira.project.move("MLOPS-1", "Rejected", BEN)
    async with sqlite.writing() as connection:
        assert await deployments.begin_next_attempt(connection, deployment, NOON)
        again = replace(deployment, attempt=2, state=DeploymentState.VERIFYING)
        assert await deployments.transition(connection, again, WAITS, NOON)
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is WAITS
    assert jira.asked("search") == []


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (JiraFault("search"), "cannot be reached"),
        (JiraFault("search", 401), "make a new token"),
        (JiraFault("search", 403), "(403)"),
        (JiraFault("search", 400, body='{"errorMessages": ["No such project"]}'), "No such project"),
        (JiraFault("search", 502), "(502)"),
        (JiraFault("search", 429, (("Retry-After", "7"),)), "asks to wait 7 seconds"),
    ],
)
async def test_a_deployment_says_why_it_waits_and_goes_on_when_jira_does(
    jira: JiraServer, sqlite: Database, trouble: JiraFault, words: str
) -> None:
    now = [0.0]
    async with JiraClient(config_of(jira), QUICK, clock=lambda: now[0]) as client:
        deps, _ = deps_of(sqlite, client)
        deployment = await filed_deployment(sqlite, deps)
        jira.project.move("MLOPS-1", "Rejected", BEN)
        jira.trouble.append(trouble)
        poller = DecisionPoller(deps.database, client)
        await poller.poll(DeploymentDecider(deps))
        waiting = await reload(sqlite, deployment)
        assert waiting.state is WAITS
        assert (waiting.reason or "").startswith("The decision cannot be read from Jira: ")
        assert words in (waiting.reason or "")
        now[0] = 7
        await poller.poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).state is REJECTED


async def test_a_throttled_jira_is_left_alone(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    deps, _ = deps_of(sqlite, client)
    await filed_deployment(sqlite, deps)
    jira.trouble.append(JiraFault("search", 429, (("Retry-After", "30"),)))
    poller = DecisionPoller(deps.database, client)
    await poller.poll(DeploymentDecider(deps))
    jira.calls.clear()
    await poller.poll(DeploymentDecider(deps))
    assert jira.calls == []


async def test_a_project_without_the_statuses_is_told_of(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    now = [0.0]
    deps, _ = deps_of(sqlite, client)
    deployment = await filed_deployment(sqlite, deps)
    statuses = jira.project.statuses
    jira.project.statuses = [status for status in statuses if status.name != "Rejected"]
    poller = DecisionPoller(deps.database, client, lambda: now[0])
    await poller.poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).reason == (
        "Jira cannot decide by these settings: jira.rejected has `Rejected`, which the workflow of `Task` has not: "
        "To Do, In Review, Done."
    )
    jira.project.statuses = statuses
    now[0] = 600
    await poller.poll(DeploymentDecider(deps))
    assert (await reload(sqlite, deployment)).reason == UNKNOWN_AUTHOR


@on_both_databases
async def test_two_polls_at_once_take_one_decision(jira: JiraServer, client: JiraClient, database: Database) -> None:
    deps, started = deps_of(database, client)
    deployment = await filed_deployment(database, deps)
    jira.project.move("MLOPS-1", "Rejected", BEN)
    await asyncio.gather(*(DecisionPoller(deps.database, client).poll(DeploymentDecider(deps)) for _ in range(3)))
    assert (await reload(database, deployment)).state is REJECTED
    assert started.ids == [f"deploy/{deployment.key}/1/tell"]


async def test_one_ticket_in_trouble_does_not_keep_the_others(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    first, second = await filed_deployment(sqlite, deps), await filed_deployment(sqlite, deps, "churn-v2")
    for key in ("MLOPS-1", "MLOPS-2"):
        jira.project.move(key, "Rejected", BEN)
    jira.trouble.append(JiraFault("GET issue/MLOPS-1$", 500))
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert (await reload(sqlite, first)).reason == (
        "The decision on the ticket MLOPS-1 cannot be applied: Jira has failed (500)."
    )
    assert (await reload(sqlite, second)).state is REJECTED
