"""What belongs to a model, and what could not be seen of it."""

from datetime import UTC, datetime, timedelta

import pytest

from aws.client.errors import AccessDeniedError
from aws.inventory.scans import Scan
from aws.kinds.kind import Kind
from aws.links.related_resources import snapshot_name, snapshots_by_model
from aws.links.relations import Gap

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
REFUSAL = AccessDeniedError("no", operation="ListTransformJobs")


@pytest.mark.parametrize(
    ("gap", "created_at", "hidden"),
    [
        (Gap(Kind.TRANSFORM_JOB, REFUSAL), NOON, True),
        (Gap(Kind.TRANSFORM_JOB, REFUSAL, ("one",)), NOON, False),
        (Gap(Kind.TRANSFORM_JOB, None, since=NOON), NOON, False),
        (Gap(Kind.TRANSFORM_JOB, None, since=NOON), NOON - timedelta(seconds=1), True),
        (Gap(Kind.TRANSFORM_JOB, None), NOON, True),
    ],
    ids=["the whole kind is refused", "one is refused", "newer than the bound", "older than it", "nothing was seen"],
)
def test_what_a_gap_hides(gap: Gap, created_at: datetime, *, hidden: bool) -> None:
    assert gap.hides(created_at) is hidden


def test_nothing_names_nothing() -> None:
    assert snapshots_by_model(Scan((), (), NOON, None)) == {}
    assert snapshot_name(None) is None
    assert snapshot_name(REFUSAL) is None
