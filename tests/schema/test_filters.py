"""schema.filters: filters and orders read as values; null is what leaving out is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aws.kinds.statuses import JobStatus, JobType, RuntimeStatus
from registry.enums import AuditOutcome
from resolvers.audit import AuditEventQuery
from resolvers.lists import filters
from resolvers.lists.filters import Direction, OrderField
from resolvers.registrations.queries import RegistrationQuery
from schema.audit import AuditFilter
from schema.filters import ResourceOrder, TagFilter
from schema.jobs.types import JobFilter
from schema.models import ModelFilter
from schema.registrations.types import RegistrationFilter
from schema.runtimes import RuntimeFilter
from schema.snapshots.types import SnapshotFilter

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
COMMON: dict[str, Any] = {"name_contains": "a", "created_after": MONDAY, "created_before": TUESDAY}
TAGS = [TagFilter(key="team"), TagFilter(key="stage", values=["a", "b"])]
MEANT = (filters.TagFilter("team"), filters.TagFilter("stage", ("a", "b")))


@pytest.mark.parametrize(
    ("shape", "value", "values", "meant"),
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
def test_filters(shape: Any, value: Any, values: dict[str, Any], meant: dict[str, Any]) -> None:
    assert shape().value() == value()
    assert shape(**COMMON, **values, tags=TAGS).value() == value(**COMMON, **meant, tags=MEANT)
    assert shape(tags=[]).value() == value()


def test_no_status_is_another_thing_than_any() -> None:
    assert RuntimeFilter(status=[]).value().status == ()


@pytest.mark.parametrize(
    ("value", "by", "direction"),
    [
        ({}, OrderField.CREATION_TIME, Direction.DESC),
        ({"by": None, "direction": None}, OrderField.CREATION_TIME, Direction.DESC),
        ({"by": OrderField.NAME}, OrderField.NAME, Direction.DESC),
        ({"direction": Direction.ASC}, OrderField.CREATION_TIME, Direction.ASC),
    ],
)
def test_orders(value: dict[str, Any], by: OrderField, direction: Direction) -> None:
    assert ResourceOrder(**value).value() == filters.ResourceOrder(by, direction)


def test_registrations() -> None:
    assert RegistrationFilter().value() == RegistrationQuery()
    registration_filter = RegistrationFilter(group="risk", name_contains="churn")
    assert registration_filter.value() == RegistrationQuery(group="risk", name_contains="churn")


def test_events() -> None:
    assert AuditFilter().value() == AuditEventQuery()
    audit_filter = AuditFilter(
        actor="ann",
        action="importModel",
        outcome=AuditOutcome.REFUSED,
        occurred_after=MONDAY,
        occurred_before=TUESDAY,
    )
    assert audit_filter.value() == AuditEventQuery(
        actor="ann",
        action="importModel",
        outcome=AuditOutcome.REFUSED,
        occurred_after=MONDAY,
        occurred_before=TUESDAY,
    )
