"""Snapshots: created, each once, and deleted where no runtime uses them."""

from dataclasses import dataclass

from aws.resources import Snapshot
from aws.writing.inputs import NewSnapshot
from aws.writing.writer import Writer
from resolvers.acts import MutationContext
from resolvers.making import Targeted, create, take_write_access
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSnapshotResult:
    """What `createSnapshot` answers with."""

    snapshot: Snapshot | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSnapshotResult:
    """What `deleteSnapshot` answers with."""

    deleted_snapshot_id: str | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_snapshot(context: MutationContext, targeted: Targeted[NewSnapshot]) -> CreateSnapshotResult:
    """Creates a snapshot."""
    made = await create(context, targeted, Snapshot, Writer.create_snapshot)
    return CreateSnapshotResult(snapshot=made.resource, created=made.created)


async def delete_snapshot(context: MutationContext, targeted: Targeted[str]) -> DeleteSnapshotResult:
    """Deletes the snapshot of a name."""
    hand = await take_write_access(context, targeted, Snapshot, targeted.value)
    return DeleteSnapshotResult(deleted_snapshot_id=await hand.writer.delete_snapshot(targeted.value))
