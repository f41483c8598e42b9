"""Runs that were left behind: taken up again, or given up, but never in the way of a new one."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from registry import import_runs
from registry.database import Database
from registry.enums import ImportRunState
from registry.import_runs import NewImportRun
from registry.records import ImportRun
from tests.registry.factories import new_run
from workflows.imports import runs
from workflows.imports.completion import is_running
from workflows.imports.options import ImportOptions
from workflows.imports.runs import keep_lease, run_key_of, start_leased_run, start_run, workflow_id_of


class Idle:
    """An engine that only remembers what it was asked to start, and looks when it is told to."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str, Any]] = []
        self.look: Callable[[], Awaitable[None]] | None = None

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        self.started.append((name, work_id, arguments))

    def every_share(self, name: str, seconds: float, function: Callable[[], Awaitable[None]]) -> None:
        assert (name, seconds) == ("imports", 60)
        self.look = function


def new(model: str = "scorer", *, age: timedelta = timedelta(), entered: bool = False) -> NewImportRun:
    return new_run(
        account_id="222222222222",
        model_name=model,
        started_at=datetime.now(UTC) - age,
        wishes=ImportOptions(entered=entered).to_json(),
    )


async def now(database: Database, run: ImportRun) -> ImportRun:
    async with database.reading() as connection:
        result = await import_runs.by_key(connection, run_key_of(run))
    assert result is not None
    return result


async def test_one_run_at_a_time(database: Database) -> None:
    first, started = await start_run(database, new())
    again, started_too = await start_run(database, new())
    assert (first.id, started, started_too) == (again.id, True, False)
    assert await is_running(database, run_key_of(first))


async def test_a_run_of_yesterday_is_given_up(database: Database) -> None:
    left, _ = await start_run(database, new(age=timedelta(days=1, minutes=1)))
    fresh, started = await start_run(database, new())
    assert (started, fresh.id == left.id) == (True, False)
    given_up = await now(database, left)
    assert (given_up.state, given_up.phase) == (
        ImportRunState.FAILED,
        "The run was left unfinished; start it again.",
    )


async def test_the_sweep_takes_up_runs_that_nobody_works_on(database: Database) -> None:
    """But for what has entered credentials: that is given up, unless its request is there."""
    engine = Idle()
    runs.watch_runs(engine, database)  # type: ignore[arg-type]  # It is enough of an engine.
    run, _ = await start_run(database, new())
    old, _ = await start_run(database, new("old", age=timedelta(days=2)))
    held_run, holding = await start_leased_run(database, new("held", entered=True))
    dead_run, dead = await start_leased_run(database, new("dead", entered=True))
    assert holding is not None
    assert dead is not None
    async with keep_lease(database, dead):
        pass
    assert engine.look is not None
    async with keep_lease(database, holding):
        await engine.look()
        assert await is_running(database, run_key_of(held_run))
        assert (await start_leased_run(database, new("held", entered=True)))[1] is None
    assert engine.started == [("import", workflow_id_of(run), (run_key_of(run),))]
    assert [(await now(database, item)).state for item in (old, dead_run)] == [ImportRunState.FAILED] * 2
    await engine.look()
    assert (await now(database, held_run)).state is ImportRunState.FAILED


@pytest.mark.parametrize("entered", [True, False])
async def test_whoever_comes_after_a_dead_request(database: Database, *, entered: bool) -> None:
    run, holding = await start_leased_run(database, new(entered=True))
    assert holding is not None
    assert (await start_run(database, new(entered=entered)))[0].id == run.id
    async with keep_lease(database, holding):
        pass
    after, started = await start_run(database, new(entered=entered))
    assert (started, after.id == run.id) == (True, False)
