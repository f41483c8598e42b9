"""Counts the processes that share the accounts' rates: each has a lease for as long as it lives."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from aws.brake import Brakes
from registry import leases
from registry.database import Database
from registry.errors import RegistryError
from workflows.durable.recovery import PREFIX

_log = logging.getLogger("sagegraph.neighbours")

SECONDS: Final = 15.0
"""How often they are counted: half a lease, so that a process that has died is not counted much longer than it must."""


@asynccontextmanager
async def counted(database: Database, brakes: Brakes, seconds: float = SECONDS) -> AsyncIterator[None]:
    """Keeps the brakes' share up to date while the block runs."""
    task = asyncio.create_task(_keep(database, brakes, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep(database: Database, brakes: Brakes, seconds: float) -> None:
    while True:
        try:
            brakes.share = max(1, await count(database))
        except RegistryError as error:
            _log.warning("The live processes could not be counted; the last count stands: %s", error)
        await asyncio.sleep(seconds)


async def count(database: Database) -> int:
    """How many processes live now. Raises RegistryError."""
    async with database.reading() as connection:
        known = await leases.names(connection, PREFIX)
        return len(set(known) - set(await leases.expired(connection, PREFIX, 0)))
