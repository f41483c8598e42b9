"""Flights: one for each thing, its end its own."""

import asyncio
import gc
from typing import Any

import pytest

from aws.client.call_stats import current_call_stats
from concurrency.priority import Priority, current_priority
from concurrency.single_flight import SingleFlight
from tests.aws.sandbox_account import collected_stats


class Work:
    """Something to be asked for that ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.under_way = asyncio.Event()
        self.finish = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        self.under_way.set()
        try:
            await self.finish.wait()
        finally:
            self.ended += 1
        return self.begun


async def test_whoever_asks_meanwhile_joins(single_flight: SingleFlight) -> None:
    work = Work()
    first, second = (asyncio.ensure_future(single_flight.do("key", work)) for _ in range(2))
    other = asyncio.ensure_future(single_flight.do("another key", work))
    await work.under_way.wait()
    work.finish.set()
    assert await first == await second
    await other
    assert work.begun == 2


async def test_a_flight_that_has_landed_is_begun_anew(single_flight: SingleFlight) -> None:
    work = Work()
    work.finish.set()
    assert await single_flight.do("key", work) == 1
    assert await single_flight.do("key", work) == 2


async def test_a_waiters_cancellation_leaves_it_running(single_flight: SingleFlight) -> None:
    work = Work()
    leaving = asyncio.ensure_future(single_flight.do("key", work))
    staying = asyncio.ensure_future(single_flight.do("key", work))
    await work.under_way.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert work.ended == 0
    work.finish.set()
    assert await staying == 1
    assert (work.begun, work.ended) == (1, 1)


async def test_it_goes_on_when_everybody_has_left(single_flight: SingleFlight) -> None:
    work = Work()
    leaving = asyncio.ensure_future(single_flight.do("key", work))
    await work.under_way.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    landing = single_flight.start("key", work)
    work.finish.set()
    assert await landing == 1
    assert (work.begun, work.ended) == (1, 1)


async def test_begin_needs_no_waiter_and_can_be_joined(single_flight: SingleFlight) -> None:
    work = Work()
    task = single_flight.start("key", work)
    assert single_flight.start("key", work) is task
    joined = asyncio.ensure_future(single_flight.do("key", work))
    await work.under_way.wait()
    work.finish.set()
    assert await joined == 1
    assert work.begun == 1


async def test_a_failure_reaches_every_waiter_and_nobody_else(single_flight: SingleFlight) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    outcomes = await asyncio.gather(
        single_flight.do("key", fail), single_flight.do("key", fail), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [ZeroDivisionError, ZeroDivisionError]
    work = Work()
    work.finish.set()
    assert await single_flight.do("key", work) == 1


async def test_a_failure_that_nobody_waits_for_makes_no_noise(single_flight: SingleFlight) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    noise: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: noise.append(context))
    await asyncio.wait([single_flight.start("key", fail)])
    gc.collect()
    assert noise == []


async def test_a_call_counts_for_its_first_caller(single_flight: SingleFlight) -> None:
    seen = []
    under_way, finish = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        seen.append(current_call_stats.get())
        under_way.set()
        await finish.wait()

    with collected_stats() as opener:
        opened = asyncio.ensure_future(single_flight.do("key", work))
        await under_way.wait()
    with collected_stats() as joiner:
        joined = asyncio.ensure_future(single_flight.do("key", work))
    with collected_stats() as third:
        also_joined = asyncio.ensure_future(single_flight.do("key", work))
    finish.set()
    await asyncio.gather(opened, joined, also_joined)
    assert seen == [opener]
    assert (opener.shared, joiner.shared, third.shared) == (0, 1, 1)


async def test_close_ends_every_flight_and_waits_for_it() -> None:
    flight = SingleFlight()
    scheduler = [Work(), Work()]
    waiting = [asyncio.ensure_future(flight.do(number, work)) for number, work in enumerate(scheduler)]
    await asyncio.gather(*(work.under_way.wait() for work in scheduler))
    await flight.close()
    assert [work.ended for work in scheduler] == [1, 1]
    assert [type(end) for end in await asyncio.gather(*waiting, return_exceptions=True)] == [
        asyncio.CancelledError,
        asyncio.CancelledError,
    ]
    await flight.close()


async def test_a_closed_group_ends_its_calls_with_its_own_error_and_begins_no_more() -> None:
    flight, work = SingleFlight(seconds=None, closed_error=ZeroDivisionError), Work()
    waiter = asyncio.ensure_future(flight.do("key", work))
    await work.under_way.wait()
    assert (flight.is_running("key"), flight.is_running("another")) == (True, False)
    await flight.close()
    with pytest.raises(ZeroDivisionError):
        await waiter
    with pytest.raises(ZeroDivisionError):
        await flight.do("key", work)
    with pytest.raises(ZeroDivisionError):
        flight.start("key", work)
    assert (work.begun, work.ended, flight.is_running("key")) == (1, 1, False)


async def test_a_group_with_a_closed_error_shares_results_and_failures_as_any_other() -> None:
    flight, work = SingleFlight(closed_error=ZeroDivisionError), Work()
    leaving, *waiters = (asyncio.ensure_future(flight.do("key", work)) for _ in range(20))
    await work.under_way.wait()
    leaving.cancel()
    work.finish.set()
    assert await asyncio.gather(*waiters) == [1] * 19

    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await flight.do("key", fail)


async def test_whoever_joins_for_a_person_makes_background_work_urgent(single_flight: SingleFlight) -> None:
    """And with it all that it has opened, whether that has begun already or not."""
    inner, outer = Work(), asyncio.Event()
    seen: list[Priority] = []

    async def background() -> None:
        seen.append(current_priority.get())
        await outer.wait()
        await single_flight.do("inner", inner)

    single_flight.start("key", background, priority=Priority(interactive=False))
    also = Work()
    single_flight.start("another", also, priority=Priority(interactive=False))
    await also.under_way.wait()
    assert [priority.interactive for priority in seen] == [False]
    joined = asyncio.ensure_future(single_flight.do("key", background))
    await asyncio.sleep(0)
    assert [item.interactive for item in seen] == [True]
    outer.set()
    await inner.under_way.wait()
    inner.finish.set()
    await joined
    also.finish.set()


async def test_what_a_background_flight_opens_is_promoted_with_it(single_flight: SingleFlight) -> None:
    seen: list[Priority] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def inner() -> None:
        seen.append(current_priority.get())
        begun.set()
        await go_on.wait()

    async def outer() -> None:
        await single_flight.do("inner", inner)

    single_flight.start("outer", outer, priority=Priority(interactive=False))
    await begun.wait()
    assert not seen[0].interactive
    joined = asyncio.ensure_future(single_flight.do("outer", outer))
    await asyncio.sleep(0)
    assert seen[0].interactive
    go_on.set()
    await joined


async def test_background_work_that_joins_makes_nothing_urgent(single_flight: SingleFlight) -> None:
    urgency = Priority(interactive=False)
    work = Work()
    single_flight.start("key", work, priority=urgency)

    async def joins() -> None:
        await single_flight.do("key", work)

    single_flight.start("joins", joins, priority=Priority(interactive=False))
    await work.under_way.wait()
    await asyncio.sleep(0)
    assert not urgency.interactive
    work.finish.set()


async def test_a_call_has_the_priority_of_its_first_caller_and_leaves_it_alone(single_flight: SingleFlight) -> None:
    seen: list[bool] = []

    async def work() -> None:
        seen.append(current_priority.get().interactive)

    await single_flight.start("a", work, priority=Priority(interactive=False))
    await single_flight.start("b", work)
    assert seen == [False, True]
    assert current_priority.get().interactive


async def test_a_caller_that_joins_its_own_call_shares_nothing(single_flight: SingleFlight) -> None:
    work = Work()
    with collected_stats() as stats:
        both = [asyncio.ensure_future(single_flight.do("key", work)) for _ in range(2)]
        await work.under_way.wait()
        work.finish.set()
        await asyncio.gather(*both)
    assert stats.shared == 0


async def test_who_joins_on_nobodys_account_is_counted_nowhere(single_flight: SingleFlight) -> None:
    work = Work()
    with collected_stats() as stats:
        opened = asyncio.ensure_future(single_flight.do("key", work))
        await work.under_way.wait()
    joined = asyncio.ensure_future(single_flight.do("key", work))
    await asyncio.sleep(0)
    work.finish.set()
    await asyncio.gather(opened, joined)
    assert stats.shared == 0


async def test_a_flight_that_takes_too_long_is_ended() -> None:
    """There is no caller's deadline to end it, so it has one of its own."""
    flight = SingleFlight(seconds=0.01)
    work = Work()
    outcomes = await asyncio.gather(*(flight.do("key", work) for _ in range(2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [TimeoutError, TimeoutError]
    assert (work.begun, work.ended) == (1, 1)
    work.finish.set()
    assert await flight.do("key", work) == 2


async def test_a_context_is_that_of_the_first_caller(single_flight: SingleFlight) -> None:
    """Such as whose credentials sign: a call keeps its opener's, whoever joins it."""
    seen: list[object] = []
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        seen.append(current_call_stats.get())

    with collected_stats() as opener:
        single_flight.start("key", work)
    with collected_stats():
        joined = asyncio.ensure_future(single_flight.do("key", work))
    go_on.set()
    await joined
    assert seen == [opener]


async def test_what_has_ended_is_not_joined_though_its_end_is_yet_to_be_noted(single_flight: SingleFlight) -> None:
    """Whoever comes at that very moment, for something newer, begins another one, and does not ask for ever."""
    begun: list[str] = []
    joined: list[asyncio.Future[Any]] = []

    async def work() -> None:
        begun.append("work")
        if len(begun) == 1:
            # It runs after this has ended, and before anything that waits for that.
            asyncio.get_running_loop().call_soon(
                lambda: joined.append(asyncio.ensure_future(single_flight.do("key", work)))
            )

    await single_flight.do("key", work)
    await joined[0]
    assert begun == ["work", "work"]
    await single_flight.do("key", work)
    assert begun == ["work", "work", "work"]
