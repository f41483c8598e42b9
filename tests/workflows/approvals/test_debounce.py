"""workflows.approvals.debounce: woken once, however often it is called while it is busy."""

import asyncio

import pytest

from workflows.approvals.debounce import Debouncer


async def test_many_calls_are_one_more_look(caplog: pytest.LogCaptureFixture) -> None:
    looks: list[int] = []
    began, go_on = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        looks.append(len(looks))
        began.set()
        await go_on.wait()
        if len(looks) == 1:
            raise RuntimeError("the first look fails")

    async with asyncio.timeout(30), Debouncer(look, min_interval=0.01) as waking:
        waking.trigger()
        await began.wait()
        for _ in range(100):
            waking.trigger()
        began.clear()
        go_on.set()
        await began.wait()
    assert looks == [0, 1]
    assert "the first look fails" in caplog.text


async def test_it_pauses_between_two_runs() -> None:
    looked = asyncio.Event()

    async def look() -> None:
        looked.set()

    async with asyncio.timeout(30), Debouncer(look, min_interval=3600) as waking:
        waking.trigger()
        await looked.wait()
        looked.clear()
        waking.trigger()
        await asyncio.sleep(0)
        assert not looked.is_set()
