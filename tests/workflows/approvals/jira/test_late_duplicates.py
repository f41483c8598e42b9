"""workflows.approvals.jira.late_duplicates: issues that Jira's index shows hours late are closed or taken."""

from dataclasses import replace

import pytest

from registry import deployments, tickets
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, TicketKind
from registry.tickets import FiledTicket
from sandbox.jira.accounts import GATEWAY
from sandbox.jira.faults import JiraFault
from sandbox.jira.server import JiraServer
from tests.registry.factories import NOON, minutes_after_noon
from tests.workflows.approvals.jira.conftest import QUICK, config_of
from tests.workflows.approvals.jira.pending_deployments import comment_texts, deps_of, pending_deployment, ticket_of
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.decision_poller import DecisionPoller
from workflows.deployments.decisions import DeploymentDecider
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.ticket_filer import TicketFiler
from workflows.durable.errors import StepFailedError


async def failed(database: Database, snapshot: str = "churn-v1") -> DeploymentRow:
    """A deployment that has failed, with the ticket that tells so intended."""
    deployment = await pending_deployment(database, snapshot)
    async with database.writing() as connection:
        assert await deployments.transition(connection, deployment, DeploymentState.FAILED, NOON, "No capacity.")
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Closed", NOON)
        await tickets.create(connection, deployment.key, 1, TicketKind.NOTIFICATION, NOON)
    return deployment


async def filed_twice(
    jira: JiraServer, database: Database, deps: DeploymentDeps, deployment: DeploymentRow, kind: TicketKind
) -> None:
    """Its first answer is lost, and the index has nothing of it for longer than it is waited for."""
    jira.project.index_is_behind = True
    jira.trouble.append(JiraFault("POST issue$", late=True))
    filer = TicketFiler(deps)
    number = (await ticket_of(database, deployment, kind)).number
    with pytest.raises(StepFailedError):
        await filer.file(number, 0)
    sent = (await ticket_of(database, deployment, kind)).sent_at
    async with database.writing() as connection:
        assert await tickets.mark_sent(connection, number, sent, NOON)
    assert await filer.file(number, 0) == deployment.key


async def test_a_second_ticket_that_tells_of_a_failure_is_closed_when_it_shows(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await failed(sqlite)
    await filed_twice(jira, sqlite, deps, deployment, TicketKind.NOTIFICATION)
    assert (await ticket_of(sqlite, deployment, TicketKind.NOTIFICATION)).key == "MLOPS-2"
    jira.project.catch_up()

    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))

    first, second = jira.project.issues["MLOPS-1"], jira.project.issues["MLOPS-2"]
    assert (first.status.name, second.status.name) == ("Rejected", "To Do")
    assert comment_texts(first.comments) == [
        "This is MLOPS-2 once more, filed while the answer to the first was lost. Look there; this one does not count."
    ]
    assert second.comments == []

    jira.calls.clear()
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert len(jira.calls) == len(jira.asked("search")) == 1


async def test_a_second_ticket_of_a_deployment_that_is_decided_is_closed_when_it_shows(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    deps, _ = deps_of(sqlite, client)
    deployment = await pending_deployment(sqlite)
    await filed_twice(jira, sqlite, deps, deployment, TicketKind.APPROVAL)
    async with sqlite.writing() as connection:
        assert await deployments.transition(connection, deployment, DeploymentState.REJECTED, NOON, "No.")
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Rejected", NOON)
    jira.project.catch_up()

    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))

    assert [issue.status.name for issue in jira.project.issues.values()] == ["Rejected", "To Do"]
    assert (await ticket_of(sqlite, deployment)).key == "MLOPS-2"


async def test_what_was_given_up_is_taken_when_it_shows(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    """A deployment is cancelled while the answer is lost, and the index has nothing for longer than that is waited."""
    deps, _ = deps_of(sqlite, client)
    deployment = await pending_deployment(sqlite)
    number = (await ticket_of(sqlite, deployment)).number
    jira.project.index_is_behind = True
    jira.trouble.append(JiraFault("POST issue$", late=True))
    with pytest.raises(StepFailedError):
        await TicketFiler(deps).file(number, 0)
    sent = (await ticket_of(sqlite, deployment)).sent_at
    async with sqlite.writing() as connection:
        assert await tickets.mark_sent(connection, number, sent, NOON)
        assert await deployments.transition(connection, deployment, DeploymentState.CANCELLED, NOON)
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Closed", NOON)
    await TicketFiler(deps).file(number, 0)
    assert await intended(sqlite) == []
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert await intended(sqlite) == []
    jira.project.catch_up()

    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert await intended(sqlite) == [number]
    await TicketFiler(deps).file(number, 0)

    assert (await ticket_of(sqlite, deployment)).key == "MLOPS-1"
    assert await intended(sqlite) == []
    assert list(jira.project.issues) == ["MLOPS-1"]


async def test_nothing_is_asked_where_every_answer_came(jira: JiraServer, client: JiraClient, sqlite: Database) -> None:
    """Nor where Jira has refused the ticket at first: that is known not to be there."""
    deps, _ = deps_of(sqlite, client)
    for snapshot in ("churn-v1", "churn-v2"):
        deployment = await failed(sqlite, snapshot)
        number = (await ticket_of(sqlite, deployment, TicketKind.NOTIFICATION)).number
        if snapshot == "churn-v2":
            jira.trouble.append(JiraFault("POST issue$", 403))
            with pytest.raises(StepFailedError):
                await TicketFiler(deps).file(number, 0)
        await TicketFiler(deps).file(number, 0)
    assert len(jira.project.issues) == 2
    jira.calls.clear()
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert jira.calls == []


async def test_they_are_looked_for_every_ten_minutes_for_a_day(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    """All with one search; those that went astray longer ago are looked for this once."""
    now = [0.0]
    deps, _ = deps_of(sqlite, client)
    for snapshot in ("churn-v1", "churn-v2"):
        await filed_twice(jira, sqlite, deps, await failed(sqlite, snapshot), TicketKind.NOTIFICATION)
    async with sqlite.writing() as connection:
        first, second = await tickets.possible_duplicates(connection)
        await tickets.clear_astray(connection, first)
        await tickets.clear_astray(connection, replace(second, astray_at=NOON))
        assert await tickets.possible_duplicates(connection) == (second,)
    long_ago = await failed(sqlite, "churn-v3")
    number = (await ticket_of(sqlite, long_ago, TicketKind.NOTIFICATION)).number
    async with sqlite.writing() as connection:
        assert await tickets.mark_sent(connection, number, None, NOON)
        assert await tickets.mark_sent(connection, number, NOON, minutes_after_noon(1))
        assert await tickets.mark_filed(
            connection, number, FiledTicket("MLOPS-404", None, "To Do"), minutes_after_noon(2)
        )
        assert [row.number for row in await tickets.possible_duplicates(connection)] == [second.number, number]
    poller = DecisionPoller(deps.database, client, lambda: now[0])
    jira.calls.clear()
    for moment, searches in ((0, 1), (599, 1), (600, 2)):
        now[0] = moment
        await poller.poll(DeploymentDecider(deps))
        assert len(jira.calls) == searches
    async with sqlite.reading() as connection:
        assert await tickets.possible_duplicates(connection) == (second,)


@pytest.mark.parametrize("trouble", [JiraFault("search", 503), JiraFault("search", 401), JiraFault("comment", 429)])
async def test_a_jira_that_does_not_answer_is_asked_again(
    jira: JiraServer, sqlite: Database, trouble: JiraFault
) -> None:
    """It ends only once Jira has let it look, however long ago the ticket went astray."""
    now = [0.0]
    async with JiraClient(config_of(jira), QUICK, clock=lambda: now[0]) as client:
        deps, _ = deps_of(sqlite, client)
        deployment = await failed(sqlite)
        number = (await ticket_of(sqlite, deployment, TicketKind.NOTIFICATION)).number
        mark = f"sagegraph-{deployment.key}-1-notification"
        for _ in range(2):
            jira.project.create(GATEWAY, "x", "", [mark])
        async with sqlite.writing() as connection:
            assert await tickets.mark_sent(connection, number, None, NOON)
            assert await tickets.mark_sent(connection, number, NOON, minutes_after_noon(1))
            assert await tickets.mark_filed(
                connection, number, FiledTicket("MLOPS-2", None, "To Do"), minutes_after_noon(2)
            )
        jira.trouble.append(trouble)
        poller = DecisionPoller(deps.database, client, lambda: now[0])
        await poller.poll(DeploymentDecider(deps))
        assert [issue.status.name for issue in jira.project.issues.values()] == ["To Do", "To Do"]
        now[0] = 600
        await poller.poll(DeploymentDecider(deps))
        assert [item.status.name for item in jira.project.issues.values()] == ["Rejected", "To Do"]
        async with sqlite.reading() as connection:
            assert await tickets.possible_duplicates(connection) == ()


async def test_where_the_one_that_counts_is_gone_nothing_is_closed(
    jira: JiraServer, client: JiraClient, sqlite: Database
) -> None:
    """The others are looked at all the same."""
    deps, _ = deps_of(sqlite, client)
    for snapshot in ("churn-v1", "churn-v2"):
        await filed_twice(jira, sqlite, deps, await failed(sqlite, snapshot), TicketKind.NOTIFICATION)
    del jira.project.issues["MLOPS-2"]
    jira.project.catch_up()
    await DecisionPoller(deps.database, client).poll(DeploymentDecider(deps))
    assert {key: issue.status.name for key, issue in jira.project.issues.items()} == {
        "MLOPS-1": "To Do",
        "MLOPS-3": "Rejected",
        "MLOPS-4": "To Do",
    }


async def intended(database: Database) -> list[int]:
    """The numbers of the tickets that are to be filed, or looked for."""
    async with database.reading() as connection:
        return [row.number for row in await tickets.unfiled_tickets(connection)]
