"""concurrency.time_slices: long work in pieces, one of them in each turn of the loop."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.util.concurrency import await_, greenlet_spawn

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


def async_steps(log: list[str], name: str, stretches: int, count: int) -> Callable[[], Coroutine[Any, Any, str]]:
    """Work of so many stretches between waits, each of so many steps."""

    async def work() -> str:
        for stretch in range(stretches):
            steps(log, f"{name}{stretch}", count)()
            await asyncio.sleep(0)
        return name

    return work


async def test_stretches_between_waits_are_run_in_slices() -> None:
    log: list[str] = []
    slices = TimeSlices(1, Clock())
    works = [slices.run_async(async_steps(log, name, 2, 2)()) for name in "ab"]
    results = await asyncio.gather(*works, turns(log, 30))
    assert results[:2] == ["a", "b"]
    taken = [entry for entry in log if entry != "loop"]
    assert taken == ["a00", "b00", "a01", "b01", "a10", "b10", "a11", "b11"]
    assert all("loop" in pair for pair in pairwise(log))


async def test_a_wait_gives_its_result_or_its_error_to_the_work() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("later")

    async def work() -> tuple[str, str]:
        told = await asyncio.wait_for(asyncio.sleep(0, "result"), 1)
        try:
            await asyncio.ensure_future(fail())
        except ValueError as error:
            return told, str(error)
        return told, "none"

    assert await TimeSlices(0).run_async(work()) == ("result", "later")


@pytest.mark.parametrize("ends", ["itself", "late"])
async def test_a_greenlet_that_the_work_begins_lasts_over_its_waits(ends: str) -> None:
    """SQLAlchemy's goes back to the greenlet that began it, at each wait of a statement."""
    log: list[object] = []

    def statement() -> None:
        try:
            log.extend(await_(asyncio.sleep(0, number)) for number in range(3))
            if ends == "late":
                await_(asyncio.Event().wait())
        finally:
            log.append(await_(asyncio.sleep(0, "closed")))

    with suppress(TimeoutError):
        async with asyncio.timeout(0.01 if ends == "late" else None):
            await TimeSlices(0).run_async(greenlet_spawn(statement))
    assert log == [0, 1, 2, "closed"]


async def test_the_error_of_waiting_work_is_raised() -> None:
    async def broken() -> None:
        await asyncio.sleep(0)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await TimeSlices(0).run_async(broken())


async def test_a_deadline_ends_work_at_a_checkpoint_and_at_a_wait() -> None:
    async def busy() -> None:
        while True:
            checkpoint()

    async def waiting() -> None:
        checkpoint()
        await asyncio.sleep(60)

    async def bounded(work: Coroutine[Any, Any, None]) -> str:
        try:
            async with asyncio.timeout(0.01):
                await work
        except TimeoutError:
            return "late"
        return "done"

    slices = TimeSlices(0)
    assert await asyncio.gather(*(slices.run_async(bounded(work())) for work in (busy, waiting))) == ["late", "late"]
    assert await asyncio.gather(*(bounded(slices.run_async(work())) for work in (busy, waiting))) == ["late", "late"]


@pytest.mark.parametrize("loops", range(1, 7))
async def test_cancelled_work_ends_and_what_it_has_set_is_reset(loops: int) -> None:
    """Before it has begun, while it waits for its turn, at a checkpoint, or while it waits for something."""
    log: list[str] = []

    @contextmanager
    def placed() -> Iterator[None]:
        token = _place.set("inside")
        try:
            yield
        finally:
            _place.reset(token)
            log.append("reset")

    async def work() -> None:
        with placed():
            log.append("begun")
            checkpoint()
            await asyncio.sleep(0)
            checkpoint()
            await asyncio.sleep(60)

    slices = TimeSlices(0)
    busy = asyncio.ensure_future(slices.run(steps([], "a", 4)))
    running = asyncio.ensure_future(slices.run_async(work()))
    for _ in range(loops):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert log in ([], ["begun", "reset"])
    await busy
    assert await slices.run(lambda: 1) == 1


async def test_tasks_of_sliced_work_are_tasks_like_others() -> None:
    async def child() -> int:
        checkpoint()
        await asyncio.sleep(0)
        checkpoint()
        return 1

    async def work() -> int:
        checkpoint()
        return sum(await asyncio.gather(child(), child()))

    assert await TimeSlices(0).run_async(work()) == 2


async def test_sliced_work_leaves_no_garbage_for_a_collection() -> None:
    async def work(fail: bool) -> None:
        checkpoint()
        await asyncio.sleep(0)
        if fail:
            raise ValueError

    async def both() -> None:
        await slices.run_async(work(fail=False))
        with suppress(ValueError):
            await slices.run_async(work(fail=True))

    slices = TimeSlices(0)
    await both()
    gc.collect()
    gc.disable()
    try:
        await both()
        assert gc.collect() == 0
    finally:
        gc.enable()
