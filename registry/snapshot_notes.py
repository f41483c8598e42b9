"""Notes of groups on snapshots; the snapshots themselves are in SageMaker."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from registry.custom_metadata import merge_patched
from registry.database import Connection
from registry.records import SnapshotNote
from registry.tables import snapshot_notes
from registry.upserts import chunks, insert

_COLUMNS = snapshot_notes.c


@dataclass(frozen=True, slots=True)
class SnapshotNoteKey:
    """The key of a group's note on a snapshot.

    Attributes:
        group_name: The group.
        account_id: The snapshot's AWS account.
        region: The snapshot's AWS region.
        snapshot_name: The snapshot's name.
        snapshot_created_at: The snapshot's creation time: one that is deleted and made again under its name is another.
    """

    group_name: str
    account_id: str
    region: str
    snapshot_name: str
    snapshot_created_at: datetime


async def of_snapshots(
    connection: Connection, group: str, account_id: str, region: str, snapshots: Collection[tuple[str, datetime]]
) -> Mapping[tuple[str, datetime], SnapshotNote]:
    """Give a group's notes on these snapshots, by name and creation time; snapshots without a note are left out."""
    wanted = set(snapshots)
    place = and_(_COLUMNS.group_name == group, _COLUMNS.account_id == account_id, _COLUMNS.region == region)
    notes: dict[tuple[str, datetime], SnapshotNote] = {}
    for part in chunks(sorted({name for name, _ in wanted})):
        for row in await connection.execute(select(snapshot_notes).where(place, _COLUMNS.snapshot_name.in_(part))):
            snapshot = (row.snapshot_name, row.snapshot_created_at)
            if snapshot in wanted:
                notes[snapshot] = SnapshotNote(row.custom_metadata, row.created_by_import)
    return notes


async def patch_metadata(connection: Connection, snapshot: SnapshotNoteKey, patch: object) -> SnapshotNote:
    """Apply a JSON Merge Patch to a snapshot's custom metadata, and return the result.

    Concurrent patches wait for each other, so that none is lost. Raises MetadataError.
    """
    await _ensure(connection, snapshot)
    row = (await connection.execute(select(snapshot_notes).where(_matches_key(snapshot)).with_for_update())).one()
    made = merge_patched(row.custom_metadata, patch)
    await connection.execute(update(snapshot_notes).where(_matches_key(snapshot)).values(custom_metadata=made))
    return SnapshotNote(made, row.created_by_import)


async def mark_created_by_import(connection: Connection, snapshot: SnapshotNoteKey) -> None:
    """Record that an import of the group created the snapshot."""
    await _ensure(connection, snapshot)
    await connection.execute(update(snapshot_notes).where(_matches_key(snapshot)).values(created_by_import=True))


async def _ensure(connection: Connection, snapshot: SnapshotNoteKey) -> None:
    """Insert the row if it is missing; of concurrent calls, one waits for the other."""
    empty: dict[str, Any] = {"custom_metadata": {}, "created_by_import": False}
    await connection.execute(
        insert(connection, snapshot_notes).values(asdict(snapshot) | empty).on_conflict_do_nothing()
    )


def _matches_key(snapshot: SnapshotNoteKey) -> ColumnElement[bool]:
    return and_(*(_COLUMNS[name] == value for name, value in asdict(snapshot).items()))
