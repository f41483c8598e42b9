"""workflows.approvals.jira.backend: what a Jira that does not take a ticket, or a word beneath it, leaves behind."""

import pytest

from registry import deployments, tickets
from registry.database import Database
from registry.enums import DeploymentState, TicketKind
from registry.tickets import FiledTicket
from sandbox.jira.faults import JiraFault
from sandbox.jira.server import JiraServer
from tests.registry.factories import NOON
from tests.workflows.approvals.jira.pending_deployments import (
    approval_request_of,
    deps_of,
    filed_deployment,
    pending_deployment,
    record_filed,
    reload,
)
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.approvals.jira.client import JiraClient
from workflows.durable.errors import StepFailedError


async def test_a_jira_that_stays_away_is_given_up_on(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    """After each of its pauses it was tried once more; the work that says it notes that it could not."""
    deps, _ = deps_of(sqlite, client)
    matter = await approval_request_of(sqlite, await filed_deployment(sqlite, deps))
    jira.calls.clear()
    jira.trouble.extend([JiraFault("comment", 500)] * 3)
    with pytest.raises(StepFailedError) as raised:
        await deps.approvals.comment(matter, "The deployment is DEPLOYED.")
    assert raised.value.kind == "JIRA"
    assert "Jira has failed (500)" in raised.value.message
    assert len(jira.asked("comment")) == 3
    assert jira.project.issues["MLOPS-1"].comments == []


async def test_beneath_what_is_gone_nothing_is_said(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    """Nor beneath what was never filed; neither is tried again."""
    deps, _ = deps_of(sqlite, client)
    deployment = await pending_deployment(sqlite)
    await deps.approvals.comment(await approval_request_of(sqlite, deployment), "Over.")
    assert jira.calls == []
    await record_filed(sqlite, deployment, FiledTicket("MLOPS-404", None, "To Do"))
    jira.trouble.append(JiraFault("MLOPS-404", 404))
    await deps.approvals.comment(await approval_request_of(sqlite, deployment), "Over.")
    assert len(jira.asked("MLOPS-404")) == 1


async def test_why_a_decision_is_not_asked_for_is_said_until_it_is(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await pending_deployment(sqlite)
    jira.trouble.append(JiraFault("POST issue", 400))
    with pytest.raises(StepFailedError):
        await deps.approvals.file_request(await approval_request_of(sqlite, deployment))
    assert ((await reload(sqlite, deployment)).reason or "").startswith("Its ticket is not filed yet: ")
    assert (await deps.approvals.file_request(await approval_request_of(sqlite, deployment))).key == "MLOPS-1"
    assert (await reload(sqlite, deployment)).reason == UNKNOWN_AUTHOR


async def test_the_reason_of_a_failure_is_left_alone(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await pending_deployment(sqlite)
    async with sqlite.writing() as connection:
        assert await deployments.transition(connection, deployment, DeploymentState.FAILED, NOON, "No capacity.")
        await tickets.create(connection, deployment.key, deployment.attempt, TicketKind.NOTIFICATION, NOON)
    matter = await approval_request_of(sqlite, deployment, TicketKind.NOTIFICATION)
    jira.trouble.append(JiraFault("POST issue", 400))
    with pytest.raises(StepFailedError):
        await deps.approvals.file_failure(matter)
    assert (await reload(sqlite, deployment)).reason == "No capacity."
    assert (await deps.approvals.file_failure(matter)).key == "MLOPS-1"
    assert (await reload(sqlite, deployment)).reason == "No capacity."
