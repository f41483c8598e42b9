"""registry.engines: which addresses are taken, how a database is named, and how each is set up."""

from pathlib import Path

import pytest
from sqlalchemy import text

from registry.database import Database
from registry.engines import database_name, migrating_engine, parse_url, sqlite_file
from registry.errors import RegistryError


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite+aiosqlite:///var/sagegraph.db", "SQLite file var/sagegraph.db"),
        ("sqlite+aiosqlite:////var/sagegraph.db", "SQLite file /var/sagegraph.db"),
        ("postgresql+psycopg://me:secret@db:5433/graph", "PostgreSQL database graph at db:5433"),
        ("postgresql+psycopg://me:secret@db/graph?password=secret", "PostgreSQL database graph at db"),
        ("postgresql+psycopg://me@/graph?host=/run/pg", "PostgreSQL database graph at /run/pg"),
        ("postgresql+psycopg://me:secret@", "PostgreSQL database me at the local host"),
    ],
)
def test_a_name_has_no_password(url: str, name: str) -> None:
    assert database_name(parse_url(url)) == name
    assert "secret" not in name.replace("sagegraph", "")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nothing",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite:///file.db",
        "postgresql://me:hidden@db/graph",
        "mysql+aiomysql://me:hidden@db/graph",
        "postgresql+psycopg://me:hidden@db:port/graph",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(RegistryError) as refused:
        parse_url(url)
    assert str(refused.value).startswith("The registry is kept at sqlite+aiosqlite:///FILE or ")
    assert "hidden" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_file() -> None:
    assert sqlite_file(parse_url("sqlite+aiosqlite:///var/a.db")) == Path("var/a.db")
    assert sqlite_file(parse_url("postgresql+psycopg://me@db/graph")) is None


@pytest.mark.parametrize("way", ["reading", "writing"])
async def test_how_sqlite_is_set_up(sqlite_url: str, way: str) -> None:
    found = {}
    async with Database(sqlite_url) as database, getattr(database, way)() as connection:
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only"):
            found[name] = (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "query_only": int(way == "reading"),
    }


async def test_a_migration_enforces_no_foreign_keys(sqlite_url: str) -> None:
    engine = migrating_engine(parse_url(sqlite_url))
    async with engine.begin() as connection:
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 0
    await engine.dispose()


@pytest.mark.parametrize(("said", "idle"), [("connect_timeout=9", "30"), ("keepalives_idle=7", "7")])
async def test_a_host_that_is_gone_without_a_word_is_noticed(postgres_url: str, said: str, idle: str) -> None:
    """As libpq has it, unless the address says otherwise."""
    between = "&" if "?" in postgres_url else "?"
    async with Database(f"{postgres_url}{between}{said}") as database, database.reading() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        parameters = driver.info.get_parameters()
    assert {name: parameters[name] for name in ("keepalives_idle", "keepalives_interval", "tcp_user_timeout")} == {
        "keepalives_idle": idle,
        "keepalives_interval": "10",
        "tcp_user_timeout": "30000",
    }
