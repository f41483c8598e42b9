"""gateway.observability.stored_state: read once for all who ask, within a second, and kept for some."""

import asyncio

import pytest
from sqlalchemy import text

from gateway.observability.stored_state import KEPT_SECONDS, StoredState, StoredStateReader
from registry.database import Database
from registry.errors import RegistryUnavailableError
from workflows.durable.dbos_rows import WorkflowCount


class CountedEngine:
    """Durable work that counts how often it is asked, and may be away or slow."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def count_open(self) -> tuple[WorkflowCount, ...]:
        self.asked += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return (WorkflowCount("import", "PENDING", 1, 0.0),)


async def test_all_who_ask_within_some_seconds_cost_one_reading(database: Database) -> None:
    engine, now = CountedEngine(), [100.0]
    reader = StoredStateReader(database, engine, lambda: now[0])
    states = await asyncio.gather(*(reader.read() for _ in range(5)))
    assert states == [StoredState(True, (), (WorkflowCount("import", "PENDING", 1, 0.0),), ())] * 5
    now[0] += KEPT_SECONDS - 0.1
    await reader.read()
    assert engine.asked == 1
    now[0] += 0.2
    await reader.read()
    assert engine.asked == 2


async def test_a_database_that_is_away_is_told_and_asked_no_more_often(database: Database) -> None:
    engine, now = CountedEngine(), [100.0]
    engine.error = RegistryUnavailableError("away")
    reader = StoredStateReader(database, engine, lambda: now[0])
    assert [await reader.read() for _ in range(3)] == [StoredState()] * 3
    assert engine.asked == 1


async def test_a_database_that_does_not_answer_in_time_is_waited_for_by_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.observability.stored_state.PATIENCE_SECONDS", 0.01)
    engine = CountedEngine()
    engine.gate.clear()
    reader = StoredStateReader(database, engine)
    while not engine.asked:
        assert await reader.read() == StoredState()
    assert await asyncio.gather(*(reader.read() for _ in range(3))) == [StoredState()] * 3
    assert engine.asked == 1
    engine.gate.set()
    monkeypatch.setattr("gateway.observability.stored_state.PATIENCE_SECONDS", 30)
    assert (await reader.read()).available
    assert engine.asked == 1


async def test_a_reading_under_way_ends_with_the_process(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.observability.stored_state.PATIENCE_SECONDS", 0.01)
    engine, tasks = CountedEngine(), asyncio.all_tasks()
    engine.gate.clear()
    reader = StoredStateReader(database, engine)
    await reader.read()
    await reader.aclose()
    assert asyncio.all_tasks() == tasks


async def test_tables_that_are_away_leave_durable_work_alone(sqlite_url: str) -> None:
    engine = CountedEngine()
    async with Database(sqlite_url) as database:
        async with database.writing() as connection:
            await connection.execute(text("ALTER TABLE import_runs RENAME TO gone"))
        assert await StoredStateReader(database, engine).read() == StoredState()
    assert engine.asked == 0
