"""Leases: one holder at a time, told apart by a number that grows, by the database's own clock."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from registry.database import Database
from registry.leases import Lease, acquire, expired, names, release, remove, renew
from registry.tables import leases


async def taken(database: Database, name: str, holder: str, seconds: float = 60) -> Lease | None:
    async with database.writing() as connection:
        return await acquire(connection, name, holder, seconds)


async def end(database: Database, name: str, seconds_ago: float) -> None:
    """Lets a lease have ended so long ago."""
    async with database.writing() as connection:
        ended = datetime.now(UTC) - timedelta(seconds=seconds_ago)
        await connection.execute(update(leases).where(leases.c.name == name).values(until=ended))


async def until(database: Database, name: str) -> datetime:
    async with database.reading() as connection:
        moment = (await connection.execute(select(leases.c.until).where(leases.c.name == name))).scalar_one()
        assert isinstance(moment, datetime)
        return moment


async def ended(database: Database, prefix: str, since: float) -> list[str]:
    async with database.reading() as connection:
        return await expired(connection, prefix, since)


async def test_a_lease_is_one_holders(database: Database) -> None:
    before = datetime.now(UTC)

    assert await taken(database, "loop/a", "one", 60) == Lease("loop/a", "one", 1)
    assert await taken(database, "loop/a", "two") is None
    assert await taken(database, "loop/a", "one") is None
    assert await taken(database, "loop/b", "two") == Lease("loop/b", "two", 1)

    assert timedelta(seconds=59) < await until(database, "loop/a") - before < timedelta(seconds=90)


async def test_of_many_who_ask_at_once_one_gets_it(database: Database) -> None:
    asked = await asyncio.gather(*(taken(database, "loop/a", f"holder {n}") for n in range(8)))

    assert len([lease for lease in asked if lease is not None]) == 1


async def test_a_lease_that_has_ended_is_taken_with_a_higher_fence(database: Database) -> None:
    await taken(database, "loop/a", "one")
    await end(database, "loop/a", 0.01)

    assert await taken(database, "loop/a", "two") == Lease("loop/a", "two", 2)


async def test_a_lease_is_renewed_by_its_holder_also_late_but_not_once_it_is_anothers(database: Database) -> None:
    first = await taken(database, "loop/a", "one", 1)
    assert first is not None
    await end(database, "loop/a", 5)
    async with database.writing() as connection:
        assert await renew(connection, first, 60)
    assert await until(database, "loop/a") > datetime.now(UTC) + timedelta(seconds=50)

    await end(database, "loop/a", 5)
    second = await taken(database, "loop/a", "one")
    assert second is not None
    async with database.writing() as connection:
        # The same holder, but of an earlier time: the fence tells.
        assert not await renew(connection, first, 600)
        assert await renew(connection, second, 60)
    assert await until(database, "loop/a") < datetime.now(UTC) + timedelta(seconds=120)


async def test_a_lease_that_is_given_back_is_free_and_counts_as_long_ended(database: Database) -> None:
    lease = await taken(database, "executor/a", "one")
    assert lease is not None
    async with database.writing() as connection:
        await release(connection, lease)

    assert await ended(database, "executor/", 3600) == ["executor/a"]
    assert await taken(database, "executor/a", "two") == Lease("executor/a", "two", 2)


async def test_what_somebody_else_has_taken_is_neither_given_back_nor_removed(database: Database) -> None:
    first = await taken(database, "executor/a", "one")
    assert first is not None
    await end(database, "executor/a", 1)
    second = await taken(database, "executor/a", "two")
    assert second is not None

    async with database.writing() as connection:
        await release(connection, first)
        await remove(connection, first)
    assert await taken(database, "executor/a", "three") is None

    async with database.writing() as connection:
        await remove(connection, second)
        assert await names(connection, "executor/") == []


async def test_what_has_ended_is_found_by_prefix_and_age(database: Database) -> None:
    for name in ("executor/a", "executor/b", "executor/c", "loop/a", "executor%"):
        await taken(database, name, "one")
    await end(database, "executor/b", 100)
    await end(database, "executor/c", 10)
    await end(database, "loop/a", 100)

    assert await ended(database, "executor/", 60) == ["executor/b"]
    assert await ended(database, "executor/", 5) == ["executor/b", "executor/c"]
    assert await ended(database, "executor%", 0) == []
    async with database.reading() as connection:
        assert await names(connection, "executor/") == ["executor/a", "executor/b", "executor/c"]
        assert await names(connection, "executor%") == ["executor%"]
