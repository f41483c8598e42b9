"""Whoever waits for a run is told of its end, and of that run's alone."""

import asyncio
import time

from workflows.imports.waiting import RunCompletion


async def test_an_end_within_the_block() -> None:
    waiting = RunCompletion()
    with waiting.waiter("run") as wait, waiting.waiter("run") as wait_too:
        waiting.notify("run")
        await asyncio.gather(wait(60), wait_too(60))


async def test_an_end_while_waiting() -> None:
    waiting = RunCompletion()
    with waiting.waiter("run") as wait:
        waits = asyncio.ensure_future(wait(60))
        await asyncio.sleep(0)
        waiting.notify("run")
        await waits


async def test_no_end() -> None:
    waiting, begun = RunCompletion(), time.monotonic()
    with waiting.waiter("run") as wait:
        assert (waiting.is_awaited("run"), waiting.is_awaited("another")) == (True, False)
        waiting.notify("another")
        await wait(0.02)
    assert time.monotonic() - begun >= 0.02
    waiting.notify("run")
    assert not waiting.is_awaited("run")
    assert not waiting._events
