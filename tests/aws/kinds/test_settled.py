"""Settled states by kind."""

from aws.kinds.catalog import AnyResource
from aws.kinds.settled import is_settled
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import JobStatus, RuntimeStatus
from tests.aws.inventory.describe_cache_harness import WHERE, job, model, runtime, transform
from tests.aws.sandbox_account import NOON


def test_what_is_settled() -> None:
    settled: list[AnyResource] = [
        model(),
        Snapshot(**WHERE, name="a", creation_time=NOON),
        runtime(),
        job(),
        transform(),
    ]
    assert all(is_settled(each) for each in settled)
    assert not is_settled(runtime(RuntimeStatus.DELETING))
    assert not is_settled(job(JobStatus.UNKNOWN))
