"""resolvers.lists.filters: what a listing's row can tell of a filter."""

from datetime import UTC, datetime, timedelta

import pytest

from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from resolvers.errors import BadInputError
from resolvers.lists.filters import (
    NEWEST_FIRST,
    Direction,
    ModelFilter,
    OrderField,
    ResourceFilter,
    ResourceOrder,
    RuntimeFilter,
    check_filter,
    row_matches,
)

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def model(name: str, made: datetime | None = MOMENT) -> Model:
    return Model(
        scope="s", name=name, arn="arn", account_id="1", region="r", creation_time=made, as_of=MOMENT, detail=None
    )


@pytest.mark.parametrize(
    ("resource_filter", "matches"),
    [
        (ModelFilter(), True),
        (ModelFilter(name_contains="lph"), True),
        (ModelFilter(name_contains="ALPHA"), True),
        (ModelFilter(name_contains="beta"), False),
        (ModelFilter(created_after=MOMENT - SECOND), True),
        (ModelFilter(created_after=MOMENT), False),
        (ModelFilter(created_before=MOMENT), False),
        (ModelFilter(created_before=MOMENT + SECOND), True),
        (ModelFilter(name_contains="alpha", created_after=MOMENT), False),
    ],
)
def test_a_row(resource_filter: ResourceFilter, matches: bool) -> None:
    assert row_matches(resource_filter, model("Alpha")) is matches


def test_a_row_without_a_time_is_older_than_all() -> None:
    assert row_matches(ModelFilter(created_before=MOMENT), model("m", None))
    assert not row_matches(ModelFilter(created_after=datetime(1, 1, 2, tzinfo=UTC)), model("m", None))


def test_a_status() -> None:
    row = Runtime(
        scope="s",
        name="r",
        arn="arn",
        account_id="1",
        region="r",
        creation_time=MOMENT,
        as_of=MOMENT,
        status=RuntimeStatus.UNKNOWN,
        raw_status="Dreaming",
        last_modified_time=None,
    )
    assert row_matches(RuntimeFilter(status=(RuntimeStatus.UNKNOWN, RuntimeStatus.FAILED)), row)
    assert not row_matches(RuntimeFilter(status=(RuntimeStatus.IN_SERVICE,)), row)
    assert not row_matches(RuntimeFilter(status=()), row)


@pytest.mark.parametrize(
    "resource_filter",
    [
        ModelFilter(name_contains=""),
        ModelFilter(name_contains="a_b"),
        ModelFilter(name_contains="a" * 64),
        ModelFilter(name_contains="é"),
        ModelFilter(created_after=datetime(2026, 1, 1)),
        ModelFilter(created_before=datetime(2026, 1, 1)),
    ],
)
def test_what_cannot_be_asked(resource_filter: ResourceFilter) -> None:
    with pytest.raises(BadInputError, match=r"`filter\."):
        check_filter(resource_filter)


def test_what_can() -> None:
    check_filter(ModelFilter(name_contains="a-B-9", created_after=MOMENT, created_before=MOMENT))


def test_the_order_is_newest_first_unless_said() -> None:
    assert ResourceOrder(OrderField.CREATION_TIME, Direction.DESC) == NEWEST_FIRST
    assert NEWEST_FIRST.ascending is False
    assert ResourceOrder(direction=Direction.ASC).ascending is True
