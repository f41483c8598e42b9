"""A lease that is kept: how long it is certainly ours, by two clocks, and what ends it."""

import asyncio
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from registry import leases
from registry.database import Database
from registry.tables import leases as table
from workflows.durable.held_lease import ClockReadings, HeldLease, read_clocks


@dataclass
class Clock:
    """Both clocks, to be set."""

    monotonic: float = 1000
    wall: float = 5000

    def __call__(self) -> ClockReadings:
        return self.monotonic, self.wall


async def held(database: Database, clock: Clock, seconds: float = 30) -> HeldLease:
    holding = await HeldLease.acquire(database, "executor/a", "a", seconds, clock)
    assert holding is not None
    return holding


async def somebody_else_takes_it(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(update(table).values(holder="another", fence=table.c.fence + 1))


async def test_a_lease_that_is_held_is_not_taken(database: Database) -> None:
    await held(database, Clock())
    assert await HeldLease.acquire(database, "executor/a", "b", 30) is None


@pytest.mark.parametrize(("monotonic", "wall"), [(27, 0), (0, 27), (27, 27), (1e6, 1e6)])
async def test_it_is_lost_for_good_after_nine_tenths_by_either_clock(
    database: Database, monotonic: float, wall: float
) -> None:
    clock = Clock()
    holding = await held(database, clock)
    clock.monotonic += 26.9
    clock.wall += 26.9
    assert holding.alive

    clock.monotonic, clock.wall = 1000 + monotonic, 5000 + wall
    assert not holding.alive
    clock.monotonic, clock.wall = 1000, 5000
    assert not holding.alive
    assert holding.lost.is_set()


async def test_a_wall_clock_that_is_set_back_makes_no_lease_longer(database: Database) -> None:
    clock = Clock()
    holding = await held(database, clock)
    clock.monotonic += 27
    clock.wall -= 3600
    assert not holding.alive


async def test_it_is_renewed_while_it_is_kept(database: Database) -> None:
    clock = Clock()
    holding = await held(database, clock, 0.9)
    keeping = asyncio.create_task(holding.keep_renewing())
    for _ in range(4):
        # By its own clock each time nearly over; only renewing lets it go on.
        clock.monotonic += 0.7
        clock.wall += 0.7
        await asyncio.sleep(0.45)
        assert holding.alive
    clock.monotonic += 0.9
    await asyncio.wait_for(keeping, 30)
    assert not holding.alive


async def test_it_is_lost_when_renewing_finds_another_holder(database: Database) -> None:
    holding = await held(database, Clock(), 0.3)
    await somebody_else_takes_it(database)

    await asyncio.wait_for(holding.keep_renewing(), 30)

    assert not holding.alive
    await holding.release()
    async with database.reading() as connection:
        assert await leases.expired(connection, "executor/", 3600) == []


async def test_a_lease_that_has_run_out_is_not_renewed_though_nobody_has_taken_it(database: Database) -> None:
    clock = Clock()
    holding = await held(database, clock, 0.3)
    clock.wall += 10

    await asyncio.wait_for(holding.keep_renewing(), 30)

    async with asyncio.timeout(30):
        while await HeldLease.acquire(database, "executor/a", "b", 30) is None:  # noqa: ASYNC110 - the database's clock.
            await asyncio.sleep(0.05)


async def test_a_lease_that_is_given_back_is_lost_and_free_at_once(database: Database) -> None:
    holding = await held(database, Clock())
    await holding.release()
    assert not holding.alive
    assert await HeldLease.acquire(database, "executor/a", "b", 30) is not None


async def test_a_database_that_is_away_is_borne_as_long_as_the_lease_lasts(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    holding = await HeldLease.acquire(database, "executor/a", "a", 1)
    assert holding is not None

    async def nothing(*_: object) -> bool:
        await asyncio.Event().wait()
        return True

    with monkeypatch.context() as patch:
        patch.setattr(leases, "renew", nothing)
        begun = read_clocks()
        await asyncio.wait_for(holding.keep_renewing(), 30)
    assert read_clocks()[0] - begun[0] > 0.5
    assert not holding.alive
    assert "The lease executor/a could not be renewed; trying again: TimeoutError()" in caplog.text
