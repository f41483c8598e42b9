"""concurrency.background: work ends with its block, and its failure is not lost."""

import asyncio

import pytest

from concurrency.background import running_beside


async def test_work_runs_beside_the_block_and_has_ended_when_it_is_left() -> None:
    events, begun = [], asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            events.append("ended")

    async with running_beside(work()):
        await begun.wait()
        events.append("beside")
    assert events == ["beside", "ended"]


async def test_the_failure_of_work_is_raised_when_the_block_ends() -> None:
    failed = asyncio.Event()

    async def work() -> None:
        failed.set()
        raise ValueError("broken")

    async def run() -> None:
        async with running_beside(work()):
            await failed.wait()

    with pytest.raises(ValueError, match="broken"):
        await run()


async def test_work_ends_when_the_block_fails() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def run() -> None:
        async with running_beside(work()):
            await begun.wait()
            raise KeyError

    with pytest.raises(KeyError):
        await run()
    assert ended.is_set()
