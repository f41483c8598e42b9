"""Where DBOS's tables are, how they are made, and what is said where they are not."""

import asyncio
import logging
import os
from pathlib import Path

import pytest

from registry.errors import RegistryError, RegistryUnavailableError
from registry.schema_versions import upgrade
from tests.workflows.durable.dbos_state import query
from workflows.durable.dbos_tables import dbos_is_behind, dbos_url, migrate_dbos, require_usable_sqlite

AWAY = "postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x"


@pytest.mark.parametrize(
    ("url", "durable"),
    [
        ("sqlite+aiosqlite:///var/sagegraph.db", "sqlite:///var/sagegraph-dbos.db"),
        ("sqlite+aiosqlite:////var/lib/a.b/registry?timeout=5", "sqlite:////var/lib/a.b/registry-dbos"),
        ("postgresql+psycopg://me:p%40ss@db:5432/x?sslmode=require", None),
    ],
)
def test_where_they_are(url: str, durable: str | None) -> None:
    assert dbos_url(url) == (durable or url)


def test_what_is_no_database_of_the_registry_s() -> None:
    with pytest.raises(RegistryError, match="The registry is kept at"):
        dbos_url("mysql://me:what-nobody-should-see@db/x")


async def test_they_are_made_once_by_however_many_ask(empty_url: str) -> None:
    await upgrade(empty_url)
    assert await dbos_is_behind(empty_url)

    await asyncio.gather(*(migrate_dbos(empty_url) for _ in range(3)))

    assert not await dbos_is_behind(empty_url)
    assert len(query(empty_url, "SELECT * FROM {0}dbos_migrations")) == 1
    assert query(empty_url, "SELECT * FROM {0}workflow_status") == []


async def test_asking_makes_nothing(tmp_path: Path) -> None:
    assert await dbos_is_behind(f"sqlite+aiosqlite:///{tmp_path / 'registry.db'}")
    assert os.listdir(tmp_path) == []


async def test_earlier_tables_are_behind(database_url: str) -> None:
    query(database_url, "UPDATE {0}dbos_migrations SET version = version - 1")
    assert await dbos_is_behind(database_url)


async def test_a_database_that_is_away_is_told_in_the_registry_s_words(caplog: pytest.LogCaptureFixture) -> None:
    for asked in (migrate_dbos, dbos_is_behind):
        with pytest.raises(RegistryUnavailableError, match=r"PostgreSQL\) does not answer") as exception_info:
            await asked(AWAY)
        assert "what-nobody-should-see" not in str(exception_info.value)
    assert "what-nobody-should-see" not in caplog.text
    assert [type(handler) for handler in logging.getLogger("dbos").handlers] == [logging.NullHandler]


@pytest.mark.parametrize(
    ("python", "sqlite", "refused"),
    [
        ((3, 11), (3, 40, 1), False),
        ((3, 12), (3, 40, 1), True),
        ((3, 13), (3, 42, 0), False),
    ],
)
async def test_a_sqlite_that_is_too_old_for_this_python(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    python: tuple[int, ...],
    sqlite: tuple[int, ...],
    refused: bool,
) -> None:
    """Its times would be NULL: nothing is made there, and nothing served."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'registry.db'}"
    monkeypatch.setattr("workflows.durable.dbos_tables._PYTHON", python)
    monkeypatch.setattr("workflows.durable.dbos_tables._SQLITE", sqlite)
    require_usable_sqlite(AWAY)
    if not refused:
        require_usable_sqlite(url)
        return
    for asked in (migrate_dbos, dbos_is_behind):
        with pytest.raises(RegistryError, match="SQLite"):
            await asked(url)
    assert os.listdir(tmp_path) == []
