"""registry.upserts: one row for an active key, whoever writes it, and lists too long for one statement."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import update

from registry import upserts
from registry.database import Database
from registry.ids import new_key
from registry.tables import import_runs
from registry.upserts import chunks, insert_or_get_active
from tests.registry.factories import NOON


def values(active_key: str = "a", **changed: Any) -> dict[str, Any]:
    return {
        "key": new_key(),
        "active_key": active_key,
        "group_name": "risk",
        "account_id": "111111111111",
        "region": "eu-west-1",
        "model_name": "churn",
        "state": "RUNNING",
        "phase": "Reading",
        "done": 0,
        "started_by": "ann",
        "started_at": NOON,
        "wishes": {},
        "problems": [],
        **changed,
    }


async def written(database: Database, value: Mapping[str, Any]) -> tuple[str, bool]:
    async with database.writing() as connection:
        result = await insert_or_get_active(connection, import_runs, value)
    assert result is not None
    row, is_new = result
    return row.key, is_new


async def test_the_first_writes_and_the_next_is_given_its_row(database: Database) -> None:
    first = values()
    assert await written(database, first) == (first["key"], True)
    assert await written(database, values(model_name="other")) == (first["key"], False)
    other = values("b")
    assert await written(database, other) == (other["key"], True)


async def test_a_key_that_was_let_go_of_is_free(database: Database) -> None:
    await written(database, values())
    async with database.writing() as connection:
        await connection.execute(update(import_runs).values(active_key=None))
    again = values()
    assert await written(database, again) == (again["key"], True)


async def test_of_ten_at_once_one_writes(database: Database) -> None:
    result = await asyncio.gather(*(written(database, values()) for _ in range(10)))
    assert len({key for key, _ in result}) == 1
    assert sum(is_new for _, is_new in result) == 1


async def test_it_is_given_up_where_what_is_in_the_way_is_always_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that nobody can read stands for one that has ended by the time that it is read."""
    await written(database, values())
    tried: list[object] = []

    class Blind:
        def __init__(self, connection: Any) -> None:
            self._connection, self.dialect = connection, connection.dialect

        async def execute(self, statement: Any) -> Any:
            tried.append(statement)
            if statement.is_select:
                statement = statement.where(import_runs.c.key == "none")
            return await self._connection.execute(statement)

    monkeypatch.setattr(upserts, "_MAX_ATTEMPTS", 3)
    async with database.writing() as connection:
        blind: Any = Blind(connection)
        assert await insert_or_get_active(blind, import_runs, values()) is None
    assert len(tried) == 6


@pytest.mark.parametrize(
    ("count", "parts"), [(0, []), (1, [1]), (1000, [1000]), (1001, [1000, 1]), (2500, [1000, 1000, 500])]
)
def test_parts(count: int, parts: list[int]) -> None:
    result = list(chunks(range(count)))
    assert [len(part) for part in result] == parts
    assert [item for part in result for item in part] == list(range(count))
