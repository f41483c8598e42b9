"""Start import runs, and end or resume those that a dead process or an aborted request left behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from registry import import_runs, leases
from registry.database import Connection, Database
from registry.ids import key_of
from registry.import_runs import NewImportRun
from registry.records import ImportRun
from workflows.durable.access import EVERYTHING, LoopShare, group_subject
from workflows.durable.engine import Engine
from workflows.durable.held_lease import HeldLease, read_clocks
from workflows.imports.completion import fail_run
from workflows.imports.options import options_of
from workflows.imports.runner import IMPORT_WORKFLOW

_SWEEP_SECONDS: Final = 60.0
# A run with entered credentials lives no longer than its request, which holds a lease on it for these seconds.
_LEASE_SECONDS: Final = 15.0
# Steps are tried again for minutes at most; a run that is a day old has lost its work for good.
_ABANDONED_AFTER: Final = timedelta(days=1)
_ABANDONED: Final = "The run was left unfinished; start it again."


async def start_run(database: Database, new: NewImportRun) -> tuple[ImportRun, bool]:
    """The run for the group and model of a new one that is under way, and True if it has been started just now.

    A run that was left for good does not stand in the way of a new one.
    """
    async with database.writing() as connection:
        return await _start(connection, new)


async def start_leased_run(database: Database, new: NewImportRun) -> tuple[ImportRun, HeldLease | None]:
    """Start a new run that only this request can end, with its lease; None if another run is under way."""
    begun = read_clocks()
    async with database.writing() as connection:
        run, started = await _start(connection, new)
        lease = await leases.acquire(connection, _lease_name(run), run_key_of(run), _LEASE_SECONDS) if started else None
    return run, None if lease is None else HeldLease(database, lease, _LEASE_SECONDS, begun)


@asynccontextmanager
async def keep_lease(database: Database, held_lease: HeldLease) -> AsyncIterator[None]:
    """Renew the held lease while the block runs; if the process dies in it, the run is given up once it has ended."""
    keeping = asyncio.create_task(held_lease.keep_renewing())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait((keeping,))
        async with database.writing() as connection:
            await leases.remove(connection, held_lease.lease)


async def _start(connection: Connection, new: NewImportRun) -> tuple[ImportRun, bool]:
    run, started = await import_runs.start(connection, new)
    if not started and await _is_abandoned(connection, run):
        await _fail_abandoned(connection, run)
        run, started = await import_runs.start(connection, new)
    return run, started


def run_key_of(run: ImportRun) -> str:
    """The key of a run's row."""
    return str(key_of(run.id, "ImportRun"))


def workflow_id_of(run: ImportRun) -> str:
    """The id of the durable work of a run."""
    return f"import/{run_key_of(run)}"


def watch_runs(engine: Engine, database: Database) -> None:
    """Start runs in the engine that no process has in hand, once a minute; to start work twice changes nothing."""
    engine.every_share("imports", _SWEEP_SECONDS, partial(_sweep, engine, database))


async def _sweep(engine: Engine, database: Database, share: LoopShare = EVERYTHING) -> None:
    async with database.reading() as connection:
        running = await import_runs.running_runs(connection)
    for run in running:
        async with database.writing() as connection:
            left = await _is_abandoned(connection, run)
            if left:
                await _fail_abandoned(connection, run)
        is_ours = share.takes(group_subject(run.group, run.account_id, run.region))
        if is_ours and not left and not options_of(run).entered:
            await engine.start(IMPORT_WORKFLOW, workflow_id_of(run), run_key_of(run))


async def _is_abandoned(connection: Connection, run: ImportRun) -> bool:
    if not options_of(run).entered:
        return datetime.now(UTC) - run.started_at > _ABANDONED_AFTER
    lease = await leases.acquire(connection, _lease_name(run), "nobody", 0)
    if lease is not None:
        await leases.remove(connection, lease)
    return lease is not None


def _lease_name(run: ImportRun) -> str:
    return f"import/{run_key_of(run)}"


async def _fail_abandoned(connection: Connection, run: ImportRun) -> None:
    await fail_run(connection, run_key_of(run), _ABANDONED, awaited=False)
