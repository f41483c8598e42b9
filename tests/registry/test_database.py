"""registry.database: short transactions, whole or not at all; no exception of SQLAlchemy's, no password in a word."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from registry import assets, tables
from registry.database import Connection, Database
from registry.errors import RegistryConflictError, RegistryError, RegistryUnavailableError, SchemaBehindError
from registry.ids import new_key
from registry.tables import leases
from tests.databases import full_disk
from tests.registry import factories
from tests.registry.factories import NOON

pytestmark = pytest.mark.usefixtures("sqlite_threads")

LEASE = {"name": "one", "holder": "me", "until": NOON, "fence": 1}
AWAY = "postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x"


async def test_what_is_written_can_be_read(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(leases).values(LEASE))
    async with database.reading() as connection:
        assert (await connection.execute(select(leases.c.name, leases.c.fence))).all() == [("one", 1)]


async def test_what_is_broken_off_never_happened(database: Database) -> None:
    async def breaks_off() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(leases).values(LEASE))
            raise KeyError("one")

    with pytest.raises(KeyError):
        await breaks_off()
    assert await factories.row_counts(database, [leases]) == [0]


async def test_what_is_cancelled_never_happened(database: Database) -> None:
    written = asyncio.Event()

    async def writes() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(leases).values(LEASE))
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(writes())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await factories.row_counts(database, [leases]) == [0]
    async with database.writing() as connection:
        await connection.execute(insert(leases).values(LEASE))
    assert await factories.row_counts(database, [leases]) == [1]


async def test_who_reads_cannot_write(database: Database) -> None:
    with pytest.raises(RegistryError):
        async with database.reading() as connection:
            await connection.execute(insert(leases).values(LEASE))
    assert await factories.row_counts(database, [leases]) == [0]


async def test_who_reads_does_not_wait_for_who_writes(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(leases).values(LEASE))
        assert await factories.row_counts(database, [leases]) == [0]
    assert await factories.row_counts(database, [leases]) == [1]


async def test_many_writers_of_two_processes_lose_nothing(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as other:
        async with one.writing() as connection:
            await connection.execute(insert(leases).values(LEASE | {"fence": 0}))

        async def adds(database: Database) -> None:
            async with database.writing() as connection:
                fence = await fence_of(connection)
                await connection.execute(update(leases).values(fence=fence + 1))

        await asyncio.gather(*(adds(database) for database in [one, other] * 20))
        async with one.reading() as connection:
            assert (await connection.execute(select(leases.c.fence))).scalar_one() == 40


async def fence_of(connection: Connection) -> int:
    result: int = (await connection.execute(select(leases.c.fence).with_for_update())).scalar_one()
    return result


async def test_what_does_not_fit_is_a_conflict(database: Database) -> None:
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await assets.upsert(connection, new_key(), factories.new_asset())
    async with database.writing() as connection:
        await connection.execute(insert(leases).values(LEASE))
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await connection.execute(insert(leases).values(LEASE))
    assert await factories.row_counts(database, [leases, tables.assets]) == [1, 0]


async def test_a_statement_that_is_none(database: Database) -> None:
    with pytest.raises(RegistryError) as refused:
        async with database.reading() as connection:
            await connection.execute(text("SELEKT 1"))
    assert type(refused.value) in {RegistryError, RegistryUnavailableError}


async def test_a_database_that_is_away() -> None:
    database = Database(AWAY)
    with pytest.raises(RegistryUnavailableError, match=r"PostgreSQL\) does not answer") as refused:
        await database.__aenter__()
    assert "what-nobody-should-see" not in f"{refused.value!r} {refused.value.__cause__!r} {database!r}"


async def test_a_postgresql_that_was_restarted_is_found_again(postgres_url: str) -> None:
    ends_all = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    async with Database(postgres_url) as database, Database(postgres_url) as other:
        assert await factories.row_counts(database, [leases]) == [0]
        async with other.writing() as connection:
            await connection.execute(ends_all)
        assert await factories.row_counts(database, [leases]) == [0]


async def test_no_statement_is_prepared(postgres_url: str) -> None:
    """A pooler in transaction mode gives each transaction another connection, where it would be unknown."""
    async with Database(postgres_url) as database:
        for _ in range(12):
            async with database.writing() as connection:
                prepared = await connection.execute(text("SELECT count(*) FROM pg_prepared_statements"))
                assert prepared.scalar_one() == 0


async def test_a_postgresql_that_ends_amid_a_statement(postgres_url: str) -> None:
    async with Database(postgres_url) as database:
        with pytest.raises(RegistryUnavailableError, match="it was shut down"):
            async with database.writing() as connection:
                await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert await factories.row_counts(database, [leases]) == [0]


async def test_a_disk_that_is_full(sqlite_url: str) -> None:
    """What is kept is still read, a write is refused as unavailable, and there is room for it later."""
    async with Database(sqlite_url) as database:
        rows = [LEASE | {"name": f"lease/{number}", "holder": "x" * 200} for number in range(1000)]

        async def fill() -> None:
            async with database.writing() as connection:
                await connection.execute(insert(leases), rows)

        with full_disk(sqlite_url), pytest.raises(RegistryUnavailableError) as refused:
            await fill()
        assert refused.value.code == "UPSTREAM_UNAVAILABLE"
        assert await factories.row_counts(database, [leases]) == [0]
        await fill()
        assert await factories.row_counts(database, [leases]) == [1000]


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with pytest.raises(SchemaBehindError, match="has no tables yet; run `python -m gateway migrate --config FILE`"):
        async with Database(f"sqlite+aiosqlite:///{path}"):
            pass
    assert not path.exists()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.write_text("No database, " * 100)
    with pytest.raises(RegistryUnavailableError, match="file is not a database"):
        async with Database(f"sqlite+aiosqlite:///{path}"):
            pass


async def test_whoever_is_cancelled_at_any_moment_locks_nobody_out(database: Database) -> None:
    """SQLite keeps the locks of a connection that is thrown away in the middle of a statement, unless it is told."""

    async def work() -> None:
        async with database.writing() as connection:
            await connection.execute(text("SELECT 1"))

    for turns in range(60):
        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait((task,))
        async with asyncio.timeout(30):
            await work()


async def test_the_pools_tell_their_connections(database: Database) -> None:
    before = database.pools()
    async with database.reading():
        during = database.pools()
    assert [pool.name for pool in before] == (["all"] if database.is_postgres else ["reading", "writing"])
    assert [pool.size for pool in before] == ([10] if database.is_postgres else [10, 1])
    assert (before[0].in_use, during[0].in_use) == (0, 1)


async def test_who_sleeps_within_a_transaction_keeps_its_locks_from_nobody_for_long(postgres_url: str) -> None:
    """A paused process holds what it has locked only for as long as PostgreSQL lets a transaction idle."""
    async with Database(postgres_url) as database, database.writing() as connection:
        setting = (await connection.execute(text("SHOW idle_in_transaction_session_timeout"))).scalar_one()
    assert setting == "10s"
