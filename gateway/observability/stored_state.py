"""The state that all processes share, read from the database for metrics within a second, and kept for some."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from registry.database import Database
from registry.errors import RegistryError
from registry.work_counts import WorkCount, loop_holders, work_counts
from workflows.durable.dbos_rows import WorkflowCount
from workflows.durable.errors import DurableError

KEPT_SECONDS: Final = 5.0
"""Seconds for which a reading is given again: any number of scrapes costs the database one reading in this time."""

PATIENCE_SECONDS: Final = 0.7
"""Seconds that the database may take; after them a scrape reports that it is away."""


class OpenWorkflows(Protocol):
    """Counts durable work; see workflows.durable.dbos_rows.WorkflowRows."""

    async def count_open(self) -> tuple[WorkflowCount, ...]:
        """Count the work that has not ended, and that which was given up."""


@dataclass(frozen=True, slots=True)
class StoredState:
    """A reading of the database.

    Attributes:
        available: True if the database answered in time; the rest is empty if not.
        work: Open work of the registry.
        workflows: Open workflows, and those that were given up.
        holders: The name of each held lease of a loop, and the process that holds it.
    """

    available: bool = False
    work: tuple[WorkCount, ...] = ()
    workflows: tuple[WorkflowCount, ...] = ()
    holders: tuple[tuple[str, str], ...] = ()


class StoredStateReader:
    """Reads the state, once for all scrapes at a time; of scrapes against a database that hangs, only one waits for it.

    Args:
        database: The registry.
        workflows: Durable work.
        clock: Gives the time in seconds.
    """

    def __init__(
        self, database: Database, workflows: OpenWorkflows, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._workflows = workflows
        self._clock = clock
        self._state = StoredState()
        self._until: float | None = None
        self._reading: asyncio.Task[StoredState] | None = None

    async def read(self) -> StoredState:
        """Give the state as it was within the last seconds."""
        if self._until is not None and self._clock() < self._until:
            return self._state
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        reading = self._reading
        await asyncio.wait({reading}, timeout=PATIENCE_SECONDS)
        if not reading.done():
            return StoredState()
        if reading is self._reading:
            self._reading, self._state, self._until = None, reading.result(), self._clock() + KEPT_SECONDS
        return self._state

    async def aclose(self) -> None:
        """End a reading that is still under way."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})

    async def _read(self) -> StoredState:
        try:
            # First, so that a database that is away leaves no thread waiting for DBOS's tables.
            async with self._database.reading() as connection:
                work, holders = await work_counts(connection), await loop_holders(connection)
            return StoredState(True, work, await self._workflows.count_open(), holders)
        except (RegistryError, DurableError):
            return StoredState()
