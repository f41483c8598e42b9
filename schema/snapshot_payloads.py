"""What mutations of snapshots answer with."""

import strawberry

from resolvers import snapshot_changes
from schema.fields import shown, shows
from schema.job_payloads import CREATED
from schema.snapshots import Snapshot
from schema.user_errors import Answer


@shows(snapshot_changes.SnapshotPayload)
@strawberry.type(description="What came of creating a snapshot")
class CreateSnapshotPayload(Answer):
    """See resolvers.snapshot_changes.SnapshotPayload."""

    snapshot: Snapshot | None = shown("The snapshot, as it was read after it was made; null where it was not")
    created: bool = shown(CREATED)


@shows(snapshot_changes.SnapshotRemovalPayload)
@strawberry.type(description="What came of deleting a snapshot")
class DeleteSnapshotPayload(Answer):
    """See resolvers.snapshot_changes.SnapshotRemovalPayload."""

    deleted_snapshot_id: strawberry.ID | None = shown("The id that it had; null where it was not deleted")
