"""concurrency.deadlines: as asyncio.timeout_at, but without a timer for what waits for nothing."""

import asyncio
import gc
from collections.abc import Awaitable
from typing import Any

import pytest

from concurrency.deadlines import until


async def at_once(value: Any) -> Any:
    """A coroutine that waits for nothing."""
    if isinstance(value, Exception):
        raise value
    return value


async def after(turns: int, value: Any, log: list[str] | None = None) -> Any:
    """A coroutine that waits for turns of the loop."""
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        if log is not None:
            log.append("cancelled")
        raise
    return await at_once(value)


def past() -> float:
    return asyncio.get_running_loop().time() - 1


async def test_what_waits_for_nothing_sets_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "timeout_at", None)
    assert await until(past(), at_once(5)) == 5
    with pytest.raises(KeyError):
        await until(past(), at_once(KeyError("a")))


@pytest.mark.parametrize("turns", [1, 2, 5])
async def test_results_and_errors_of_what_waits(turns: int) -> None:
    assert await until(None, after(turns, 5)) == 5
    later = asyncio.get_running_loop().time() + 60
    assert await until(later, after(turns, 5)) == 5
    with pytest.raises(KeyError):
        await until(later, after(turns, KeyError("a")))


async def test_a_wait_ends_at_the_deadline() -> None:
    log: list[str] = []
    with pytest.raises(TimeoutError):
        await until(past(), after(100, 5, log))
    assert log == ["cancelled"]
    with pytest.raises(TimeoutError):
        await until(asyncio.get_running_loop().time() + 0.001, asyncio.Event().wait())


async def test_futures_and_tasks_are_waited_for() -> None:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[int] = loop.create_future()
    done.set_result(1)
    assert await until(loop.time() + 60, done) == 1
    later: asyncio.Future[int] = loop.create_future()
    loop.call_soon(later.set_result, 2)
    assert await until(loop.time() + 60, later) == 2
    failed: asyncio.Future[int] = loop.create_future()
    loop.call_soon(failed.set_exception, KeyError("a"))
    with pytest.raises(KeyError):
        await until(loop.time() + 60, failed)


async def test_a_cancellation_reaches_the_wait_and_may_be_answered() -> None:
    async def stubborn() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            return "tidied up"
        return "never"

    task = asyncio.create_task(until(asyncio.get_running_loop().time() + 60, stubborn()))
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "tidied up"
    log: list[str] = []
    other = asyncio.create_task(until(asyncio.get_running_loop().time() + 60, after(100, 5, log)))
    await asyncio.sleep(0)
    other.cancel()
    with pytest.raises(asyncio.CancelledError):
        await other
    assert log == ["cancelled"]


async def test_what_is_thrown_away_is_closed() -> None:
    log: list[str] = []

    async def noting() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            log.append("closed")

    unfinished: Any = until(None, noting())
    unfinished.send(None)
    unfinished.close()
    assert log == ["closed"]


async def test_no_garbage_is_left_for_a_collection() -> None:
    """An error that was thrown into a wait refers to no frame that refers to it."""

    async def failing() -> None:
        waits: list[Awaitable[Any]] = [until(past(), after(3, 5)), until(None, after(2, KeyError("a")))]
        for wait in waits:
            with pytest.raises((TimeoutError, KeyError)):
                await wait

    await failing()
    gc.collect()
    gc.disable()
    try:
        await failing()
        assert gc.collect() < 100
    finally:
        gc.enable()
