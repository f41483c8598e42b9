"""workflows.deployments.going_on: what a deployment calls for is begun, and nothing that others wait for."""

import logging
from typing import Any

import pytest

from registry import tickets
from registry.database import Database
from registry.tickets import Filed
from registry.words import DeploymentState
from sandbox.server import Sandbox
from tests.deploying import ALLOWED
from tests.workflows.deployments.lifecycles import Noted, means_on
from tests.workflows.deployments.made import begun, cancelled, course_of, verified
from workflows.deployments.going_on import go_on, nudge
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, move
from workflows.deployments.ticketing import OwnTickets
from workflows.deployments.works import Works
from workflows.durable.errors import DurableError, DurableUnavailableError


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def gone_on(means: Means, noted: Noted, key: str) -> list[str]:
    """The ids of the work that is begun."""
    noted.started.clear()
    await go_on(means, key)
    return [work_id for work_id, _ in noted.started]


async def test_a_ticket_is_filed_until_it_is(sandbox: Sandbox, database: Database) -> None:
    """Once it has a key, or is closed without one, nothing more is to be filed."""
    async with means_on(sandbox, database) as (means, noted):
        key = (await verified(sandbox, database, means)).key
        assert await gone_on(means, noted, key) == ["ticket/1/0"]
        async with database.writing() as connection:
            await tickets.filed(connection, 1, Filed("SG-1", None, "Open"), (await course_of(database, key)).since)
        assert await gone_on(means, noted, key) == []
        other = (await begun(database, "churn-2")).key
        course = await course_of(database, other)
        assert await move(database, course, DeploymentState.AWAITING_APPROVAL, Deed(action="test", actor="ann"))
        await cancelled(database, await course_of(database, other))
        assert await gone_on(means, noted, other) == []


async def test_only_where_a_decision_was_asked_for_is_its_end_told(sandbox: Sandbox, database: Database) -> None:
    """Beneath the ticket of the attempt that has ended; one that was never filed has nothing beneath it."""
    async with means_on(sandbox, database) as (means, noted):
        key = (await verified(sandbox, database, means)).key
        async with database.writing() as connection:
            await tickets.filed(connection, 1, Filed("SG-1", None, "Open"), (await course_of(database, key)).since)
        await cancelled(database, await course_of(database, key))
        assert await gone_on(means, noted, key) == [f"deploy/{key}/1/tell"]
        untold = await begun(database, "churn-2")
        await cancelled(database, untold)
        assert await gone_on(means, noted, untold.key) == []


async def test_of_what_is_not_there_nothing_goes_on(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database, permissions=ALLOWED) as (means, noted):
        assert await gone_on(means, noted, "0" * 32) == []


class Ending:
    """An engine that begins nothing any more."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def start(self, *_work: Any) -> None:
        raise self._error


@pytest.mark.parametrize("error", [DurableUnavailableError("It is ending."), DurableError("Else.")])
async def test_whoever_changes_one_is_not_told_that_it_goes_on_later(
    sandbox: Sandbox, database: Database, caplog: pytest.LogCaptureFixture, error: DurableError
) -> None:
    """The sweep does it, and the log says so."""
    course = await begun(database)
    async with means_on(sandbox, database) as (means, _):
        works = Works()
        works.serve(Ending(error))
        ending = Means(means.database, means.policy, means.groups, means.rules, works, OwnTickets())
        with caplog.at_level(logging.WARNING, "sagegraph.deployments"):
            await nudge(ending, course.key)
        with pytest.raises(type(error)):
            await go_on(ending, course.key)
    assert [record.getMessage() for record in caplog.records if record.name == "sagegraph.deployments"] == [
        f"The deployment {course.key} goes on with the next sweep: {error}"
    ]
