"""registry.tickets: intended, sent, filed, restated and closed, each once."""

from dataclasses import replace

import pytest

from registry import tickets
from registry.database import Connection, Database
from registry.enums import TicketKind
from registry.tickets import UNFILED_STATUS, FiledTicket, TicketRow
from tests.registry.factories import NOON, minutes_after_noon
from tests.workflows.approvals.jira.pending_deployments import pending_deployment, ticket_of

FILED = FiledTicket("MLOPS-1", "https://jira.example.com/browse/MLOPS-1", "To Do")


async def test_a_ticket_is_intended_once(database: Database) -> None:
    deployment = await pending_deployment(database)
    async with database.writing() as connection:
        await tickets.create(connection, deployment.key, 1, TicketKind.APPROVAL, minutes_after_noon(1))
        (row,) = await tickets.unfiled_tickets(connection)
        assert await tickets.by_number(connection, row.number) == row
        assert await tickets.by_number(connection, row.number + 1) is None
        assert await tickets.open_approvals(connection) == ()
    assert (row.deployment_key, row.attempt, row.kind) == (deployment.key, 1, TicketKind.APPROVAL)
    assert (row.key, row.url, row.status, row.tries, row.sent_at) == (None, None, UNFILED_STATUS, 0, None)
    assert not row.closed


async def test_one_of_many_sends_it(database: Database) -> None:
    number = (await ticket_of(database, await pending_deployment(database))).number
    async with database.writing() as connection:
        assert await tickets.mark_sent(connection, number, None, NOON)
        assert not await tickets.mark_sent(connection, number, None, minutes_after_noon(1))
        assert not await tickets.mark_sent(connection, number, minutes_after_noon(1), minutes_after_noon(2))
        assert await tickets.mark_sent(connection, number, NOON, minutes_after_noon(2))
        (row,) = await tickets.unfiled_tickets(connection)
        assert row.sent_at == minutes_after_noon(2)
        assert await tickets.mark_sent(connection, number, minutes_after_noon(2), None)
        assert await tickets.mark_filed(connection, number, FILED, minutes_after_noon(3))
        assert not await tickets.mark_sent(connection, number, None, minutes_after_noon(4))


async def test_one_that_is_closed_is_filed_only_where_it_was_sent(database: Database) -> None:
    """Then it may be there; its status stays the one with which it was closed."""
    deployment = await pending_deployment(database)
    number = (await ticket_of(database, deployment)).number
    async with database.writing() as connection:
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Closed", minutes_after_noon(1))
        assert await tickets.unfiled_tickets(connection) == ()
        assert await tickets.mark_sent(connection, number, None, NOON)
        (row,) = await tickets.unfiled_tickets(connection)
        assert (row.closed, row.is_unfiled) == (True, True)
        assert await tickets.mark_filed(connection, number, FILED, minutes_after_noon(2))
        row = (await tickets.of_attempt(connection, deployment.key, 1))[0]
        assert (row.key, row.status, row.is_unfiled) == ("MLOPS-1", "Closed", False)
        assert await tickets.unfiled_tickets(connection) == ()


async def test_it_is_filed_once_and_tells_its_status(database: Database) -> None:
    deployment = await pending_deployment(database)
    number = (await ticket_of(database, deployment)).number
    async with database.writing() as connection:
        assert await tickets.count_attempt(connection, number, 0)
        assert not await tickets.count_attempt(connection, number, 0)
        assert await tickets.mark_filed(connection, number, FILED, NOON)
        assert not await tickets.mark_filed(connection, number, FiledTicket("MLOPS-2", None, "Open"), NOON)
        assert not await tickets.count_attempt(connection, number, 1)
        await tickets.set_status(connection, number, "In Review")
        (row,) = await tickets.open_approvals(connection)
        assert (row.key, row.status, row.tries) == ("MLOPS-1", "In Review", 1)
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Approved", NOON)
        await tickets.set_status(connection, number, "Done")
        assert await tickets.open_approvals(connection) == ()
        (shown,) = (await tickets.of_deployments(connection, [deployment.key]))[deployment.key]
    assert (shown.key, shown.status) == ("MLOPS-1", "Approved")


async def test_what_is_sent_again_is_astray_until_that_is_settled(database: Database) -> None:
    """It is looked for as such once nobody waits for its decision, or where it never asked for one."""
    deployment = await pending_deployment(database)
    number = (await ticket_of(database, deployment)).number
    async with database.writing() as connection:
        assert await tickets.mark_sent(connection, number, None, NOON)
        assert await tickets.mark_sent(connection, number, NOON, None)
        assert await tickets.mark_sent(connection, number, None, NOON)
        assert (await ticket_of_number(connection, number)).astray_at is None
        assert await tickets.mark_sent(connection, number, NOON, minutes_after_noon(1))
        assert await tickets.mark_sent(connection, number, minutes_after_noon(1), NOON)
        assert (await ticket_of_number(connection, number)).astray_at == minutes_after_noon(1)
        assert await tickets.mark_filed(connection, number, FILED, minutes_after_noon(2))
        assert await tickets.possible_duplicates(connection) == ()
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Rejected", minutes_after_noon(3))
        (row,) = await tickets.possible_duplicates(connection)
        await tickets.clear_astray(connection, replace(row, astray_at=NOON))
        assert await tickets.possible_duplicates(connection) == (row,)
        await tickets.clear_astray(connection, row)
        assert await tickets.possible_duplicates(connection) == ()


async def test_what_is_given_up_is_astray_and_not_to_be_filed(database: Database) -> None:
    deployment = await pending_deployment(database)
    number = (await ticket_of(database, deployment)).number
    async with database.writing() as connection:
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Closed", NOON)
        assert await tickets.mark_sent(connection, number, None, NOON)
        assert await tickets.possible_duplicates(connection) == ()
        (row,) = await tickets.unfiled_tickets(connection)
        await tickets.give_up(connection, replace(row, sent_at=minutes_after_noon(1)), minutes_after_noon(2))
        assert await tickets.unfiled_tickets(connection) == (row,)
        await tickets.give_up(connection, row, minutes_after_noon(2))
        assert await tickets.unfiled_tickets(connection) == ()
        (row,) = await tickets.possible_duplicates(connection)
        assert (row.sent_at, row.astray_at, row.is_unfiled) == (None, minutes_after_noon(2), False)


async def ticket_of_number(connection: Connection, number: int) -> TicketRow:
    row = await tickets.by_number(connection, number)
    assert row is not None
    return row


@pytest.mark.parametrize(("sent", "status"), [(True, "Done"), (False, "Approved")])
async def test_a_closed_ticket_keeps_the_word_of_whoever_keeps_it(
    database: Database, status: str, *, sent: bool
) -> None:
    """The gateway's own words are for the tickets that it keeps itself."""
    deployment = await pending_deployment(database)
    async with database.writing() as connection:
        (row,) = await tickets.of_attempt(connection, deployment.key, 1)
        if sent:
            assert await tickets.mark_sent(connection, row.number, None, NOON)
        assert await tickets.mark_filed(connection, row.number, FiledTicket("X-1", None, "Done"), NOON)
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Approved", NOON)
        (closed,) = await tickets.of_attempt(connection, deployment.key, 1)
    assert (closed.status, closed.closed) == (status, True)
