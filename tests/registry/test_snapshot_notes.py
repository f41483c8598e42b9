"""registry.snapshot_notes: what a group keeps with a snapshot, which another group does not see."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from registry import snapshot_notes, tables
from registry.database import Database
from registry.errors import MetadataError
from registry.records import SnapshotNote
from registry.snapshot_notes import SnapshotNoteKey
from tests.registry import factories
from tests.registry.factories import NOON, minutes_after_noon

SNAPSHOT = SnapshotNoteKey("risk", "111111111111", "eu-west-1", "churn-3", NOON)
OTHERS = [
    replace(SNAPSHOT, group_name="marketing"),
    replace(SNAPSHOT, account_id="222222222222"),
    replace(SNAPSHOT, region="us-east-1"),
    replace(SNAPSHOT, snapshot_name="churn-4"),
    replace(SNAPSHOT, snapshot_created_at=minutes_after_noon(1)),
]


async def patch(database: Database, snapshot: SnapshotNoteKey, patch: object) -> SnapshotNote:
    async with database.writing() as connection:
        return await snapshot_notes.patch_metadata(connection, snapshot, patch)


async def kept(database: Database, *snapshots: SnapshotNoteKey) -> dict[tuple[str, datetime], SnapshotNote]:
    """What is kept with them; they are of one group, account and region."""
    (place,) = {(snapshot.group_name, snapshot.account_id, snapshot.region) for snapshot in snapshots}
    async with database.reading() as connection:
        wanted = [(key.snapshot_name, key.snapshot_created_at) for key in snapshots]
        return dict(await snapshot_notes.of_snapshots(connection, *place, wanted))


async def test_metadata_is_patched(database: Database) -> None:
    assert await kept(database, SNAPSHOT) == {}
    assert await patch(database, SNAPSHOT, {"a": {"b": 1}}) == SnapshotNote({"a": {"b": 1}}, created_by_import=False)
    note = SnapshotNote({"a": {"c": 2}}, created_by_import=False)
    assert await patch(database, SNAPSHOT, {"a": {"b": None, "c": 2}}) == note
    assert await kept(database, SNAPSHOT) == {("churn-3", NOON): note}


async def test_another_group_place_name_or_time_is_another(database: Database) -> None:
    await patch(database, SNAPSHOT, {"a": 1})
    for other in OTHERS:
        assert await kept(database, other) == {}
        await patch(database, other, {"b": 2})
    assert await kept(database, SNAPSHOT) == {("churn-3", NOON): SnapshotNote({"a": 1}, created_by_import=False)}


async def test_many_are_read_at_once(database: Database) -> None:
    await patch(database, SNAPSHOT, {"a": 1})
    await patch(database, OTHERS[3], {"b": 2})
    await patch(database, OTHERS[4], {"c": 3})
    nothing = [replace(SNAPSHOT, snapshot_name=f"none-{number}") for number in range(2500)]
    notes = await kept(database, SNAPSHOT, OTHERS[4], *nothing)
    assert {place: dict(note.custom_metadata) for place, note in notes.items()} == {
        ("churn-3", NOON): {"a": 1},
        ("churn-3", minutes_after_noon(1)): {"c": 3},
    }


async def test_an_import_s_mark_and_metadata_stand_side_by_side(database: Database) -> None:
    await patch(database, SNAPSHOT, {"a": 1})
    for snapshot in (SNAPSHOT, OTHERS[3]):
        async with database.writing() as connection:
            await snapshot_notes.mark_created_by_import(connection, snapshot)
    assert await patch(database, OTHERS[3], {"b": 2}) == SnapshotNote({"b": 2}, created_by_import=True)
    assert await kept(database, SNAPSHOT) == {("churn-3", NOON): SnapshotNote({"a": 1}, created_by_import=True)}


async def test_of_patches_at_once_nothing_is_lost(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as other:
        patches = (patch([one, other][item % 2], SNAPSHOT, {f"n{item}": item}) for item in range(20))
        await asyncio.gather(*patches)
        (note,) = (await kept(one, SNAPSHOT)).values()
    assert note.custom_metadata == {f"n{element}": element for element in range(20)}


async def test_beyond_the_limits_nothing_is_kept(database: Database) -> None:
    with pytest.raises(MetadataError):
        await patch(database, SNAPSHOT, {"a": "x" * 70_000})
    assert await factories.row_counts(database, [tables.snapshot_notes]) == [0]
