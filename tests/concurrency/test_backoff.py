"""concurrency.backoff: how long each wait is."""

import pytest

from concurrency.backoff import Backoff


def test_waits_double_up_to_the_limit() -> None:
    assert Backoff(first=0.25, most=3).waits(6) == (0.25, 0.5, 1.0, 2.0, 3.0, 3.0)


@pytest.mark.parametrize("attempt", [1_025, 10**9])
def test_no_attempt_is_too_late_for_a_float(attempt: int) -> None:
    assert Backoff(first=1, most=60).seconds(attempt) == 60


def test_a_first_wait_of_nothing_stays_nothing() -> None:
    assert Backoff(first=0, most=60).waits(3) == (0, 0, 0)


def test_jitter_waits_a_part_of_it() -> None:
    waits = [Backoff(first=1, most=8, jitter=True).seconds(3) for _ in range(50)]
    assert all(0 <= wait <= 4 for wait in waits)
    assert len(set(waits)) > 1
