"""aws.client.timestamps: any moment that AWS can spell is read, and none takes an answer away."""

from datetime import UTC, datetime, timedelta

import pytest

from aws.client.timestamps import parse_moment

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1772366400, NOON),
        (1772366400.123, NOON + timedelta(milliseconds=123)),
        ("1772366400", NOON),
        (-62135596800, FIRST),
        (-62135596801, FIRST),
        (253402300799.5, LAST.replace(microsecond=500000)),
        (253402300800, LAST),
        (1e300, LAST),
        (float("inf"), LAST),
        (float("-inf"), FIRST),
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01T13:00:00+01:00", NOON),
        ("2026-03-01T12:00:00", NOON),
        ("Sun, 01 Mar 2026 12:00:00 GMT", NOON),
    ],
)
def test_moments(value: object, expected: datetime) -> None:
    assert parse_moment(value) == expected


@pytest.mark.parametrize("value", [float("nan"), "NaN", "", "soon", "0001-01-01T00:00:00+23:59", None, {}, []])
def test_no_moment(value: object) -> None:
    assert parse_moment(value) is None
