"""resolvers.caller_limits: the cost and the number of requests of one caller are bounded, and of nobody else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from resolvers.caller_limits import WINDOW, CallerLimiter, RateLimit
from resolvers.errors import RateLimitedError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Config:
    cost_per_minute: int | None = 100
    concurrent: int = 2


class Clock:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_cost_of_one_minute(clock: Clock) -> None:
    limiter = CallerLimiter(Config(), clock)
    with limiter.running("ann") as budget:
        budget.charge(60)
        assert budget.rate_limit() == RateLimit(100, 60, 60, 40, NOON + WINDOW)
    clock.time += timedelta(seconds=20)
    with limiter.running("ann") as budget:
        with pytest.raises(RateLimitedError) as raised:
            budget.charge(41)
        assert (raised.value.retry_after, raised.value.code) == (40, "LIMIT_EXCEEDED")
        budget.charge(40)
        assert budget.rate_limit() == RateLimit(100, 40, 100, 0, NOON + WINDOW)
    with limiter.running("bob") as budget:
        budget.charge(100)
    clock.time = NOON + WINDOW
    with limiter.running("ann") as budget:
        budget.charge(100)
        assert budget.rate_limit() == RateLimit(100, 100, 100, 0, NOON + 2 * WINDOW)


def test_nothing_is_free(clock: Clock) -> None:
    limiter = CallerLimiter(Config(cost_per_minute=2), clock)
    with limiter.running("ann") as budget:
        budget.charge(0)
        budget.charge(0)
        with pytest.raises(RateLimitedError):
            budget.charge(0)


def test_without_a_limit_of_cost(clock: Clock) -> None:
    with CallerLimiter(Config(cost_per_minute=None), clock).running("ann") as budget:
        budget.charge(10**9)
        assert budget.rate_limit() is None


def test_requests_at_once(clock: Clock) -> None:
    limiter = CallerLimiter(Config(), clock)
    with limiter.running("ann"), limiter.running("bob"):
        with limiter.running("ann"):
            with pytest.raises(RateLimitedError) as raised, limiter.running("ann"):
                pytest.fail("a third one runs")
            assert raised.value.retry_after == 1
        with limiter.running("ann"):
            pass


def test_callers_without_work_are_forgotten(clock: Clock) -> None:
    limiter = CallerLimiter(Config(), clock)
    for number in range(10):
        with limiter.running(f"user{number}") as budget:
            budget.charge(1)
    assert limiter.size == 10
    clock.time += WINDOW
    with limiter.running("ann"), limiter.running("bob"):
        assert limiter.size == 2
    # It is looked for them once a second.
    with limiter.running("eve"):
        assert limiter.size == 3
    clock.time += timedelta(seconds=1)
    with limiter.running("eve"):
        assert limiter.size == 1
