"""registry.engines: which addresses are taken, how a database is named, and how each is set up."""

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from registry.addresses import parse_url
from registry.database import Database
from registry.engines import migrating_engine, serving_engines

pytestmark = pytest.mark.usefixtures("sqlite_threads")


@pytest.mark.parametrize("way", ["reading", "writing"])
async def test_how_sqlite_is_set_up(sqlite_url: str, way: str) -> None:
    result = {}
    async with Database(sqlite_url) as database, getattr(database, way)() as connection:
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only"):
            result[name] = (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
    assert result == {
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


@pytest.mark.parametrize(("text", "idle"), [("connect_timeout=9", "30"), ("keepalives_idle=7", "7")])
async def test_a_host_that_is_gone_without_a_word_is_noticed(postgres_url: str, text: str, idle: str) -> None:
    """As libpq has it, unless the address says otherwise."""
    between = "&" if "?" in postgres_url else "?"
    async with Database(f"{postgres_url}{between}{text}") as database, database.reading() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        parameters = driver.info.get_parameters()
    assert {name: parameters[name] for name in ("keepalives_idle", "keepalives_interval", "tcp_user_timeout")} == {
        "keepalives_idle": idle,
        "keepalives_interval": "10",
        "tcp_user_timeout": "30000",
    }


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///a.db", "postgresql+psycopg://u@h/d"])
async def test_the_pool_has_the_size_that_is_asked_for(url: str) -> None:
    engines = serving_engines(parse_url(url), 3)
    assert isinstance(engines.reading.pool, QueuePool)
    assert engines.reading.pool.size() == 3
    await engines.dispose()
