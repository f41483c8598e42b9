"""workflows.durable.dbos_rows: work is listed and counted until it has ended, and deleted afterwards."""

from datetime import UTC, datetime, timedelta

from tests.databases import on_both_databases
from tests.registry.test_pages import statements
from tests.workflows.durable.dbos_state import change, workflow_statuses
from tests.workflows.durable.engines import Pair, engine_on, idle
from workflows.durable.dbos_rows import GIVEN_UP, PENDING, WorkflowCount, open_workflows
from workflows.durable.engine import Engine


async def end_one_and_begin_two(engine: Engine, pair: Pair) -> None:
    """Have `done` end, and `open` and `open-2` wait at the gate of their body."""
    pair.gate.set()
    await engine.start("pair", "done", "k")
    await idle(engine)
    pair.gate.clear()
    pair.reached.clear()
    await engine.start("pair", "open", "l")
    await engine.start("pair", "open-2", "m")
    await pair.reached.wait()


async def test_open_work_is_listed_until_it_has_ended(sqlite_url: str) -> None:
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        await end_one_and_begin_two(engine, pair)
        first, second = await open_workflows()
        assert (first.workflow_id, first.name, first.status, first.app_version) == ("open", "pair", PENDING, "1")
        assert engine.lease == f"executor/{first.executor_id}"
        assert (second.workflow_id, second.status) == ("open-2", PENDING)
        pair.gate.set()
        await idle(engine)
        assert await open_workflows() == []


async def test_ended_work_is_listed_by_its_end_and_deleted(sqlite_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        for work_id in ("a", "b", "c"):
            await engine.start("pair", work_id, "k")
            await idle(engine)
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert await engine.rows.ended_before(later, 2, 0) == ["a", "b"]
        assert await engine.rows.ended_before(later, 2, 2) == ["c"]
        assert await engine.rows.ended_before(later - timedelta(hours=1), 2, 0) == []
        await engine.rows.forget(["a", "c"])
        assert workflow_statuses(sqlite_url) == {"b": "SUCCESS"}


@on_both_databases
async def test_open_work_is_counted_by_one_statement(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await end_one_and_begin_two(engine, pair)
        with statements() as asked:
            counts = await engine.rows.count_open()
        # Others are the process's own, of work that waits for it.
        assert [statement for statement in asked if "count(" in statement.lower()] == [
            statement for statement in asked if "min(" in statement.lower()
        ]
        of_open = "UPDATE {0}workflow_status SET application_version = NULL WHERE workflow_uuid = 'open'"
        await change(database_url, of_open)
        oldest = {row.workflow_id: (row.created_at or 0) / 1000 for row in await open_workflows()}
        assert counts == (WorkflowCount("pair", PENDING, 2, min(oldest.values()), "1"),)
        assert await engine.rows.count_open() == (
            WorkflowCount("pair", PENDING, 1, oldest["open"], ""),
            WorkflowCount("pair", PENDING, 1, oldest["open-2"], "1"),
        )
        pair.gate.set()
        await idle(engine)
        assert await engine.rows.count_open() == ()


@on_both_databases
async def test_work_that_was_given_up_is_counted_by_itself_and_as_no_work_of_another_version(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await idle(engine)
        values = f"status = '{GIVEN_UP}', application_version = '0'"
        await change(database_url, f"UPDATE {{0}}workflow_status SET {values}")
        # The same id begins nothing again.
        await engine.start("pair", "a", "k")
        await idle(engine)
        assert pair.calls == ["first k", "second k 7", "end k"]
        (counted,) = await engine.rows.count_open()
        assert (counted.name, counted.status, counted.count, counted.version) == ("pair", GIVEN_UP, 1, "0")
        assert await engine.rows.count_foreign() == ()
        assert await open_workflows() == []
