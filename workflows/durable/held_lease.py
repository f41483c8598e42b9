"""A lease renewed in the background, and treated as lost before it can expire."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from registry import leases
from registry.database import Database
from registry.errors import RegistryError, RegistryUnavailableError
from registry.leases import Lease

_log = logging.getLogger("sagegraph.durable")

# A holder gives up when nine tenths of the lease are over: what it began just before is then well under way, or done.
_USABLE_SHARE = 0.9

ClockReadings = tuple[float, float]
"""A moment by the clock that always goes forward, and by the wall's."""


def read_clocks() -> ClockReadings:
    """This moment. The first clock stands still while a machine sleeps, the second may be set back: both must agree."""
    return time.monotonic(), time.time()


@dataclass(eq=False)
class HeldLease:
    """A lease that this process has. Once lost it stays lost, whatever the database says: others may have gone on.

    Attributes:
        database: The registry.
        lease: The lease, just taken.
        seconds: How long it lasts after each renewal.
        asked_at: The moment before it was asked for, or renewed last.
        clock: Tells the moment.
        lost: Set once it is lost.
        fault: Why the last renewal failed; None if it succeeded.
    """

    database: Database
    lease: Lease
    seconds: float
    asked_at: ClockReadings
    clock: Callable[[], ClockReadings] = read_clocks
    lost: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    fault: RegistryError | None = field(default=None, init=False)

    @classmethod
    async def acquire(
        cls,
        database: Database,
        name: str,
        holder: str,
        seconds: float,
        clock: Callable[[], ClockReadings] = read_clocks,
    ) -> Self | None:
        """Take a lease; None while somebody has it.

        Args:
            database: Keeps the leases.
            name: The name of the lease, such as `executor/0198…`.
            holder: The name of who takes it.
            seconds: For how long it is held without a renewal.
            clock: Tells the time, also that in which the machine slept.

        Raises:
            RegistryError: The database does not answer.
        """
        begun = clock()
        async with database.writing() as connection:
            lease = await leases.acquire(connection, name, holder, seconds)
        return None if lease is None else cls(database, lease, seconds, begun, clock)

    @property
    def alive(self) -> bool:
        """Tell whether the lease is still ours for certain, also after the process or its machine has slept."""
        usable = self.seconds * _USABLE_SHARE
        if any(now >= asked + usable for now, asked in zip(self.clock(), self.asked_at, strict=True)):
            self.lost.set()
        return not self.lost.is_set()

    async def keep_renewing(self) -> None:
        """Renews the lease three times in its length, until it is lost."""
        while self.alive:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.lost.wait(), self.seconds / 3)
            if self.alive:
                await self._renew()

    async def hold_during(self, work: Coroutine[Any, Any, object]) -> bool:
        """Renew the lease while work runs, and cancel the work if the lease is lost; tells whether it ended by itself.

        The error of work that fails is not raised.
        """
        tasks = (asyncio.create_task(work), asyncio.create_task(self.keep_renewing()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return self.alive and not tasks[0].cancelled()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def release(self) -> None:
        """Ends the lease at once, for the next one to take; a database that is away only makes them wait."""
        self.lost.set()
        try:
            async with self.database.writing() as connection:
                await leases.release(connection, self.lease)
        except RegistryError as error:
            _log.warning("The lease %s could not be given back and ends by itself: %s", self.lease.name, error)

    async def _renew(self) -> None:
        begun = self.clock()
        try:
            async with asyncio.timeout(self.seconds / 3), self.database.writing() as connection:
                renewed = await leases.renew(connection, self.lease, self.seconds)
        except (RegistryError, TimeoutError) as error:
            late = RegistryUnavailableError("The registry did not answer in time; try again.")
            self.fault = error if isinstance(error, RegistryError) else late
            _log.warning("The lease %s could not be renewed; trying again: %r", self.lease.name, error)
            return
        self.fault = None
        if renewed:
            self.asked_at = begun
        else:
            self.lost.set()
