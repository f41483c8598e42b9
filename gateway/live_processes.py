"""Count the live processes that share the rate limits of an account: each holds a lease while it lives."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aws.client.rate_limit import RateLimiters
from concurrency.background import running_beside
from registry import leases
from registry.database import Database
from registry.errors import RegistryError
from registry.processes import EXECUTOR_PREFIX

_log = logging.getLogger("sagegraph.live_processes")

COUNT_INTERVAL_SECONDS: Final = 15.0
"""Seconds between two counts: half a lease, so that a dead process is not counted for long."""


@asynccontextmanager
async def track_live_processes(
    database: Database, rate_limiters: RateLimiters, seconds: float = COUNT_INTERVAL_SECONDS
) -> AsyncIterator[None]:
    """Keep the rate limiters' share up to date while the block runs.

    Args:
        database: The registry, which has the lease of each process.
        rate_limiters: The rate limiters of this process.
        seconds: The time between two counts.
    """
    async with running_beside(_track(database, rate_limiters, seconds)):
        yield


async def _track(database: Database, rate_limiters: RateLimiters, seconds: float) -> None:
    while True:
        try:
            rate_limiters.share = max(1, await count_live_processes(database))
        except RegistryError as error:
            _log.warning("The live processes could not be counted; the last count is used: %s", error)
        await asyncio.sleep(seconds)


async def count_live_processes(database: Database) -> int:
    """Count the processes whose lease in the database has not expired. Raises RegistryError."""
    async with database.reading() as connection:
        known = await leases.names(connection, EXECUTOR_PREFIX)
        return len(set(known) - set(await leases.expired(connection, EXECUTOR_PREFIX, 0)))
