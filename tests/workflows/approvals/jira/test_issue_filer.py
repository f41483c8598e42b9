"""workflows.approvals.jira.issue_filer: each ticket is filed once, whatever is lost on the way."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest

from registry import deployments, tickets
from registry.database import Database
from registry.enums import DeploymentState, TicketKind
from sandbox.jira.accounts import BEN, GATEWAY
from sandbox.jira.faults import JiraFault
from sandbox.jira.server import JiraServer
from tests.databases import on_both_databases
from tests.registry.factories import NOON
from tests.workflows.approvals.jira.conftest import QUICK, config_of
from tests.workflows.approvals.jira.pending_deployments import (
    approval_request_of,
    comment_texts,
    deps_of,
    pending_deployment,
    record_filed,
    reload,
    ticket_of,
)
from workflows.approvals.backend import UNKNOWN_AUTHOR, ApprovalRequest
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.decision_poller import DecisionPoller
from workflows.approvals.jira.markup import plain_text
from workflows.approvals.jira.ticket_text import deployment_link
from workflows.deployments.decisions import DeploymentDecider
from workflows.deployments.ticket_filer import TicketFiler
from workflows.durable.errors import StepFailedError


async def test_a_ticket_says_what_there_is_to_decide_about(
    jira: JiraServer, client: JiraClient, database: Database
) -> None:
    deployment = await pending_deployment(database, started_by="ann {x}")
    deps, _ = deps_of(database, client)

    filed = await deps.approvals.file_request(await approval_request_of(database, deployment))

    assert (filed.key, filed.url, filed.status) == ("MLOPS-1", f"{jira.url}/browse/MLOPS-1", "To Do")
    made = jira.project.issues["MLOPS-1"]
    assert made.summary == "Approve the deployment of churn-v1 for risk"
    assert made.labels == ["sagegraph", f"sagegraph-{deployment.key}", f"sagegraph-{deployment.key}-1-approval"]
    text = plain_text(made.description).replace("*", "")
    assert "Move this ticket to Done to launch it, or to Rejected to refuse." in text
    assert "Snapshot: churn-v1 Variants: SageMaker did not tell them" in text
    assert "Test result: There was no rehearsal." in text
    assert f"Started by: ann {{x}}, 2026-03-02 12:00 UTC Snapshot made by: {UNKNOWN_AUTHOR} Trigger: REQUEST" in text
    assert "Group: risk, account 111111111111, eu-west-1" in text
    assert deployment.id in text
    assert deployment_link("https://gateway.example.com", deployment.id) in str(made.description)


async def test_a_failure_is_told_of(jira: JiraServer, client: JiraClient, database: Database) -> None:
    deployment = await pending_deployment(database)
    async with database.writing() as connection:
        await deployments.transition(
            connection, deployment, DeploymentState.FAILED, NOON, "The job failed: [out of memory]."
        )
        await tickets.create(connection, deployment.key, 1, TicketKind.NOTIFICATION, NOON)
    deps, _ = deps_of(database, client)

    await deps.approvals.file_failure(await approval_request_of(database, deployment, TicketKind.NOTIFICATION))

    made = jira.project.issues["MLOPS-1"]
    assert made.summary == "The deployment of churn-v1 for risk has failed"
    assert made.labels[-1] == f"sagegraph-{deployment.key}-1-notification"
    assert "The job failed: [out of memory]." in plain_text(made.description)
    assert (await reload(database, deployment)).reason == "The job failed: [out of memory]."


async def test_a_lost_answer_is_looked_for_until_the_index_must_have_it(
    jira: JiraServer, client: JiraClient, database: Database
) -> None:
    deployment = await pending_deployment(database)
    deps, _ = deps_of(database, client)
    jira.project.index_is_behind = True
    jira.trouble.append(JiraFault("POST issue", late=True))

    with pytest.raises(StepFailedError, match="cannot be reached"):
        await deps.approvals.file_request(await approval_request_of(database, deployment))
    assert (await ticket_of(database, deployment)).sent_at is not None
    with pytest.raises(StepFailedError, match="searches for it for another"):
        await deps.approvals.file_request(await approval_request_of(database, deployment))
    reason = (await reload(database, deployment)).reason
    assert reason is not None
    assert reason.startswith("Its ticket is not filed yet: Jira may have filed the ticket")

    jira.project.catch_up()
    filed = await deps.approvals.file_request(await approval_request_of(database, deployment))

    assert filed.key == "MLOPS-1"
    assert list(jira.project.issues) == ["MLOPS-1"]
    assert (await reload(database, deployment)).reason == UNKNOWN_AUTHOR


async def test_what_was_never_filed_is_filed_once_the_index_must_have_had_it(
    jira: JiraServer, database: Database
) -> None:
    deployment = await pending_deployment(database)
    ticket = await ticket_of(database, deployment)
    long_ago = datetime.now(UTC) - timedelta(seconds=QUICK.search_lag)
    async with database.writing() as connection:
        assert await tickets.mark_sent(connection, ticket.number, None, long_ago)
    async with JiraClient(config_of(jira), QUICK) as client:
        deps, _ = deps_of(database, client)
        filed = await deps.approvals.file_request(await approval_request_of(database, deployment))
    assert filed.key == "MLOPS-1"
    assert jira.asked("search|POST") == [jira.asked("search")[0], "POST issue"]


async def test_a_duplicate_that_the_index_had_not_is_closed_when_it_shows(
    jira: JiraServer, client: JiraClient, database: Database
) -> None:
    deployment = await pending_deployment(database)
    deps, _ = deps_of(database, client)
    jira.project.index_is_behind = True
    jira.trouble.append(JiraFault("POST issue", late=True))
    with pytest.raises(StepFailedError):
        await deps.approvals.file_request(await approval_request_of(database, deployment))
    ticket = await ticket_of(database, deployment)
    async with database.writing() as connection:
        await tickets.mark_sent(connection, ticket.number, ticket.sent_at, NOON)
    filed = await deps.approvals.file_request(await approval_request_of(database, deployment))
    assert filed.key == "MLOPS-2"
    await record_filed(database, deployment, filed)

    jira.project.catch_up()
    poller = DecisionPoller(deps.database, client)
    await poller.poll(DeploymentDecider(deps))
    await poller.poll(DeploymentDecider(deps))

    first, second = jira.project.issues["MLOPS-1"], jira.project.issues["MLOPS-2"]
    assert (first.status.name, second.status.name) == ("Rejected", "To Do")
    assert [text.split(",")[0] for text in comment_texts(first.comments)] == ["This is MLOPS-2 once more"]
    assert second.comments == []
    assert (await reload(database, deployment)).state is DeploymentState.AWAITING_APPROVAL


async def test_what_is_not_wanted_any_more_is_looked_for_until_the_index_must_have_it(
    jira: JiraServer, database: Database
) -> None:
    """It is not filed then, and not looked for again; of two that are there one is taken, and the other closed."""
    deployment = await pending_deployment(database)
    number = (await ticket_of(database, deployment)).number
    async with JiraClient(config_of(jira), QUICK) as client:
        deps, _ = deps_of(database, client)
        async with database.writing() as connection:
            await tickets.mark_sent(connection, number, None, datetime.now(UTC))
            await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Closed", NOON)
        with pytest.raises(StepFailedError, match="searches for it for another"):
            await TicketFiler(deps).file(number, 0)
        sent = (await ticket_of(database, deployment)).sent_at
        async with database.writing() as connection:
            await tickets.mark_sent(connection, number, sent, NOON)
        assert await TicketFiler(deps).file(number, 0) == deployment.key
        assert (await ticket_of(database, deployment)).sent_at is None
        assert jira.project.issues == {}
        mark = f"sagegraph-{deployment.key}-1-approval"
        for _ in range(2):
            jira.project.create(GATEWAY, "x", "", [mark])
        async with database.writing() as connection:
            await tickets.mark_sent(connection, number, None, NOON)
        await TicketFiler(deps).file(number, 0)
    assert (await ticket_of(database, deployment)).key == "MLOPS-1"
    assert [issue.status.name for issue in jira.project.issues.values()] == ["To Do", "Rejected"]


@pytest.mark.parametrize("status", [400, 401, 403, 429])
async def test_what_jira_did_certainly_not_file_is_filed_at_once_next_time(
    jira: JiraServer, database: Database, status: int
) -> None:
    now = [0.0]
    deployment = await pending_deployment(database)
    async with JiraClient(config_of(jira), QUICK, clock=lambda: now[0]) as client:
        deps, _ = deps_of(database, client)
        jira.trouble.append(JiraFault("POST issue", status, (("Retry-After", "9"),)))
        with pytest.raises(StepFailedError, match=str(status)):
            await deps.approvals.file_request(await approval_request_of(database, deployment))
        assert (await ticket_of(database, deployment)).sent_at is None
        assert str(status) in ((await reload(database, deployment)).reason or "")
        now[0] = 9
        assert (await deps.approvals.file_request(await approval_request_of(database, deployment))).key == "MLOPS-1"
    assert jira.asked("search") == []


async def test_a_jira_that_was_never_reached_has_nothing_that_could_be_looked_for(
    jira: JiraServer, database: Database
) -> None:
    """The ticket is filed as soon as it is there again."""
    deployment = await pending_deployment(database)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    async with JiraClient(config_of(jira, url=url), QUICK) as client:
        deps, _ = deps_of(database, client)
        with pytest.raises(StepFailedError, match="cannot be reached"):
            await deps.approvals.file_request(await approval_request_of(database, deployment))
    assert (await ticket_of(database, deployment)).sent_at is None


@on_both_databases
async def test_of_two_who_file_at_once_one_does(jira: JiraServer, client: JiraClient, database: Database) -> None:
    deployment = await pending_deployment(database)
    deps, _ = deps_of(database, client)
    matter = await approval_request_of(database, deployment)
    outcomes = await asyncio.gather(*(deps.approvals.file_request(matter) for _ in range(4)), return_exceptions=True)
    assert list(jira.project.issues) == ["MLOPS-1"]
    assert {getattr(outcome, "key", "MLOPS-1") for outcome in outcomes} == {"MLOPS-1"}


async def test_an_issue_of_somebody_else_with_the_label_is_not_taken_for_the_ticket(
    jira: JiraServer, client: JiraClient, database: Database
) -> None:
    deployment = await pending_deployment(database)
    ticket = await ticket_of(database, deployment)
    async with database.writing() as connection:
        await tickets.mark_sent(connection, ticket.number, None, NOON)
    jira.project.create(BEN, "x", "", [f"sagegraph-{deployment.key}-1-approval"], "Done")
    deps, _ = deps_of(database, client)
    assert (await deps.approvals.file_request(await approval_request_of(database, deployment))).key == "MLOPS-2"


async def test_the_outcome_is_said_once_and_waits_for_jira(
    jira: JiraServer, client: JiraClient, database: Database
) -> None:
    deployment = await pending_deployment(database)
    deps, _ = deps_of(database, client)
    await record_filed(
        database, deployment, await deps.approvals.file_request(await approval_request_of(database, deployment))
    )
    jira.trouble += [JiraFault("comment", 503), JiraFault("POST issue/MLOPS-1/comment", late=True)]
    matter = await approval_request_of(database, deployment)

    await deps.approvals.comment(matter, "The deployment is DEPLOYED.")
    await deps.approvals.comment(matter, "The deployment is DEPLOYED.")

    (text,) = comment_texts(jira.project.issues["MLOPS-1"].comments)
    assert text.replace("*", "") == "SageGraph: The deployment is DEPLOYED."
    jira.trouble += [JiraFault("comment", 500)] * 3
    with pytest.raises(StepFailedError, match=r"\(500\)"):
        await deps.approvals.comment(matter, "More.")
    jira.trouble.append(JiraFault("comment", 404))
    await deps.approvals.comment(matter, "Nobody reads this.")
    await deps.approvals.comment(ApprovalRequest(await _unfiled(database), matter.deployment), "Nor this.")


async def _unfiled(database: Database) -> tickets.TicketRow:
    return await ticket_of(database, await pending_deployment(database, "other"))
