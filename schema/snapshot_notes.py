"""What people keep with a snapshot: how it is changed."""

import strawberry

from resolvers import snapshot_notes
from schema.fields import shown, shows
from schema.scalars import JSON
from schema.snapshots import Snapshot
from schema.user_errors import Answer


@strawberry.input(description="What to change about a snapshot in the registry; AWS is left as it is")
class UpdateSnapshotInput:
    """See resolvers.snapshot_notes.UpdateSnapshot."""

    name: str = strawberry.field(description="The snapshot's name")
    region: str | None = strawberry.field(
        description="The region, one of the role's own; left out: its first", default=None
    )
    group: str | None = strawberry.field(
        description="The group whose custom metadata it is; left out: the acting group", default=None
    )
    custom_metadata: JSON = strawberry.field(
        description="A JSON Merge Patch (RFC 7396): objects are merged, null deletes a key"
    )

    def value(self) -> snapshot_notes.UpdateSnapshot:
        """The input's value."""
        return snapshot_notes.UpdateSnapshot(
            name=self.name, region=self.region, group=self.group, custom_metadata=self.custom_metadata
        )


@shows(snapshot_notes.SnapshotNotePayload)
@strawberry.type(description="What came of a change")
class UpdateSnapshotPayload(Answer):
    """See resolvers.snapshot_notes.SnapshotNotePayload."""

    snapshot: Snapshot | None = shown("The snapshot; null where nothing was changed")
