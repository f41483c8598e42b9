"""resolvers.monitoring: which time is looked at: whole periods, no more than CloudWatch has and anybody can look at."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from aws.metrics import MetricWindow
from resolvers.errors import BadInputError
from resolvers.monitoring import WindowQuery, window

NOW = datetime(2026, 3, 1, 12, 34, 56, 789_000, tzinfo=UTC)


def at(hour: int, minute: int = 0, second: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "end", "seconds", "period", "metric_window"),
    [
        (None, None, 3600, 60, MetricWindow(at(11, 34), at(12, 34), 60)),
        (None, None, 3600, 300, MetricWindow(at(11, 30), at(12, 30), 300)),
        (None, None, 10, 10, MetricWindow(at(12, 34, 40), at(12, 34, 50), 10)),
        (None, None, 5, 1, MetricWindow(at(12, 34, 51), at(12, 34, 56), 1)),
        # No shorter than a period.
        (None, None, 30, 60, MetricWindow(at(12, 33), at(12, 34), 60)),
        (None, at(6, 0, 59), 120, 60, MetricWindow(at(5, 58), at(6), 60)),
        (at(1, 2, 3), at(4, 5, 6), 3600, 60, MetricWindow(at(1, 2), at(4, 5), 60)),
        (at(11), None, 1, 60, MetricWindow(at(11), at(12, 34), 60)),
        # Offsets are only another way of writing a moment.
        (
            datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            at(0, 1),
            3600,
            60,
            MetricWindow(at(0), at(0, 1), 60),
        ),
        # A day of minutes is the most.
        (None, None, 86_400, 60, MetricWindow(at(12, 34) - timedelta(days=1), at(12, 34), 60)),
        (None, None, 39_312_000, 86_400, MetricWindow(at(0) - timedelta(days=455), at(0), 86_400)),
    ],
)
def test_whole_periods(
    begin: datetime | None, end: datetime | None, seconds: int, period: int, metric_window: MetricWindow
) -> None:
    assert window(WindowQuery(begin, end, seconds, period), NOW) == metric_window


def test_what_is_asked_within_one_period_is_one_question() -> None:
    one, other = (window(WindowQuery(None, None, 3600, 60), NOW + timedelta(seconds=more)) for more in (-50, 3))
    assert one == other
    assert window(WindowQuery(None, None, 3600, 60), NOW + timedelta(seconds=4)) != one


PERIOD = "`periodSeconds` must be 1, 5, 10, 20, 30, or a multiple of 60: CloudWatch keeps no other periods."
LENGTH = "`windowSeconds` must be from 1 second to 455 days: CloudWatch keeps metrics that long."
POINTS = "A series would have more than 1440 points; give `maxPoints`, or a longer `periodSeconds`."
MOST = "`maxPoints` must be from 1 to 1440."
ORDER = "`from` must be before `to`, by a period at least."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        *(({"period": period}, PERIOD) for period in (0, -60, 2, 15, 59, 61, 90)),
        *(({"seconds": seconds}, LENGTH) for seconds in (0, -1, 39_312_001, 2**31 - 1)),
        ({"seconds": 86_461}, POINTS),
        ({"seconds": 1441, "period": 1}, POINTS),
        *(({"max_points": most}, MOST) for most in (0, -1, 1441)),
        ({"begin": at(11), "end": at(11)}, ORDER),
        ({"begin": at(12), "end": at(11), "max_points": 1}, ORDER),
        ({"begin": at(12), "end": at(11)}, ORDER),
        ({"begin": at(11, 0, 1), "end": at(11, 0, 59)}, ORDER),
        ({"begin": at(13)}, ORDER),
        ({"begin": datetime(2026, 3, 1)}, "`from` needs an offset, such as 2026-01-31T12:00:00Z."),
        ({"end": NOW + timedelta(days=455, minutes=1)}, "`to` must be at most 455 days ahead."),
        ({"end": datetime(2026, 3, 1)}, "`to` needs an offset, such as 2026-01-31T12:00:00Z."),
    ],
)
def test_what_cannot_be_asked(value: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        window(WindowQuery(**{"begin": None, "end": None, "seconds": 3600, "period": 60, **value}), NOW)
    assert str(caught.value) == message


@pytest.mark.parametrize("moments", [{"begin": datetime.min}, {"end": datetime.min}, {"end": datetime.max}])
@pytest.mark.parametrize("period", [60, 86_400])
@pytest.mark.parametrize("most", [None, 1])
def test_the_ends_of_time(moments: dict[str, datetime], period: int, most: int | None) -> None:
    """Times that the calendar just holds are refused or answered, and never break anything."""
    aware = {key: moment.replace(tzinfo=UTC) for key, moment in moments.items()}
    try:
        metric_window = window(WindowQuery(aware.get("begin"), aware.get("end"), 3600, period, most), NOW)
    except BadInputError:
        return
    assert metric_window.begin < metric_window.end
    length = timedelta(seconds=metric_window.period_seconds)
    assert (metric_window.end - datetime.fromtimestamp(0, UTC)) % length == timedelta(0)


DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "period", "most", "expected"),
    [
        # Seven days of minutes, on a screen of 500 points, and as many as there may be.
        (7 * DAY, 60, 500, 1260),
        (7 * DAY, 60, 1440, 420),
        (3600, 60, 60, 60),
        (3600, 60, 59, 120),
        # The last three hours are kept by the second, 15 days by the minute, 63 by five, and the rest by the hour.
        (100, 1, 100, 1),
        (101, 1, 100, 5),
        (3000, 1, 100, 30),
        (3100, 1, 100, 60),
        (10_800 - 60, 10, 1440, 10),
        (10_800, 10, 1440, 60),
        (14 * DAY, 60, 1440, 840),
        (16 * DAY, 60, 1440, 1200),
        (16 * DAY, 1260, 1440, 1500),
        (62 * DAY, 60, 1440, 3900),
        (64 * DAY, 60, 1440, 7200),
        (455 * DAY, 60, 1440, 28_800),
        (455 * DAY, 60, 1, 455 * DAY),
    ],
)
def test_the_period_grows_until_the_points_fit_and_are_kept(
    seconds: int, period: int, most: int, expected: int
) -> None:
    chosen = window(WindowQuery(None, None, seconds, period, most), NOW)
    assert chosen.period_seconds == expected
    assert (chosen.end - chosen.begin).total_seconds() / expected <= most


def test_a_begin_that_rounding_takes_beyond_what_is_kept_counts() -> None:
    """Fifteen days ago but five minutes, by quarters of an hour, begins where only five minutes are kept."""
    begin = NOW - timedelta(days=15) + timedelta(minutes=5)
    assert window(WindowQuery(begin, None, 1, 960, 1440), NOW).period_seconds == 1200
    assert window(WindowQuery(begin, None, 1, 960), NOW).period_seconds == 960
