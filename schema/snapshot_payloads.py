"""What mutations of snapshots answer with."""

import strawberry

from resolvers import snapshot_changes
from schema.fields import attribute, backed_by
from schema.job_payloads import CREATED_DESCRIPTION
from schema.snapshots import Snapshot
from schema.user_errors import MutationPayload


@backed_by(snapshot_changes.CreateSnapshotResult)
@strawberry.type(description="What came of creating a snapshot")
class CreateSnapshotPayload(MutationPayload):
    """See resolvers.snapshot_changes.SnapshotPayload."""

    snapshot: Snapshot | None = attribute("The snapshot, as it was read after it was made; null where it was not")
    created: bool = attribute(CREATED_DESCRIPTION)


@backed_by(snapshot_changes.DeleteSnapshotResult)
@strawberry.type(description="What came of deleting a snapshot")
class DeleteSnapshotPayload(MutationPayload):
    """See resolvers.snapshot_changes.SnapshotRemovalPayload."""

    deleted_snapshot_id: strawberry.ID | None = attribute("The id that it had; null where it was not deleted")
