"""What a group keeps with a snapshot: its custom metadata, and whether an import made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws.kinds import Kind
from aws.naming import NAME_PATTERN
from aws.resources import Snapshot
from registry import snapshot_notes
from registry.metadata import merge_patched
from registry.records import SnapshotNote
from registry.snapshot_notes import SnapshotNoteKey
from resolvers.acts import MutationContext
from resolvers.checks import InputChecks
from resolvers.lookups import resource_or_raise
from resolvers.sights import ResourceView
from resolvers.user_errors import UserError, UserErrorCode, user_fault

_EMPTY_NOTE: Final = SnapshotNote({}, created_by_import=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnapshot:
    """What is to be changed (`UpdateSnapshotInput`): a JSON Merge Patch of the custom metadata."""

    name: str
    region: str | None = None
    group: str | None = None
    custom_metadata: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnapshotResult:
    """What a change of a snapshot answers with."""

    snapshot: Snapshot | None = None
    user_errors: tuple[UserError, ...] = ()


async def snapshot_notes_of(view: ResourceView, snapshots: Sequence[Snapshot]) -> Sequence[SnapshotNote | None]:
    """A batch function: what the view's group keeps with each snapshot; None for a caller without a group."""
    if view.group is None:
        return [None] * len(snapshots)
    wanted = [(snapshot.name, snapshot.creation_time or snapshot.as_of) for snapshot in snapshots]
    async with view.services.database.reading() as connection:
        found = await snapshot_notes.of_snapshots(connection, view.group, view.account_id, view.region, wanted)
    return [found.get(snapshot, _EMPTY_NOTE) for snapshot in wanted]


async def update_snapshot(context: MutationContext, input: UpdateSnapshot) -> UpdateSnapshotResult:
    """Changes the custom metadata that a group keeps with a snapshot; AWS is left as it is."""
    context.target = f"Snapshot {input.name[:63]}"
    _check_update(input)
    hand = await context.write_access(input.group, input.region)
    view = hand.view
    snapshot = resource_or_raise((await view.inventory.describe(Kind.SNAPSHOT, [input.name]))[input.name])
    if not isinstance(snapshot, Snapshot):
        raise user_fault(
            f"SageMaker has no endpoint configuration `{input.name}` in account {view.account_id}, {view.region}.",
            UserErrorCode.NOT_FOUND,
            "name",
        )
    noted = SnapshotNoteKey(
        hand.group, view.account_id, view.region, snapshot.name, snapshot.creation_time or snapshot.as_of
    )
    async with context.request.services.database.writing() as connection:
        await snapshot_notes.patch_metadata(connection, noted, input.custom_metadata)
    return UpdateSnapshotResult(snapshot=snapshot)


def _check_update(input: UpdateSnapshot) -> None:
    """Returns only where nothing is at fault that can be told of an input alone. Raises UserFaultError."""
    checks = InputChecks()
    checks.run(_check_name, input.name)
    # Whatever there is, a patch makes no less of it than of nothing.
    checks.run(merge_patched, {}, input.custom_metadata)
    checks.raise_if_any()


def _check_name(name: str) -> None:
    if not NAME_PATTERN.fullmatch(name):
        words = "This cannot be the name of a snapshot: names are 1 to 63 letters and digits, hyphens only in between."
        raise user_fault(words, UserErrorCode.INVALID, "name")
