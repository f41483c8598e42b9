"""Begins runs of imports, and looks after those left behind: by a process that died, or a request that was cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from registry import import_runs, leases
from registry.database import Connection, Database
from registry.ids import key_of
from registry.import_runs import NewRun
from registry.journal import ImportRun
from registry.words import ImportRunState
from workflows.durable.engine import Engine
from workflows.durable.holding import Holding, now
from workflows.imports.failing import end_as_failed
from workflows.imports.importing import BODY
from workflows.imports.wishes import wishes_of

_SWEEP: Final = 60.0
# A run with entered credentials lives no longer than its request, which holds a lease on it for so many seconds.
_HELD: Final = 15.0
# Steps are tried again for minutes at most; a run that is a day old has lost its work for good.
_LEFT: Final = timedelta(days=1)
_GONE: Final = "The run was left unfinished; start it again."


async def start_run(database: Database, new: NewRun) -> tuple[ImportRun, bool]:
    """The run for this group and model that is under way, and whether it has been started just now.

    A run that was left for good does not stand in the way of a new one.
    """
    async with database.writing() as connection:
        return await _start(connection, new)


async def start_held_run(database: Database, new: NewRun) -> tuple[ImportRun, Holding | None]:
    """The same for a run that only this request can end: with what holds it, or None where another is under way."""
    begun = now()
    async with database.writing() as connection:
        run, started = await _start(connection, new)
        lease = await leases.take(connection, _lease_of(run), run_key_of(run), _HELD) if started else None
    return run, None if lease is None else Holding(database, lease, _HELD, begun)


@asynccontextmanager
async def held(database: Database, holding: Holding) -> AsyncIterator[None]:
    """Keeps the lease while the block runs: should the process die in it, the run is given up once it has ended."""
    keeping = asyncio.create_task(holding.keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait((keeping,))
        async with database.writing() as connection:
            await leases.remove(connection, holding.lease)


async def _start(connection: Connection, new: NewRun) -> tuple[ImportRun, bool]:
    run, started = await import_runs.start(connection, new)
    if not started and await _is_left(connection, run):
        await _give_up(connection, run)
        run, started = await import_runs.start(connection, new)
    return run, started


async def is_running(database: Database, run_key: str) -> bool:
    """Whether a run is under way still."""
    async with database.reading() as connection:
        run = await import_runs.by_key(connection, run_key)
    return run is not None and run.state is ImportRunState.RUNNING


def run_key_of(run: ImportRun) -> str:
    """The key of a run's row."""
    return str(key_of(run.id, "ImportRun"))


def work_id_of(run: ImportRun) -> str:
    """The id of the durable work that a run is."""
    return f"import/{run_key_of(run)}"


def watch(engine: Engine, database: Database) -> None:
    """Looks every minute for runs that nobody has in hand; what was begun already is not begun again."""
    engine.every("imports", _SWEEP, partial(_sweep, engine, database))


async def _sweep(engine: Engine, database: Database) -> None:
    async with database.reading() as connection:
        running = await import_runs.running(connection)
    for run in running:
        async with database.writing() as connection:
            left = await _is_left(connection, run)
            if left:
                await _give_up(connection, run)
        if not left and not wishes_of(run).entered:
            await engine.start(BODY, work_id_of(run), run_key_of(run))


async def _is_left(connection: Connection, run: ImportRun) -> bool:
    if not wishes_of(run).entered:
        return datetime.now(UTC) - run.started_at > _LEFT
    lease = await leases.take(connection, _lease_of(run), "nobody", 0)
    if lease is not None:
        await leases.remove(connection, lease)
    return lease is not None


def _lease_of(run: ImportRun) -> str:
    return f"import/{run_key_of(run)}"


async def _give_up(connection: Connection, run: ImportRun) -> None:
    await end_as_failed(connection, run_key_of(run), _GONE, awaited=False)
