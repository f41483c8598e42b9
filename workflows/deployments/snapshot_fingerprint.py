"""Fingerprint of a snapshot, so that an approval holds for exactly the one that was reviewed."""

from dataclasses import dataclass
from datetime import datetime

from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from registry.deployment_rows import DeploymentRow
from registry.stored_digests import stored_digest
from workflows.group_access import describe_one
from workflows.imports.stored_copies import stored_copy


@dataclass(frozen=True, slots=True)
class SnapshotFingerprint:
    """The identity of a snapshot's content.

    Attributes:
        created_at: The snapshot's creation time.
        digest: A digest of its whole description.
    """

    created_at: datetime
    digest: str


def fingerprint_of(snapshot: Snapshot) -> SnapshotFingerprint:
    """The identity of a described snapshot."""
    return SnapshotFingerprint(
        snapshot.creation_time or snapshot.as_of, stored_digest({"detail": stored_copy(snapshot, None)["detail"]})
    )


def matches_deployment(row: DeploymentRow, snapshot: Snapshot) -> bool:
    """Tell whether a snapshot is the one that a deployment verified."""
    return fingerprint_of(snapshot) == SnapshotFingerprint(row.snapshot_created_at, row.snapshot_digest)


async def describe_snapshot(reader: Reader, name: str) -> Snapshot | None:
    """The snapshot of this name as AWS describes it now; None if there is none.

    Raises:
        AWSError: It could not be read.
    """
    return await describe_one(reader.fresh(), Kind.SNAPSHOT, name, Snapshot)
