"""registry.column_types: a moment and a JSON value come back from either database as they were."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text

from registry.column_types import to_json
from registry.database import Database
from registry.errors import RegistryError
from registry.tables import leases, snapshot_notes
from tests.registry.factories import NOON

FINE = datetime(2026, 3, 2, 12, 30, 1, 234567, tzinfo=UTC)


@pytest.mark.parametrize("moment", [FINE, FINE.astimezone(timezone(timedelta(hours=-5)))])
async def test_a_moment_comes_back_in_utc(database: Database, moment: datetime) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(leases).values(name="a", holder="b", until=moment, fence=1))
    async with database.reading() as connection:
        result = (await connection.execute(select(leases.c.until))).scalar_one()
    assert (result, result.tzinfo) == (FINE, UTC)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    async def keep(moment: datetime) -> None:
        async with database.writing() as connection:
            await connection.execute(insert(leases).values(name="a", holder="b", until=moment, fence=1))

    with pytest.raises(RegistryError):
        await keep(datetime(2026, 3, 2))
    async with database.reading() as connection:
        assert (await connection.execute(select(leases))).all() == []


async def test_json_comes_back_as_it_was(database: Database) -> None:
    value = {"b": [1, 2.5, True, None, {"é": "漢 🙂"}], "a": {"z": 2**62, "y": -1}, "B": ""}
    row = {"group_name": "g", "account_id": "1" * 12, "region": "r", "snapshot_name": "s"}
    async with database.writing() as connection:
        await connection.execute(
            insert(snapshot_notes).values(
                **row, snapshot_created_at=NOON, custom_metadata=value, created_by_import=False
            )
        )
    async with database.reading() as connection:
        result = (await connection.execute(select(snapshot_notes.c.custom_metadata))).scalar_one()
        plain = (
            await connection.execute(text("SELECT CAST(custom_metadata AS TEXT) FROM snapshot_notes"))
        ).scalar_one()
    assert result == value
    assert list(result) == ["b", "a", "B"]
    assert plain == to_json(value)


def test_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        to_json(float("nan"))
