"""What one process of all does over and over: errors do not end it, a lost lease does, and another goes on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select, update

from registry.database import Database
from registry.tables import leases
from workflows.durable.leader_loop import LeaderLoop


@asynccontextmanager
async def turning(
    database: Database, function: Callable[[], Awaitable[None]], holder: str = "one", lease: float = 30
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(LeaderLoop(database, "watch", holder, 0, function, lease).run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def holder(database: Database) -> str | None:
    """Who has the lease now; None where it was given back."""
    async with database.reading() as connection:
        row = (await connection.execute(select(leases).where(leases.c.name == "loop/watch"))).one()
        return None if row.until.year == 1970 else row.holder


async def test_it_goes_on_after_an_error_which_is_logged_whole(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []
    done = asyncio.Event()

    async def function() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("a slip")
        done.set()
        await asyncio.Event().wait()

    async with turning(database, function):
        await asyncio.wait_for(done.wait(), 30)
        assert await holder(database) == "one"

    assert len(calls) == 2
    assert "The loop `watch` failed" in caplog.text
    assert "ValueError: a slip" in caplog.text
    assert await holder(database) is None


async def test_two_do_not_do_it_at_once_and_the_second_goes_on_where_the_first_has_ended(database: Database) -> None:
    first, second = asyncio.Event(), asyncio.Event()

    def noted(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
        async def function() -> None:
            event.set()
            await asyncio.Event().wait()

        return function

    async with turning(database, noted(first)):
        await asyncio.wait_for(first.wait(), 30)
        async with turning(database, noted(second), "two", lease=0.3) as waiting:
            # It asks ten times in a second.
            done, _ = await asyncio.wait((waiting,), timeout=0.5)
            assert (second.is_set(), done) == (False, set())
    async with turning(database, noted(second), "two"):
        await asyncio.wait_for(second.wait(), 30)
        assert await holder(database) == "two"


async def test_a_turn_under_way_is_cancelled_when_the_lease_is_lost(database: Database) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def function() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with turning(database, function, lease=1):
        await asyncio.wait_for(begun.wait(), 30)
        async with database.writing() as connection:
            await connection.execute(update(leases).values(holder="two", fence=leases.c.fence + 1))
        await asyncio.wait_for(ended.wait(), 30)
        assert await holder(database) == "two"


async def test_a_function_that_is_cancelled_from_within_has_its_next_turn_later(database: Database) -> None:
    calls: list[int] = []
    again = asyncio.Event()

    async def function() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise asyncio.CancelledError
        again.set()
        await asyncio.Event().wait()

    async with turning(database, function, lease=0.9):
        await asyncio.wait_for(again.wait(), 30)
    assert len(calls) == 2
