"""Many processes that start for the first time at once: one makes the tables, and none of them fails."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from registry import schema_versions
from registry.addresses import parse_url, sqlite_file
from registry.database import Database
from registry.engines import write_ahead
from registry.errors import RegistryUnavailableError
from registry.schema_versions import migration_lock, upgrade
from tests.workflows.durable.dbos_state import query
from tests.workflows.durable.migrating import migrate_in_processes
from workflows.durable.dbos_tables import dbos_is_behind, dbos_url, migrate_dbos

ROUNDS = 8


def journal_mode(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        mode: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return mode


async def assert_migrated(url: str) -> None:
    assert not await schema_versions.is_behind(url)
    assert not await dbos_is_behind(url)
    assert len(query(url, "SELECT * FROM {0}dbos_migrations")) == 1
    assert len(query(url, "SELECT * FROM alembic_version")) == 1
    file = sqlite_file(parse_url(url))
    if file is not None:
        assert journal_mode(file) == "wal"
        assert journal_mode(Path(dbos_url(url).removeprefix("sqlite:///"))) == "wal"


@pytest.mark.crash
async def test_processes(empty_url: str) -> None:
    assert await migrate_in_processes(empty_url, 3) == [(0, "")] * 3
    await assert_migrated(empty_url)


async def migrate(url: str) -> None:
    await upgrade(url)
    await migrate_dbos(url)


async def test_threads(tmp_path: Path) -> None:
    """Often, because a race is lost now and then only."""
    for number in range(ROUNDS):
        url = f"sqlite+aiosqlite:///{tmp_path / str(number) / 'registry.db'}"
        await asyncio.gather(*(migrate(url) for _ in range(4)))
        await assert_migrated(url)


@contextmanager
def written(file: Path) -> Iterator[Event]:
    """Another connection writes to the file, which has no write-ahead log, until the event is set."""
    begun, end = Event(), Event()

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE thing (name)")
            connection.execute("BEGIN IMMEDIATE")
            begun.set()
            end.wait(30)
            connection.execute("COMMIT")

    thread = Thread(target=write)
    thread.start()
    begun.wait(30)
    try:
        yield end
    finally:
        end.set()
        thread.join()


async def test_the_switch_waits_until_the_file_is_free(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    with written(file) as end:
        switching = asyncio.create_task(asyncio.to_thread(write_ahead, file))
        done, _ = await asyncio.wait((switching,), timeout=0.3)
        assert not done
        end.set()
        await switching
    assert journal_mode(file) == "wal"


def test_the_switch_does_not_wait_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    message = r"The registry \(SQLite\) does not answer: database is locked\."
    with written(file), pytest.raises(RegistryUnavailableError, match=message):
        write_ahead(file, patience=0.1)


def test_a_file_that_is_no_database_is_not_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    file.write_text("This is a letter, and it is longer than the head of a database; nobody will read it.\n" * 20)
    with pytest.raises(RegistryUnavailableError, match="does not answer: file is not a database"):
        write_ahead(file)


async def test_no_tables_are_found_in_a_file_that_is_yet_to_be_switched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'registry.db'}"
    await upgrade(url)
    migrations = "workflows.durable.dbos_internals.SystemDatabase.create"
    with monkeypatch.context() as patch:
        patch.setattr(migrations, lambda **_: pytest.fail("killed here"))
        with pytest.raises(pytest.fail.Exception):
            await migrate_dbos(url)
    assert await dbos_is_behind(url)
    assert journal_mode(tmp_path / "registry-dbos.db") == "wal"


async def test_a_migration_of_postgresql_waits_for_another_one(postgres_url: str) -> None:
    known = parse_url(postgres_url)
    async with migration_lock(known):
        waiting = asyncio.create_task(migrate(postgres_url))
        done, _ = await asyncio.wait((waiting,), timeout=0.5)
        assert not done
        message = r"Another process has been migrating the registry \(PostgreSQL\) for 0\.2 seconds\. "
        with pytest.raises(RegistryUnavailableError, match=message):
            async with migration_lock(known, patience=0.2):
                pytest.fail("Two have the lock.")
        # Whoever serves does not wait for a migration.
        async with Database(postgres_url):
            pass
    await waiting


async def test_the_lock_of_postgresql_is_free_after_its_holder_is_gone(postgres_url: str) -> None:
    known = parse_url(postgres_url)
    holder = psycopg.connect(postgres_url.replace("+psycopg", ""))
    holder.execute("SELECT pg_advisory_xact_lock(7236283432)")
    holder.close()
    async with migration_lock(known, patience=10):
        pass
