"""Work that runs once for all who await it."""

import asyncio

import pytest

from auth.credentials.shared_tasks import SharedTask, TaskOwner
from auth.errors import CredentialsUnavailableError


class Work:
    """Counts its runs, and ends when let."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun = asyncio.Event()
        self.let_end = asyncio.Event()
        self.failure: Exception | None = None

    async def __call__(self) -> int:
        self.runs += 1
        self.begun.set()
        await self.let_end.wait()
        if self.failure is not None:
            raise self.failure
        return self.runs


async def test_all_who_come_meanwhile_get_the_one_outcome() -> None:
    work = Work()
    flight = SharedTask(TaskOwner(), work)
    waiters = [asyncio.create_task(flight.wait()) for _ in range(20)]
    await work.begun.wait()
    work.let_end.set()
    assert await asyncio.gather(*waiters) == [1] * 20
    assert work.runs == 1


async def test_the_next_one_runs_anew() -> None:
    work = Work()
    work.let_end.set()
    flight = SharedTask(TaskOwner(), work)
    assert [await flight.wait(), await flight.wait()] == [1, 2]


async def test_a_failure_is_everyones_and_is_not_repeated() -> None:
    work = Work()
    work.failure = CredentialsUnavailableError("down")
    flight = SharedTask(TaskOwner(), work)
    waiters = [asyncio.create_task(flight.wait()) for _ in range(20)]
    await work.begun.wait()
    work.let_end.set()
    assert await asyncio.gather(*waiters, return_exceptions=True) == [work.failure] * 20
    assert work.runs == 1


async def test_who_goes_away_leaves_the_work_running() -> None:
    work = Work()
    flight = SharedTask(TaskOwner(), work)
    first = asyncio.create_task(flight.wait())
    await work.begun.wait()
    second = asyncio.create_task(flight.wait())
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.let_end.set()
    assert await second == 1
    assert work.runs == 1


async def test_a_failure_that_nobody_waits_for_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    work = Work()
    work.failure = CredentialsUnavailableError("down")
    work.let_end.set()
    task = SharedTask(TaskOwner(), work).start()
    await asyncio.wait([task])
    del task
    assert caplog.records == []


async def test_closing_stops_what_is_under_way_and_begins_no_more() -> None:
    work = Work()
    flights = TaskOwner()
    flight = SharedTask(flights, work)
    waiter = asyncio.create_task(flight.wait())
    await work.begun.wait()
    await flights.close()
    with pytest.raises(CredentialsUnavailableError, match="shutting down"):
        await waiter
    with pytest.raises(CredentialsUnavailableError, match="shutting down"):
        await flight.wait()
    assert work.runs == 1
