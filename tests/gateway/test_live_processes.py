"""gateway.live_processes: who lives has a lease, and the rate limiters hear how many there are."""

import asyncio

from aws.client.rate_limit import RateLimiters
from gateway.live_processes import count_live_processes, track_live_processes
from registry import leases
from registry.database import Database
from registry.leases import Lease
from registry.processes import EXECUTOR_PREFIX


async def live(database: Database, name: str) -> Lease:
    async with database.writing() as connection:
        lease = await leases.acquire(connection, EXECUTOR_PREFIX + name, name, 30)
    assert lease is not None
    return lease


async def test_who_lives_is_counted(database: Database) -> None:
    assert await count_live_processes(database) == 0
    first = await live(database, "first")
    await live(database, "second")
    assert await count_live_processes(database) == 2
    async with database.writing() as connection:
        await leases.acquire(connection, "loop/watch", "first", 30)
        await leases.release(connection, first)
    assert await count_live_processes(database) == 1


async def test_the_rate_limiters_are_told_of_it(database: Database) -> None:
    rate_limiters = RateLimiters()
    for name in ("first", "second", "third"):
        await live(database, name)
    async with asyncio.timeout(30), track_live_processes(database, rate_limiters, seconds=0.01):
        while rate_limiters.share != 3:  # noqa: ASYNC110 - the count is a plain number, of which nobody is told.
            await asyncio.sleep(0.005)


async def test_alone_before_anyone_has_a_lease(database: Database) -> None:
    rate_limiters = RateLimiters(share=7)
    async with asyncio.timeout(30), track_live_processes(database, rate_limiters, seconds=0.01):
        while rate_limiters.share != 1:  # noqa: ASYNC110 - as above.
            await asyncio.sleep(0.005)
