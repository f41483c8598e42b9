"""What a group keeps with a snapshot: its custom metadata, and whether an import made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws.kinds import Kind
from aws.naming import NAME
from aws.resources import Snapshot
from registry import snapshot_notes
from registry.metadata import patched
from registry.records import SnapshotNote
from registry.snapshot_notes import NotedSnapshot
from resolvers.acts import Act
from resolvers.checks import Checks
from resolvers.lookups import readable
from resolvers.sights import Sight
from resolvers.user_errors import UserError, UserErrorCode, fault

_NOTHING: Final = SnapshotNote({}, created_by_import=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnapshot:
    """What is to be changed (`UpdateSnapshotInput`): a JSON Merge Patch of the custom metadata."""

    name: str
    region: str | None = None
    group: str | None = None
    custom_metadata: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotNotePayload:
    """What a change of a snapshot answers with."""

    snapshot: Snapshot | None = None
    user_errors: tuple[UserError, ...] = ()


async def notes(view: Sight, snapshots: Sequence[Snapshot]) -> Sequence[SnapshotNote | None]:
    """A batch function: what the view's group keeps with each snapshot; None for a caller without a group."""
    if view.group is None:
        return [None] * len(snapshots)
    wanted = [(snapshot.name, snapshot.creation_time or snapshot.as_of) for snapshot in snapshots]
    async with view.services.database.reading() as connection:
        found = await snapshot_notes.of_snapshots(connection, view.group, view.account_id, view.region, wanted)
    return [found.get(snapshot, _NOTHING) for snapshot in wanted]


async def update(act: Act, given: UpdateSnapshot) -> SnapshotNotePayload:
    """Changes the custom metadata that a group keeps with a snapshot; AWS is left as it is."""
    act.target = f"Snapshot {given.name[:63]}"
    _check(given)
    hand = await act.hand(given.group, given.region)
    view = hand.view
    snapshot = readable((await view.inventory.describe(Kind.SNAPSHOT, [given.name]))[given.name])
    if not isinstance(snapshot, Snapshot):
        raise fault(
            f"SageMaker has no endpoint configuration `{given.name}` in account {view.account_id}, {view.region}.",
            UserErrorCode.NOT_FOUND,
            "name",
        )
    noted = NotedSnapshot(
        hand.group, view.account_id, view.region, snapshot.name, snapshot.creation_time or snapshot.as_of
    )
    async with act.request.services.database.writing() as connection:
        await snapshot_notes.patch_metadata(connection, noted, given.custom_metadata)
    return SnapshotNotePayload(snapshot=snapshot)


def _check(given: UpdateSnapshot) -> None:
    """Returns only where nothing is at fault that can be told of an input alone. Raises UserFaultError."""
    checks = Checks()
    checks.make(_check_name, given.name)
    # Whatever there is, a patch makes no less of it than of nothing.
    checks.make(patched, {}, given.custom_metadata)
    checks.end()


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        words = "This cannot be the name of a snapshot: names are 1 to 63 letters and digits, hyphens only in between."
        raise fault(words, UserErrorCode.INVALID, "name")
