"""Whoever waits for a run is told of its end, and of that run's alone."""

import asyncio
import time

import pytest

from registry import audit, import_runs
from registry.audit import AuditCriteria
from registry.database import Database
from registry.enums import AuditOutcome, ImportRunState
from registry.records import ImportRun
from tests.registry.factories import new_run
from workflows.imports.completion import RunCompletion, fail_run
from workflows.imports.runs import run_key_of, start_run


async def test_an_end_within_the_block() -> None:
    waiting = RunCompletion()
    with waiting.waiter("run") as wait, waiting.waiter("run") as wait_too:
        waiting.notify("run")
        await asyncio.gather(wait(60), wait_too(60))


async def test_an_end_while_waiting() -> None:
    waiting = RunCompletion()
    with waiting.waiter("run") as wait:
        waits = asyncio.ensure_future(wait(60))
        await asyncio.sleep(0)
        waiting.notify("run")
        await waits


async def test_no_end() -> None:
    waiting, begun = RunCompletion(), time.monotonic()
    with waiting.waiter("run") as wait:
        assert (waiting.is_awaited("run"), waiting.is_awaited("another")) == (True, False)
        waiting.notify("another")
        await wait(0.02)
    assert time.monotonic() - begun >= 0.02
    waiting.notify("run")
    assert not waiting.is_awaited("run")
    assert not waiting._events


async def begun(database: Database) -> ImportRun:
    new = new_run(account_id="222222222222")
    return (await start_run(database, new))[0]


@pytest.mark.parametrize("awaited", [True, False])
async def test_its_end(database: Database, *, awaited: bool) -> None:
    run = await begun(database)
    for message in ("It broke.", "It broke again."):
        async with database.writing() as connection:
            await fail_run(connection, run_key_of(run), message, awaited=awaited)
    async with database.reading() as connection:
        result = await import_runs.by_key(connection, run_key_of(run))
        events = (await audit.page(connection, AuditCriteria(groups=None), 10)).records
    assert result is not None
    assert (result.state, result.phase) == (ImportRunState.FAILED, "It broke.")
    text = [(event.action, event.actor, event.group, event.target, event.outcome, event.detail) for event in events]
    target, detail = f"ImportRun {run.id}", "The import of churn failed: It broke."
    assert text == ([] if awaited else [("import.fail", "ann", "risk", target, AuditOutcome.FAILED, detail)])
