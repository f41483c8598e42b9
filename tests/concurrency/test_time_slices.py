"""concurrency.time_slices: long work in pieces, one of them in each turn of the loop."""

import asyncio
import gc
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from itertools import pairwise

import pytest

from concurrency.time_slices import TimeSlices, checkpoint

_place: ContextVar[str] = ContextVar("_place")


class Clock:
    """A clock that goes on by one second at each look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


def steps(log: list[str], name: str, count: int) -> Callable[[], str]:
    """Work of so many steps, each of which it notes."""

    def work() -> str:
        for number in range(count):
            log.append(f"{name}{number}")
            checkpoint()
        return name

    return work


async def turns(log: list[str], count: int) -> None:
    """Note the turns of the loop."""
    for _ in range(count):
        log.append("loop")
        await asyncio.sleep(0)


async def test_others_run_between_two_slices() -> None:
    log: list[str] = []
    slices = TimeSlices(2, Clock())
    result, _ = await asyncio.gather(slices.run(steps(log, "a", 5)), turns(log, 3))
    assert result == "a"
    assert log == ["a0", "a1", "loop", "a2", "a3", "loop", "a4", "loop"]


async def test_jobs_take_turns_and_each_turn_of_the_loop_has_one_slice() -> None:
    log: list[str] = []
    slices = TimeSlices(1, Clock())
    jobs = [slices.run(steps(log, name, 2)) for name in "ab"]
    results = await asyncio.gather(*jobs, turns(log, 6))
    assert results[:2] == ["a", "b"]
    assert [entry for entry in log if entry != "loop"] == ["a0", "b0", "a1", "b1"]
    assert all("loop" in pair for pair in pairwise(log))


async def test_a_job_beyond_those_at_once_begins_when_one_of_them_is_done() -> None:
    log: list[str] = []
    slices = TimeSlices(1, Clock(), at_once=2)
    await asyncio.gather(*(slices.run(steps(log, name, 3)) for name in "abc"))
    assert log == ["a0", "b0", "a1", "b1", "a2", "b2", "c0", "c1", "c2"]


async def test_work_within_one_slice_waits_for_nobody() -> None:
    log: list[str] = []
    running = asyncio.ensure_future(turns(log, 1))
    assert await TimeSlices(100, Clock()).run(steps(log, "a", 3)) == "a"
    assert log == ["a0", "a1", "a2"]
    await running


async def test_the_error_of_the_work_is_raised_and_the_next_job_runs() -> None:
    slices = TimeSlices(1, Clock())

    def broken() -> None:
        checkpoint()
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await slices.run(broken)
    assert await slices.run(lambda: 1) == 1


async def test_cancelled_work_ends_where_it_is() -> None:
    log: list[str] = []

    def work() -> None:
        try:
            steps(log, "a", 100)()
        finally:
            log.append("end")

    slices = TimeSlices(1, Clock())
    running = asyncio.ensure_future(slices.run(work))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert log == ["a0", "end"]
    assert await slices.run(lambda: 1) == 1


async def test_work_has_the_context_of_its_caller() -> None:
    _place.set("here")
    assert await TimeSlices().run(_place.get) == "here"


async def test_a_job_leaves_no_garbage_for_a_collection() -> None:
    slices = TimeSlices(0)
    await slices.run(checkpoint)
    gc.collect()
    gc.disable()
    try:
        await slices.run(checkpoint)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_checkpoint_outside_a_job_does_nothing() -> None:
    checkpoint()


def test_one_round_robin_serves_a_loop_after_another() -> None:
    slices = TimeSlices(seconds=0)

    async def crowd() -> list[int]:
        return list(await asyncio.gather(*(slices.run(partial(abs, number)) for number in range(3))))

    assert [asyncio.run(crowd()) for _ in range(2)] == [[0, 1, 2]] * 2


async def test_first_steps_have_a_turn_each() -> None:
    log: list[str] = []

    async def work(name: str) -> str:
        log.append(name)
        await asyncio.sleep(0)
        return name

    running = asyncio.ensure_future(turns(log, 8))
    slices = TimeSlices()
    assert await asyncio.gather(*(slices.begin(work(name)) for name in "abc")) == ["a", "b", "c"]
    await running
    steps_of_work = [place for place, entry in enumerate(log) if entry != "loop"]
    assert all("loop" in log[one:other] for one, other in pairwise(steps_of_work))


async def test_work_that_is_cancelled_is_ended() -> None:
    ended: list[str] = []

    async def work(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(name)

    slices = TimeSlices()
    begun = [asyncio.ensure_future(slices.begin(work(name))) for name in "abc"]
    await asyncio.sleep(0.01)
    for each in begun:
        each.cancel()
    assert [type(each) for each in await asyncio.gather(*begun, return_exceptions=True)] == [asyncio.CancelledError] * 3
    await asyncio.sleep(0)
    assert ended == ["a", "b", "c"]
