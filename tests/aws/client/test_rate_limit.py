"""The limiter, on a clock moved by hand: nothing is held back before AWS turns a call away; then people go first."""

import asyncio

import pytest

from aws.client.rate_limit import AdaptiveRateLimiter, RateLimiters
from concurrency.priority import Priority, current_priority
from tests.aws.manual_clock import ManualClock, settle


class Queue:
    """Callers of one limiter, and the order and moments in which they were let through."""

    def __init__(self, limiter: AdaptiveRateLimiter, manual_clock: ManualClock) -> None:
        self.limiter = limiter
        self.manual_clock = manual_clock
        self.through: list[tuple[str, float]] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *names: str, urgency: Priority | None = None) -> None:
        """Callers come, one after the other."""
        for name in names:
            self.tasks[name] = asyncio.create_task(self._pass(name, urgency))
            await settle()

    async def _pass(self, name: str, urgency: Priority | None) -> None:
        if urgency is not None:
            current_priority.set(urgency)
        await self.limiter.acquire()
        self.through.append((name, self.manual_clock.now - 1000))


@pytest.fixture
def limiter(manual_clock: ManualClock) -> AdaptiveRateLimiter:
    return AdaptiveRateLimiter(manual_clock)


@pytest.fixture
def queue(limiter: AdaptiveRateLimiter, manual_clock: ManualClock) -> Queue:
    return Queue(limiter, manual_clock)


async def turns(limiter: AdaptiveRateLimiter, count: int) -> None:
    for _ in range(count):
        await limiter.acquire()


async def test_before_the_first_throttle_nothing_is_held_back(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock
) -> None:
    await turns(limiter, 1000)
    limiter.on_success()
    assert (limiter.rate, manual_clock.now, manual_clock.idle) == (None, 1000, True)


@pytest.mark.parametrize(("calls", "rate"), [(100, 50.0), (8, 4.0), (4, 2.0), (1, 0.5)])
async def test_a_throttle_halves_what_was_called_in_the_last_second(
    limiter: AdaptiveRateLimiter, calls: int, rate: float
) -> None:
    await turns(limiter, calls)
    limiter.on_throttled()
    assert limiter.rate == rate


async def test_what_is_older_than_a_second_does_not_count(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock
) -> None:
    await turns(limiter, 50)
    await manual_clock.advance(1)
    await turns(limiter, 6)
    limiter.on_throttled()
    assert limiter.rate == 3.0


async def test_it_is_never_slower_than_one_in_two_seconds(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock
) -> None:
    for _ in range(10):
        limiter.on_throttled()
        await manual_clock.advance(1)
    assert limiter.rate == 0.5


async def test_a_burst_of_throttles_is_one_piece_of_news(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock
) -> None:
    await turns(limiter, 80)
    for _ in range(30):
        limiter.on_throttled()
    await manual_clock.advance(0.999)
    limiter.on_throttled()
    assert limiter.rate == 40.0
    await manual_clock.advance(0.001)
    limiter.on_throttled()
    assert limiter.rate == 20.0


async def test_each_second_without_a_throttle_adds_half_a_call(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock
) -> None:
    await turns(limiter, 8)
    limiter.on_throttled()
    await manual_clock.advance(1)
    limiter.on_success()
    assert limiter.rate == 4.0
    await manual_clock.advance(1)
    limiter.on_success()
    assert limiter.rate == 4.5
    # However many calls go well in it, a second is a second.
    for _ in range(10):
        limiter.on_success()
    assert limiter.rate == 4.5
    await manual_clock.advance(3)
    limiter.on_success()
    assert limiter.rate == 6.0


async def test_a_rate_that_has_grown_large_is_none(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock, queue: Queue
) -> None:
    await turns(limiter, 398)
    limiter.on_throttled()
    assert limiter.rate == 199.0
    await manual_clock.advance(2.5)
    limiter.on_success()
    assert limiter.rate == 199.75
    await manual_clock.advance(1)
    limiter.on_success()
    assert limiter.rate is None
    await queue.come(*"abc")
    assert queue.through == [("a", 3.5), ("b", 3.5), ("c", 3.5)]


async def test_turns_come_at_the_rate(limiter: AdaptiveRateLimiter, manual_clock: ManualClock, queue: Queue) -> None:
    await turns(limiter, 4)
    limiter.on_throttled()
    assert limiter.rate == 2.0
    await queue.come(*"abcd")
    assert queue.through == []
    await manual_clock.advance(10)
    assert queue.through == [("a", 0.5), ("b", 1.0), ("c", 1.5), ("d", 2.0)]
    # After a pause, nothing has been saved up.
    await queue.come(*"ef")
    await manual_clock.advance(1)
    assert queue.through[4:] == [("e", 10.0), ("f", 10.5)]


async def test_whoever_waits_is_held_back_by_a_further_throttle(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock, queue: Queue
) -> None:
    await turns(limiter, 4)
    limiter.on_throttled()
    await queue.come(*"abcde")
    await manual_clock.advance(1)
    limiter.on_throttled()
    assert limiter.rate == 1.0
    await manual_clock.advance(5)
    # The third had its turn coming before the news came.
    assert queue.through == [("a", 0.5), ("b", 1.0), ("c", 1.5), ("d", 3.0), ("e", 4.0)]


async def test_people_go_before_background_work_and_else_the_first_comes_first(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock, queue: Queue
) -> None:
    await turns(limiter, 4)
    limiter.on_throttled()
    await queue.come("b1", "b2", urgency=Priority(interactive=False))
    await queue.come("p1", "p2")
    await queue.come("b3", urgency=Priority(interactive=False))
    await queue.come("p3")
    await manual_clock.advance(10)
    assert [name for name, _ in queue.through] == ["p1", "p2", "p3", "b1", "b2", "b3"]


async def test_background_work_that_somebody_waits_for_now_goes_with_the_people(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock, queue: Queue
) -> None:
    await turns(limiter, 4)
    limiter.on_throttled()
    promoted = Priority(interactive=False)
    await queue.come("b1", urgency=Priority(interactive=False))
    await queue.come("b2", urgency=promoted)
    await queue.come("p1")
    promoted.interactive = True
    await manual_clock.advance(10)
    assert [name for name, _ in queue.through] == ["b2", "p1", "b1"]


async def test_who_has_left_takes_nobodys_turn(
    limiter: AdaptiveRateLimiter, manual_clock: ManualClock, queue: Queue
) -> None:
    await turns(limiter, 4)
    limiter.on_throttled()
    await queue.come(*"abc")
    queue.tasks["a"].cancel()
    queue.tasks["b"].cancel()
    await manual_clock.advance(0.5)
    assert queue.through == [("c", 0.5)]
    assert queue.tasks["a"].cancelled()
    # With nobody left, nothing is armed.
    await queue.come("d")
    queue.tasks["d"].cancel()
    await manual_clock.advance(10)
    assert manual_clock.idle
    assert queue.through == [("c", 0.5)]


async def test_processes_share_the_rate(manual_clock: ManualClock) -> None:
    one = AdaptiveRateLimiter(manual_clock, share=lambda: 4)
    await turns(one, 16)
    one.on_throttled()
    assert one.rate == 2.0
    # What a further throttle halves is this process's part already, and the parts grow together by half a call.
    await manual_clock.advance(1)
    one.on_throttled()
    assert one.rate == 1.0
    await manual_clock.advance(3)
    one.on_success()
    assert one.rate == 1.25


async def test_each_account_region_and_operation_has_its_own() -> None:
    rate_limiters = RateLimiters()
    one = rate_limiters.get("1", "eu-west-1", "ListModels")
    assert rate_limiters.get("1", "eu-west-1", "ListModels") is one
    limiters = [rate_limiters.get(*key) for key in (("2", "eu-west-1", "ListModels"), ("1", "us-east-2", "ListModels"))]
    assert len({one, *limiters, rate_limiters.get("1", "eu-west-1", "ListEndpoints")}) == 4
    await one.acquire()
    one.on_throttled()
    assert (one.rate, [other.rate for other in limiters]) == (0.5, [None, None])


async def test_the_rate_limiters_know_the_number_of_live_processes() -> None:
    rate_limiters = RateLimiters()
    limiter = rate_limiters.get("1", "eu-west-1", "ListModels")
    rate_limiters.share = 5
    await turns(limiter, 50)
    limiter.on_throttled()
    assert limiter.rate == 5.0


async def test_throttles_and_those_who_wait_are_counted(
    limiter: AdaptiveRateLimiter, queue: Queue, manual_clock: ManualClock
) -> None:
    assert (limiter.holds_back, limiter.waiting, limiter.throttled) == (False, 0, 0)
    await turns(limiter, 4)
    limiter.on_throttled()
    limiter.on_throttled()
    await queue.come("a", "b")
    assert (limiter.holds_back, limiter.waiting, limiter.throttled) == (True, 2, 2)
    for task in queue.tasks.values():
        task.cancel()
    await settle()
    assert limiter.waiting == 0


async def test_limiters_are_listed_with_what_they_are_for() -> None:
    limiters = RateLimiters()
    one = limiters.get("1", "eu-west-1", "ListModels")
    assert list(limiters) == [(("1", "eu-west-1", "ListModels"), one)]
