"""Whoever waits for a run is told of its end, and of that run's alone."""

import asyncio
import time

from workflows.imports.waiting import Waiting


async def test_an_end_within_the_block() -> None:
    waiting = Waiting()
    with waiting.expecting("run") as wait, waiting.expecting("run") as wait_too:
        waiting.ended("run")
        await asyncio.gather(wait(60), wait_too(60))


async def test_an_end_while_waiting() -> None:
    waiting = Waiting()
    with waiting.expecting("run") as wait:
        waits = asyncio.ensure_future(wait(60))
        await asyncio.sleep(0)
        waiting.ended("run")
        await waits


async def test_no_end() -> None:
    waiting, begun = Waiting(), time.monotonic()
    with waiting.expecting("run") as wait:
        assert (waiting.is_awaited("run"), waiting.is_awaited("another")) == (True, False)
        waiting.ended("another")
        await wait(0.02)
    assert time.monotonic() - begun >= 0.02
    waiting.ended("run")
    assert not waiting.is_awaited("run")
    assert not waiting._events
