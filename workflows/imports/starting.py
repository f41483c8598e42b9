"""Begins runs of imports, and looks after those left behind: by a process that died, or a request that was cut off."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from registry import import_runs
from registry.database import Connection, Database
from registry.ids import key_of
from registry.import_runs import NewRun
from registry.journal import ImportRun
from registry.words import ImportRunState
from workflows.durable.engine import Engine
from workflows.imports.importing import BODY
from workflows.imports.wishes import wishes_of

_SWEEP: Final = 60.0
# A run with entered credentials lives no longer than its request, which may last a minute or so.
_ENTERED: Final = timedelta(minutes=10)
# Steps are tried again for minutes at most; a run that is a day old has lost its work for good.
_LEFT: Final = timedelta(days=1)
_GONE: Final = "The run was left unfinished; start it again."


async def start_run(database: Database, new: NewRun) -> tuple[ImportRun, bool]:
    """The run for this group and model that is under way, and whether it has been started just now.

    A run that was left for good does not stand in the way of a new one.
    """
    async with database.writing() as connection:
        run, started = await import_runs.start(connection, new)
        if not started and _is_left(run):
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
        if _is_left(run):
            async with database.writing() as connection:
                await _give_up(connection, run)
        elif not wishes_of(run).entered:
            await engine.start(BODY, work_id_of(run), run_key_of(run))


def _is_left(run: ImportRun) -> bool:
    return datetime.now(UTC) - run.started_at > (_ENTERED if wishes_of(run).entered else _LEFT)


async def _give_up(connection: Connection, run: ImportRun) -> None:
    await import_runs.finish(connection, run_key_of(run), ImportRunState.FAILED, _GONE, datetime.now(UTC))
