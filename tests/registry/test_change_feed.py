"""registry.change_feed: one process hears of what another one changes, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from registry import deployments, import_runs
from registry.change_feed import ChangeFeed
from registry.changes import ANY
from registry.database import Database
from registry.enums import DeploymentState
from tests.registry.factories import NOON, key_in_id, new_run, reload_deployment, start_deployment


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.change_feed.POLL_SECONDS", 0.05)


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The same database, as another process has it open."""
    async with Database(database_url) as database:
        yield database


class Heard:
    """Keys that were told of, to be waited for."""

    def __init__(self) -> None:
        self.keys: asyncio.Queue[str] = asyncio.Queue()

    async def next(self) -> str:
        async with asyncio.timeout(10):
            return await self.keys.get()


async def test_changes_of_another_process_are_heard(database: Database, other: Database) -> None:
    heard_runs, heard = Heard(), Heard()
    async with other.writing() as connection:
        run, _ = await import_runs.start(connection, new_run())
    key = key_in_id(run.id, "ImportRun")
    async with ChangeFeed(database).running() as feed:
        database.changes.watch("ImportRun", key, heard_runs.keys.put_nowait)
        database.changes.watch("Deployment", None, heard.keys.put_nowait)
        await feed.ready()
        async with other.writing() as connection:
            await import_runs.record_progress(connection, key, "Reading jobs", 1, 2)
        assert await heard_runs.next() == key
        course = await start_deployment(other)
        assert await heard.next() == course.key
        async with other.writing() as connection:
            assert await deployments.transition(connection, course, DeploymentState.REHEARSING, NOON)
        assert await heard.next() == course.key
        assert (await reload_deployment(database, course)).state is DeploymentState.REHEARSING


async def test_a_change_that_is_taken_back_is_not_heard(database: Database, other: Database) -> None:
    heard = Heard()
    course = await start_deployment(other)
    async with ChangeFeed(database).running() as feed:
        database.changes.watch("Deployment", None, heard.keys.put_nowait)
        await feed.ready()
        with suppress(KeyError):
            async with other.writing() as connection:
                await deployments.transition(connection, course, DeploymentState.REHEARSING, NOON)
                raise KeyError
        second = await start_deployment(other, "churn-2")
        assert await heard.next() == second.key


async def test_nothing_is_read_or_kept_open_while_nobody_waits(database: Database) -> None:
    async with ChangeFeed(database).running() as feed:
        end = database.changes.watch("Deployment", None, lambda _key: None)
        await feed.ready()
        end()
        async with asyncio.timeout(10):
            while feed._ready.is_set():  # noqa: ASYNC110 - nothing else tells of it.
                await asyncio.sleep(0.01)
        again = Heard()
        database.changes.watch("Deployment", None, again.keys.put_nowait)
        await feed.ready()
        course = await start_deployment(database)
        assert await again.next() == course.key


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_changes_while_the_connection_is_lost_is_heard_afterwards(
    database: Database, other: Database
) -> None:
    course = await start_deployment(other)
    heard, registrations = Heard(), Heard()
    async with ChangeFeed(database).running() as feed:
        database.changes.watch("Registration", None, registrations.keys.put_nowait)
        await feed.ready()
        assert await registrations.next() == ANY
        database.changes.watch("Deployment", course.key, heard.keys.put_nowait)
        listening = "starts_with(query, 'LISTEN') AND datname = current_database()"
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}"
        async with other.writing() as connection:
            assert (await connection.exec_driver_sql(cut)).scalars().all() == [True]
            assert await deployments.transition(connection, course, DeploymentState.REHEARSING, NOON)
        assert await heard.next() == course.key
        # No states of registrations are kept: any may have changed.
        assert await registrations.next() == ANY


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_changes_are_polled_where_no_notification_arrives(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As behind a pooler in transaction mode: nothing comes on the channel that this process listens to."""
    monkeypatch.setattr("registry.change_feed.CHANNEL", "silence")
    monkeypatch.setattr("registry.change_feed.HEARD_SECONDS", 0)
    course = await start_deployment(other)
    heard = Heard()
    async with ChangeFeed(database).running() as feed:
        database.changes.watch("Deployment", None, heard.keys.put_nowait)
        await feed.ready()
        async with other.writing() as connection:
            assert await deployments.transition(connection, course, DeploymentState.REHEARSING, NOON)
        assert await heard.next() == course.key
    assert [record.levelname for record in caplog.records if record.name == "sagegraph.registry"] == ["WARNING"]
