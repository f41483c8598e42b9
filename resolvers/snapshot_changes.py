"""Snapshots: created, each once, and deleted where no runtime uses them."""

from dataclasses import dataclass

from aws.resources import Snapshot
from aws.writing.inputs import NewSnapshot
from aws.writing.writer import Writer
from resolvers.acts import Act
from resolvers.making import Asked, make, take
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPayload:
    """What `createSnapshot` answers with."""

    snapshot: Snapshot | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRemovalPayload:
    """What `deleteSnapshot` answers with."""

    deleted_snapshot_id: str | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_snapshot(act: Act, asked: Asked[NewSnapshot]) -> SnapshotPayload:
    """Creates a snapshot."""
    made = await make(act, asked, Snapshot, Writer.create_snapshot)
    return SnapshotPayload(snapshot=made.resource, created=made.created)


async def delete_snapshot(act: Act, asked: Asked[str]) -> SnapshotRemovalPayload:
    """Deletes the snapshot of a name."""
    hand = await take(act, asked, Snapshot, asked.what)
    return SnapshotRemovalPayload(deleted_snapshot_id=await hand.writer.delete_snapshot(asked.what))
