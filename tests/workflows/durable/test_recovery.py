"""Who takes up the work of the dead: one, the winner of their lease, and after that one's own death the next."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from dbos import error as dbos_errors

from registry import leases
from registry.database import Database
from registry.leases import Lease
from registry.processes import EXECUTOR_PREFIX
from tests.deploy.observability_files import OPERATIONS
from tests.workflows.durable.dbos_state import change, query, workflow_statuses
from tests.workflows.durable.engines import no_fleet
from workflows.durable.context import WorkflowContext
from workflows.durable.dbos_rows import GIVEN_UP, PENDING, open_workflows
from workflows.durable.dbos_tables import dbos_url
from workflows.durable.executor import Executor
from workflows.durable.held_lease import HeldLease
from workflows.durable.recovery import Recovery

# Long after the lease of anybody here has ended.
DEAD = 60


async def body(work: WorkflowContext) -> None:
    """Is never finished here: it waits until its process is gone."""
    await work.step("wait", asyncio.Event().wait)


@asynccontextmanager
async def executor_on(
    url: str, database: Database, name: str, version: str = "1", *, bodies: tuple[str, ...] = ("body",)
) -> AsyncIterator[Executor]:
    holding = await HeldLease.acquire(database, EXECUTOR_PREFIX + name, name, 30)
    assert holding is not None
    executor = Executor(holding, dbos_url(url), dict.fromkeys(bodies, body), version, no_fleet(url, database))
    await executor.launch()
    try:
        yield executor
    finally:
        await executor.close(0)


async def leave(url: str, database: Database, name: str, *work: str, ended: float | None) -> None:
    """Lets an executor of this name leave work in hand, and its lease as it is where it died so many seconds ago."""
    async with executor_on(url, database, name) as executor:
        for one in work:
            await executor.start("body", one, ())
    until = "DELETE FROM leases WHERE name = :name"
    if ended is not None:
        until = f"UPDATE leases SET until = {_ago(url, ended)} WHERE name = :name"
    query(url, until, name=EXECUTOR_PREFIX + name)


def _ago(url: str, seconds: float) -> str:
    if url.startswith("sqlite"):
        return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{seconds} seconds')"
    return f"now() - interval '{seconds} seconds'"


async def holders() -> dict[str, tuple[str, str]]:
    """Who has what in hand, or had it last, and how it stands."""
    return {row.workflow_id: (row.executor_id or "", row.status) for row in await open_workflows()}


async def names(database: Database) -> list[str]:
    async with database.reading() as connection:
        return await leases.names(connection, EXECUTOR_PREFIX)


@pytest.mark.parametrize("ended", [61, None])
async def test_the_work_of_the_dead_is_put_where_it_is_taken_up(
    database_url: str, database: Database, ended: float | None
) -> None:
    await leave(database_url, database, "old", "a", "b", ended=ended)

    async with executor_on(database_url, database, "new") as executor:
        await Recovery(database, executor, 30, DEAD).sweep()
        assert executor.running_ids == {"a", "b"}
        assert await holders() == {"a": ("new", "PENDING"), "b": ("new", "PENDING")}
        assert await names(database) == [EXECUTOR_PREFIX + "new"]


async def test_work_that_is_given_up_keeps_other_work_of_the_dead_for_one_look(
    database_url: str, database: Database
) -> None:
    await leave(database_url, database, "old", "a", "b", ended=61)
    await change(database_url, "UPDATE {0}workflow_status SET recovery_attempts = 101 WHERE workflow_uuid = 'a'")

    async with executor_on(database_url, database, "new") as executor:
        recovery = Recovery(database, executor, 30, DEAD)
        with pytest.raises(dbos_errors.DBOSException):
            await recovery.sweep()
        await recovery.sweep()
        assert executor.running_ids == {"b"}
        await change(database_url, f"UPDATE leases SET until = {_ago(database_url, 61)} WHERE name = 'executor/old'")
        await recovery.sweep()
        assert await names(database) == [EXECUTOR_PREFIX + "new"]
        assert workflow_statuses(database_url) == {"a": GIVEN_UP, "b": PENDING}
        # The remedy of docs/operations.md.
        (update,) = re.findall(r"^UPDATE dbos\.(workflow_status .*);$", OPERATIONS, re.MULTILINE)
        await change(database_url, f"UPDATE {{0}}{update}")
        await recovery.sweep()
        assert executor.running_ids == {"a", "b"}
    assert workflow_statuses(database_url) == {"a": PENDING, "b": PENDING}


async def test_who_may_still_be_alive_is_left_alone(database_url: str, database: Database) -> None:
    await leave(database_url, database, "old", "a", ended=55)

    async with executor_on(database_url, database, "new") as executor:
        await Recovery(database, executor, 30, DEAD).sweep()
        assert await holders() == {"a": ("old", "PENDING")}
        assert await names(database) == [EXECUTOR_PREFIX + "new", EXECUTOR_PREFIX + "old"]


async def test_work_is_left_to_whoever_is_at_it_and_taken_up_after_their_death(
    database_url: str, database: Database
) -> None:
    await leave(database_url, database, "old", "a", ended=61)
    # Another one has won the lease, and dies before it has done anything.
    async with database.writing() as connection:
        assert await leases.acquire(connection, EXECUTOR_PREFIX + "old", "another", 30) == Lease(
            EXECUTOR_PREFIX + "old", "another", 2
        )

    async with executor_on(database_url, database, "new") as executor:
        recovery = Recovery(database, executor, 30, DEAD)
        await recovery.sweep()
        assert await holders() == {"a": ("old", "PENDING")}

        await change(database_url, f"UPDATE leases SET until = {_ago(database_url, 61)} WHERE name = 'executor/old'")
        await recovery.sweep()
        assert await holders() == {"a": ("new", "PENDING")}
        assert await names(database) == [EXECUTOR_PREFIX + "new"]


async def test_of_two_who_look_at_once_one_recovers(
    database_url: str, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await leave(database_url, database, "old", "a", ended=61)
    async with executor_on(database_url, database, "new") as executor:
        left = await open_workflows()
        await asyncio.gather(*(Recovery(database, executor, 30, DEAD)._take_over("old", left) for _ in range(4)))
        assert executor.running_ids == {"a"}
    assert caplog.text.count("The process old is gone; its work is resumed: a") == 1
    assert query(database_url, "SELECT recovery_attempts FROM {0}workflow_status")[0][0] == 2


async def test_work_in_hand_is_not_taken_again(database_url: str, database: Database) -> None:
    async with executor_on(database_url, database, "new") as executor:
        starting = asyncio.create_task(executor.start("body", "a", ()))
        recovery = Recovery(database, executor, 30, DEAD)
        await asyncio.gather(starting, recovery.sweep())
        await recovery.sweep()
        assert executor.running_ids == {"a"}
    assert query(database_url, "SELECT recovery_attempts FROM {0}workflow_status")[0][0] == 1


async def test_work_without_a_body_here_stays_as_it_is(database_url: str, database: Database) -> None:
    await leave(database_url, database, "old", "a", ended=None)

    async with executor_on(database_url, database, "new", bodies=("other",)) as executor:
        await Recovery(database, executor, 30, DEAD).sweep()
        assert await holders() == {"a": ("old", "PENDING")}
    assert workflow_statuses(database_url) == {"a": "PENDING"}


async def test_waiting_work_of_another_version_is_taken_over_once_nobody_of_it_has_come(
    database_url: str, database: Database
) -> None:
    await leave(database_url, database, "old", "a", ended=None)
    query(database_url, "UPDATE {0}workflow_status SET status = 'ENQUEUED', queue_name = '_dbos_internal_queue'")

    async with executor_on(database_url, database, "new", version="2") as executor:
        await Recovery(database, executor, 30, DEAD).sweep()
        assert [(row.app_version, row.status) for row in await open_workflows()] == [("1", "ENQUEUED")]

        await change(database_url, "UPDATE {0}workflow_status SET updated_at = updated_at - 61000")
        await Recovery(database, executor, 30, DEAD).sweep()
        assert [row.app_version for row in await open_workflows()] == ["2"]
