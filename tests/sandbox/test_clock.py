"""The sandbox's time."""

import time
from datetime import UTC, datetime

from sandbox.clock import Clock

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_begins_as_the_real_time() -> None:
    assert abs(Clock().now() - time.time()) < 1


def test_the_clock_stands_still_until_it_is_advanced() -> None:
    clock = Clock(speed=0)
    clock.set(NEW_YEAR)
    assert clock.at() == NEW_YEAR
    clock.advance(90.5)
    assert clock.now() == NEW_YEAR.timestamp() + 90.5
    assert clock.speed == 0


def test_runs_faster_than_real_time() -> None:
    clock = Clock(speed=1_000_000)
    clock.set(NEW_YEAR)
    first = clock.now()
    while clock.now() == first:
        pass
    assert clock.now() - first > 0
    clock.freeze()
    frozen = clock.now()
    assert frozen == clock.now() > NEW_YEAR.timestamp()
    clock.reset()
    assert abs(clock.now() - time.time()) < 1
    assert clock.speed == 1
