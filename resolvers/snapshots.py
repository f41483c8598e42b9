"""Snapshots: runtimes, custom metadata, creation and deletion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws.client.errors import AWSError
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.snapshots import Snapshot
from aws.kinds.variants import InstancePool, Variant
from aws.links.related_resources import snapshot_name
from aws.write.snapshot_inputs import NewSnapshot
from aws.write.writer import Writer
from registry import snapshot_notes
from registry.custom_metadata import merge_patched
from registry.records import SnapshotNote
from registry.snapshot_notes import SnapshotNoteKey
from resolvers.errors import UserError, UserErrorCode, user_fault
from resolvers.lists.connections import PageArguments
from resolvers.lists.linked_relations import LinkedRelation, relation_pages
from resolvers.lookups import models_named, models_or_errors, resource_or_raise, with_detail
from resolvers.mutations.aws_changes import Targeted, create, take_write_access, track_removal
from resolvers.mutations.context import MutationContext
from resolvers.mutations.validation import InputChecks, check_resource_name
from resolvers.views.resource_view import ResourceView, Viewed, viewed


def _runs_snapshot(name: str, resource: AnyResource) -> object | None:
    return snapshot_name(resource) == name or None


_RUNTIMES: Final = LinkedRelation(
    "Snapshot.runtimes", (Kind.RUNTIME,), lambda name: (Link(LinkType.SNAPSHOT_NAME, name),), _runs_snapshot
)


async def runtimes_of_snapshots(
    view: ResourceView, snapshots: Sequence[Snapshot], page: PageArguments
) -> Sequence[object]:
    """A batch function: a page of the runtimes that run each of the snapshots now."""
    return await relation_pages(view, _RUNTIMES, [snapshot.name for snapshot in snapshots], page)


async def models_of_snapshots(view: ResourceView, snapshots: Sequence[Snapshot]) -> Sequence[object]:
    """A batch function: the models that each snapshot names; None for one that is gone."""
    whole = await with_detail(view, snapshots)
    names = [
        resource.detail.model_names if isinstance(resource, Snapshot) and resource.detail else resource
        for resource in whole
    ]
    return await models_or_errors(view, names)


async def models_of_variants(
    view: ResourceView, variants: Sequence[Variant | InstancePool]
) -> Sequence[Viewed[Model] | AWSError | None]:
    """A batch function: the model that each variant or instance pool names; None if it names none, or that is gone."""
    return await models_named(view, [variant.model_name for variant in variants])


_EMPTY_NOTE: Final = SnapshotNote({}, created_by_import=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnapshot:
    """A change of a snapshot (`UpdateSnapshotInput`).

    Attributes:
        name: The snapshot's name.
        region: Its region; None for the first of the group's role.
        group: The group that keeps the metadata; None for the acting one.
        custom_metadata: A merge patch (RFC 7396) of the metadata.
    """

    name: str
    region: str | None = None
    group: str | None = None
    custom_metadata: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnapshotResult:
    """The result of a change of a snapshot.

    Attributes:
        snapshot: The snapshot; None if the input is at fault.
        user_errors: The faults of the input.
    """

    snapshot: Viewed[Snapshot] | None = None
    user_errors: tuple[UserError, ...] = ()


async def snapshot_notes_of(view: ResourceView, snapshots: Sequence[Snapshot]) -> Sequence[SnapshotNote | None]:
    """A batch function: the note that the view's group keeps with each of the snapshots; None without a group."""
    if view.group is None:
        return [None] * len(snapshots)
    wanted = [(snapshot.name, snapshot.creation_time or snapshot.as_of) for snapshot in snapshots]
    async with view.services.database.reading() as connection:
        notes = await snapshot_notes.of_snapshots(connection, view.group, view.account_id, view.region, wanted)
    return [notes.get(snapshot, _EMPTY_NOTE) for snapshot in wanted]


async def update_snapshot(context: MutationContext, input: UpdateSnapshot) -> UpdateSnapshotResult:
    """Change the custom metadata that a group keeps with the input's snapshot; AWS is left as it is.

    Raises:
        UserFaultError: There is no such snapshot, or the patch is at fault.
    """
    context.target = f"Snapshot {input.name[:63]}"
    _check_update(input)
    access = await context.write_access(input.group, input.region)
    view = access.view
    snapshot = resource_or_raise((await view.inventory.describe(Kind.SNAPSHOT, [input.name]))[input.name])
    if not isinstance(snapshot, Snapshot):
        raise user_fault(
            f"SageMaker has no endpoint configuration `{input.name}` in account {view.account_id}, {view.region}.",
            UserErrorCode.NOT_FOUND,
            "name",
        )
    noted = SnapshotNoteKey(
        access.group, view.account_id, view.region, snapshot.name, snapshot.creation_time or snapshot.as_of
    )
    async with context.request.services.database.writing() as connection:
        await snapshot_notes.patch_metadata(connection, noted, input.custom_metadata)
    return UpdateSnapshotResult(snapshot=viewed(view, snapshot))


def _check_update(input: UpdateSnapshot) -> None:
    """Check all of an input that can be checked without the snapshot. Raises UserFaultError."""
    checks = InputChecks()
    checks.run(check_resource_name, Kind.SNAPSHOT, input.name, "name")
    # A patch that is no object, or too large by itself, is at fault with any metadata.
    checks.run(merge_patched, {}, input.custom_metadata)
    checks.raise_if_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSnapshotResult:
    """The result of `createSnapshot`.

    Attributes:
        snapshot: The snapshot; None if the input is at fault.
        created: True if this call created it; False if it was there, with the same inputs.
        user_errors: The faults of the input.
    """

    snapshot: Viewed[Snapshot] | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSnapshotResult:
    """The result of `deleteSnapshot`.

    Attributes:
        deleted_snapshot_id: The id of the snapshot that is gone; None if the input is at fault.
        user_errors: The faults of the input.
    """

    deleted_snapshot_id: str | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_snapshot(context: MutationContext, targeted: Targeted[NewSnapshot]) -> CreateSnapshotResult:
    """Create the targeted snapshot."""
    made = await create(context, targeted, Snapshot, Writer.create_snapshot)
    return CreateSnapshotResult(snapshot=made.resource, created=made.created)


async def delete_snapshot(context: MutationContext, targeted: Targeted[str]) -> DeleteSnapshotResult:
    """Delete the snapshot of the targeted name."""
    access = await take_write_access(context, targeted, Snapshot, targeted.value)
    deleted = await access.writer.delete_snapshot(targeted.value)
    await track_removal(context, access, deleted)
    return DeleteSnapshotResult(deleted_snapshot_id=viewed(access.view, deleted).id)
