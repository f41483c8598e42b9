"""schema.inputs: filters and orders read as values; null is what leaving out is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aws.statuses import JobStatus, JobType, RuntimeStatus
from resolvers import filters
from schema.enums import Direction, OrderField
from schema.inputs import JobFilter, ModelFilter, ResourceOrder, RuntimeFilter, SnapshotFilter, TagFilter

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
COMMON: dict[str, Any] = {"name_contains": "a", "created_after": MONDAY, "created_before": TUESDAY}
TAGS = [TagFilter(key="team"), TagFilter(key="stage", values=["a", "b"])]
MEANT = (filters.TagFilter("team"), filters.TagFilter("stage", ("a", "b")))


@pytest.mark.parametrize(
    ("shape", "value", "given", "meant"),
    [
        (ModelFilter, filters.ModelFilter, {"imported": False}, {"imported": False}),
        (SnapshotFilter, filters.SnapshotFilter, {"model_name": "m"}, {"model_name": "m"}),
        (
            RuntimeFilter,
            filters.RuntimeFilter,
            {"status": [RuntimeStatus.FAILED], "snapshot_name": "s", "model_name": "m"},
            {"status": (RuntimeStatus.FAILED,), "snapshot_name": "s", "model_name": "m"},
        ),
        (
            JobFilter,
            filters.JobFilter,
            {"type": JobType.TRAINING, "status": [JobStatus.FAILED, JobStatus.STOPPED], "model_name": "m"},
            {"type": JobType.TRAINING, "status": (JobStatus.FAILED, JobStatus.STOPPED), "model_name": "m"},
        ),
    ],
)
def test_filters(shape: Any, value: Any, given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert shape().value() == value()
    assert shape(**COMMON, **given, tags=TAGS).value() == value(**COMMON, **meant, tags=MEANT)
    assert shape(tags=[]).value() == value()


def test_no_status_is_another_thing_than_any() -> None:
    assert RuntimeFilter(status=[]).value().status == ()


@pytest.mark.parametrize(
    ("given", "by", "direction"),
    [
        ({}, OrderField.CREATION_TIME, Direction.DESC),
        ({"by": None, "direction": None}, OrderField.CREATION_TIME, Direction.DESC),
        ({"by": OrderField.NAME}, OrderField.NAME, Direction.DESC),
        ({"direction": Direction.ASC}, OrderField.CREATION_TIME, Direction.ASC),
    ],
)
def test_orders(given: dict[str, Any], by: OrderField, direction: Direction) -> None:
    assert ResourceOrder(**given).value() == filters.ResourceOrder(by, direction)
