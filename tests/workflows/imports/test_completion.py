"""Whoever waits for a run is told of its end, and of that run's alone."""

import asyncio
from typing import Final

import pytest

from registry import audit, import_runs
from registry.audit import AuditCriteria
from registry.change_feed import ChangeFeed
from registry.database import Database
from registry.enums import AuditOutcome, ImportRunState
from registry.records import ImportRun
from tests.registry.factories import NOON, new_run
from workflows.imports.completion import RunCompletion, fail_run
from workflows.imports.runs import run_key_of, start_run

PATIENCE: Final = 30.0
FOREVER: Final = 10 * PATIENCE
"""So long that a wait which ends has been woken."""


async def test_an_end_within_the_block(database: Database) -> None:
    waiting, run_key = RunCompletion(database), run_key_of(await begun(database))
    with waiting.waiter(run_key) as wait, waiting.waiter(run_key) as wait_too:
        await end(database, run_key)
        assert all(await asyncio.gather(wait(60), wait_too(60)))


async def test_an_end_in_this_process_needs_no_feed(database: Database) -> None:
    waiting, run_key = RunCompletion(database), run_key_of(await begun(database))
    with waiting.waiter(run_key) as wait:
        waits = asyncio.create_task(wait(FOREVER))
        await end(database, run_key)
        waiting.notify(run_key)
        async with asyncio.timeout(PATIENCE):
            assert await waits


async def test_an_end_in_another_process(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heard of by the feed: before it listens, and while it does."""
    monkeypatch.setattr("registry.change_feed.POLL_SECONDS", 0.05)
    waiting, keys = RunCompletion(database), [run_key_of(await begun(database, name)) for name in ("churn", "fraud")]
    async with Database(database_url) as other, ChangeFeed(database).running() as feed:
        with waiting.waiter(keys[0]) as wait, waiting.waiter(keys[1]) as wait_too:
            waits = [asyncio.create_task(item(FOREVER)) for item in (wait, wait_too)]
            await end(other, keys[0])
            async with asyncio.timeout(PATIENCE):
                assert await waits[0]
                await feed.ready()
                async with other.writing() as connection:
                    await import_runs.record_progress(connection, keys[1], "Reading jobs", 1, 2)
                await end(other, keys[1])
                assert await waits[1]
    assert not database.changes


async def test_no_end(database: Database) -> None:
    waiting, run_key = RunCompletion(database), run_key_of(await begun(database))
    with waiting.waiter(run_key) as wait:
        assert (waiting.is_awaited(run_key), waiting.is_awaited("another")) == (True, False)
        waiting.notify("another")
        waiting.notify(run_key)
        assert not await wait(0)
    assert not waiting.is_awaited(run_key)
    assert not waiting._events
    assert not database.changes


async def test_nobody_leaves_an_end_that_counts_on_them(database: Database) -> None:
    """It tells the audit nothing of a failure where somebody waits, who then tells it."""
    waiting, run_key = RunCompletion(database), run_key_of(await begun(database))
    with waiting.waiter(run_key) as wait:
        with waiting.ending(run_key) as awaited:
            waits = asyncio.create_task(wait(0))
            done, _ = await asyncio.wait({waits}, timeout=0.05)
            assert (awaited, done) == (True, set())
            await end(database, run_key)
        assert await waits
    with waiting.ending(run_key) as awaited:
        assert not awaited


async def end(database: Database, run_key: str) -> None:
    async with database.writing() as connection:
        assert await import_runs.finish(connection, run_key, ImportRunState.DONE, "Done", NOON)


async def begun(database: Database, model: str = "churn") -> ImportRun:
    new = new_run(account_id="222222222222", model_name=model)
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
