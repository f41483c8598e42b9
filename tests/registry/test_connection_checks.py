"""registry.connection_checks: no statement is spent on a connection in use; one that is gone is replaced unseen."""

import pytest
from sqlalchemy import text

from registry import connection_checks
from registry.database import Database
from registry.errors import RegistryUnavailableError

END_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """SQLite's connections are files."""
    return postgres_url


@pytest.fixture
def pings(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One item for each connection that was asked."""
    asked: list[str] = []
    dialect = database._engines.writing.dialect
    ping = dialect.do_ping

    def do_ping(connection: object) -> bool:
        asked.append("ping")
        return ping(connection)  # type: ignore[arg-type]  # As SQLAlchemy calls it.

    monkeypatch.setattr(dialect, "do_ping", do_ping)
    return asked


async def ask(database: Database) -> int:
    async with database.reading() as connection:
        pid: int = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    return pid


async def test_a_connection_in_use_is_not_asked(database: Database, pings: list[str]) -> None:
    assert len({await ask(database) for _ in range(5)}) == 1
    assert pings == []


async def test_one_that_nobody_has_used_for_a_while_is(
    database: Database, pings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = await ask(database)
    monkeypatch.setattr(connection_checks, "IDLE_SECONDS", 0)
    assert (await ask(database), pings) == (pid, ["ping"])


async def test_those_that_the_server_has_ended_are_replaced_before_a_statement(
    database: Database, database_url: str, pings: list[str]
) -> None:
    async with database.reading() as one, database.reading() as two:
        for connection in (one, two):
            await connection.execute(text("SELECT 1"))
    async with Database(database_url) as other, other.writing() as connection:
        await connection.execute(END_OTHERS)
    async with database.writing() as one, database.reading() as two:
        for connection in (one, two):
            assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    # One says that all are gone.
    assert pings == ["ping"]


async def test_one_that_ends_in_a_statement_says_so_once(database: Database) -> None:
    with pytest.raises(RegistryUnavailableError):
        async with database.writing() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert await ask(database)
