"""What one process of all does over and over: errors do not end it, a lost lease does, and another goes on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from registry.database import Database
from registry.tables import leases
from tests.workflows.durable.engines import no_fleet
from workflows.durable.access import LoopShare
from workflows.durable.leader_loop import LeaderLoop, LoopSpec


@asynccontextmanager
async def turning(
    database: Database, function: Callable[[], Awaitable[None]], holder: str = "one", lease: float = 30
) -> AsyncIterator[asyncio.Task[None]]:
    async def turn(_share: LoopShare) -> None:
        await function()

    fleet = no_fleet("sqlite+aiosqlite:///x", database, holder)
    task = asyncio.create_task(LeaderLoop(database, LoopSpec("watch", 0, turn), lease, fleet).run())
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


async def test_a_loop_that_fails_twice_in_a_row_goes_to_another_process(database: Database) -> None:
    """The sick one stands back for the length of a lease, and takes it again where nobody else has."""
    taken = asyncio.Event()
    calls: list[str] = []

    async def fail(_share: LoopShare) -> None:
        calls.append("sick")
        raise ValueError("a slip")

    async def work(_share: LoopShare) -> None:
        taken.set()
        await asyncio.Event().wait()

    async with AsyncExitStack() as stack:
        for name, turn, lease in (("sick", fail, 30.0), ("healthy", work, 0.3)):
            fleet: Any = SimpleNamespace(id=name, has_others=lambda: True, left_by_leader=lambda _: frozenset())
            loop = LeaderLoop(database, LoopSpec("watch", 0, turn), lease, fleet)
            task = asyncio.create_task(loop.run())
            stack.push_async_callback(_end, task)
            await asyncio.sleep(0)
        await asyncio.wait_for(taken.wait(), 30)
        assert await holder(database) == "healthy"
    assert calls == ["sick", "sick"]


class Turns:
    """The turns of one process: whether any took the group's work, and whether any left it."""

    def __init__(self) -> None:
        self.taken, self.left = asyncio.Event(), asyncio.Event()

    async def take(self, share: LoopShare) -> None:
        (self.taken if share.takes("group/1/r/risk") else self.left).set()
        await asyncio.sleep(0.01)


async def test_a_subject_that_the_leader_leaves_is_done_for_as_long_as_it_does(database: Database) -> None:
    """The one who helps has a lease of its own for it, and the leader never loses its own."""
    left: set[str] = set()
    turns = {"leader": Turns(), "helper": Turns()}
    leader, helper = (
        SimpleNamespace(id=name, has_others=lambda: True, left_by_leader=left_by_leader, is_left=left.__contains__)
        for name, left_by_leader in (("leader", lambda _: frozenset()), ("helper", lambda _: frozenset(left)))
    )
    async with AsyncExitStack() as stack:
        loops = []
        fleets: Any = (("leader", leader), ("helper", helper))
        for name, fleet in fleets:
            loop = LeaderLoop(database, LoopSpec("watch", 0, turns[name].take, by_subject=True), 0.9, fleet)
            loops.append(loop)
            stack.push_async_callback(_end, asyncio.create_task(loop.run()))
            await asyncio.wait_for(turns["leader"].taken.wait(), 30)
        left.add("group/1/r/risk")
        await asyncio.wait_for(turns["helper"].taken.wait(), 30)
        assert loops[1].status.helping == 1
        await asyncio.wait_for(turns["leader"].left.wait(), 30)
        left.clear()
        async with asyncio.timeout(30):
            while loops[1].status.helping:  # noqa: ASYNC110 - The end of help is told nobody.
                await asyncio.sleep(0.01)
        assert (await holder(database), loops[0].status.leading) == ("leader", True)
    assert not turns["helper"].left.is_set()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))
