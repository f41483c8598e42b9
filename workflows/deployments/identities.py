"""What tells one snapshot from another of its name, so that an approval is for this one alone."""

from dataclasses import dataclass
from datetime import datetime

from aws.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds import Kind
from aws.resources import Snapshot
from registry.courses import Course
from registry.elements import digest_of
from workflows.imports.copies import copy_of


@dataclass(frozen=True, slots=True)
class Identity:
    """When a snapshot was created, and a digest of all that its description says."""

    created_at: datetime
    digest: str


def identity_of(snapshot: Snapshot) -> Identity:
    """The identity of a described snapshot."""
    return Identity(snapshot.creation_time or snapshot.as_of, digest_of({"detail": copy_of(snapshot, None)["detail"]}))


def is_same(course: Course, snapshot: Snapshot) -> bool:
    """Whether this is the snapshot that the deployment is about."""
    return identity_of(snapshot) == Identity(course.snapshot_created_at, course.snapshot_digest)


async def snapshot_of(reader: Reader, name: str) -> Snapshot | None:
    """The snapshot of this name as AWS describes it now; None where there is none.

    Raises:
        AWSError: It could not be read.
    """
    what = (await reader.anew().describe(Kind.SNAPSHOT, [name]))[name]
    if isinstance(what, AWSError):
        raise what
    return what if isinstance(what, Snapshot) else None
