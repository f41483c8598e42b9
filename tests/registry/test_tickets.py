"""registry.tickets: intended, sent, filed, restated and closed, each once."""

from registry import tickets
from registry.database import Database
from registry.tickets import INTENDED, Filed
from registry.words import TicketKind
from tests.registry.making import NOON, later
from tests.workflows.jira.making import deployment, ticket_of

FILED = Filed("MLOPS-1", "https://jira.example.com/browse/MLOPS-1", "To Do")


async def test_a_ticket_is_intended_once(database: Database) -> None:
    course = await deployment(database)
    async with database.writing() as connection:
        await tickets.intend(connection, course.key, 1, TicketKind.APPROVAL, later(1))
        (row,) = await tickets.intended(connection)
        assert await tickets.by_number(connection, row.number) == row
        assert await tickets.by_number(connection, row.number + 1) is None
        assert await tickets.open_approvals(connection) == ()
    assert (row.deployment_key, row.attempt, row.kind) == (course.key, 1, TicketKind.APPROVAL)
    assert (row.key, row.url, row.status, row.tries, row.sent_at) == (None, None, INTENDED, 0, None)
    assert not row.closed


async def test_one_of_many_sends_it(database: Database) -> None:
    number = (await ticket_of(database, await deployment(database))).number
    async with database.writing() as connection:
        assert await tickets.send(connection, number, None, NOON)
        assert not await tickets.send(connection, number, None, later(1))
        assert not await tickets.send(connection, number, later(1), later(2))
        assert await tickets.send(connection, number, NOON, later(2))
        (row,) = await tickets.intended(connection)
        assert row.sent_at == later(2)
        assert await tickets.send(connection, number, later(2), None)
        assert await tickets.filed(connection, number, FILED, later(3))
        assert not await tickets.send(connection, number, None, later(4))


async def test_one_that_is_closed_is_filed_only_where_it_was_sent(database: Database) -> None:
    """Then it may be there; its status stays the one with which it was closed."""
    course = await deployment(database)
    number = (await ticket_of(database, course)).number
    async with database.writing() as connection:
        await tickets.close(connection, course.key, 1, TicketKind.APPROVAL, "Closed", later(1))
        assert await tickets.intended(connection) == ()
        assert await tickets.send(connection, number, None, NOON)
        (row,) = await tickets.intended(connection)
        assert (row.closed, row.is_unfiled) == (True, True)
        assert await tickets.filed(connection, number, FILED, later(2))
        row = (await tickets.of_attempt(connection, course.key, 1))[0]
        assert (row.key, row.status, row.is_unfiled) == ("MLOPS-1", "Closed", False)
        assert await tickets.intended(connection) == ()


async def test_it_is_filed_once_and_tells_its_status(database: Database) -> None:
    course = await deployment(database)
    number = (await ticket_of(database, course)).number
    async with database.writing() as connection:
        assert await tickets.tried(connection, number, 0)
        assert not await tickets.tried(connection, number, 0)
        assert await tickets.filed(connection, number, FILED, NOON)
        assert not await tickets.filed(connection, number, Filed("MLOPS-2", None, "Open"), NOON)
        assert not await tickets.tried(connection, number, 1)
        await tickets.restate(connection, number, "In Review")
        (row,) = await tickets.open_approvals(connection)
        assert (row.key, row.status, row.tries) == ("MLOPS-1", "In Review", 1)
        await tickets.close(connection, course.key, 1, TicketKind.APPROVAL, "Approved", NOON)
        await tickets.restate(connection, number, "Done")
        assert await tickets.open_approvals(connection) == ()
        (shown,) = (await tickets.of_deployments(connection, [course.key]))[course.key]
    assert (shown.key, shown.status) == ("MLOPS-1", "Approved")
