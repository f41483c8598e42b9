"""What people keep with a snapshot: how it is changed."""

import strawberry

from resolvers import snapshot_notes
from schema.fields import attribute, backed_by
from schema.input_fields import optional, required
from schema.scalars import JSON
from schema.snapshots import Snapshot
from schema.user_errors import MutationPayload


@strawberry.input(description="What to change about a snapshot in the registry; AWS is left as it is")
class UpdateSnapshotInput:
    """See resolvers.snapshot_notes.UpdateSnapshot."""

    name: str = required("The snapshot's name")
    region: str | None = optional("The region, one of the role's own; left out: its first")
    group: str | None = optional("The group whose custom metadata it is; left out: the acting group")
    custom_metadata: JSON = required("A JSON Merge Patch (RFC 7396): objects are merged, null deletes a key")

    def value(self) -> snapshot_notes.UpdateSnapshot:
        """The input's value."""
        return snapshot_notes.UpdateSnapshot(
            name=self.name, region=self.region, group=self.group, custom_metadata=self.custom_metadata
        )


@backed_by(snapshot_notes.UpdateSnapshotResult)
@strawberry.type(description="What came of a change")
class UpdateSnapshotPayload(MutationPayload):
    """See resolvers.snapshot_notes.SnapshotNotePayload."""

    snapshot: Snapshot | None = attribute("The snapshot; null where nothing was changed")
