"""Leader election: a loop that one process runs at a time; the others stand by."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from registry.database import Database
from registry.errors import RegistryError
from workflows.durable.held_lease import HeldLease

_log = logging.getLogger("sagegraph.durable")


@dataclass(slots=True)
class LoopStatus:
    """How a loop does in this process, for metrics.

    Attributes:
        name: The loop's name.
        leading: True while this process holds the loop's lease.
        passes: The number of turns that ended well.
        failures: The number of turns that failed.
        last_success: When the last turn ended well, in seconds since 1970; None before the first.
    """

    name: str
    leading: bool = False
    passes: int = 0
    failures: int = 0
    last_success: float | None = None


class LeaderLoop:
    """One such loop; `run` is its task, which ends only by being cancelled and then gives the lease back.

    Args:
        database: The registry.
        name: The loop's name, one for all processes.
        holder: This process.
        seconds: The pause between the end of one turn and the next.
        function: What is done. An error of its own is logged, and the loop goes on.
        lease_seconds: How long after a crash another process may take over.

    Attributes:
        status: How it does.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        holder: str,
        seconds: float,
        function: Callable[[], Awaitable[None]],
        lease_seconds: float,
    ) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._seconds = seconds
        self._function = function
        self._lease_seconds = lease_seconds
        self.status = LoopStatus(name)

    async def run(self) -> None:
        """Takes the lease whenever nobody has it, and does the work for as long as it is ours."""
        while True:
            try:
                held_lease = await HeldLease.acquire(
                    self._database, f"loop/{self._name}", self._holder, self._lease_seconds
                )
            except RegistryError as error:
                _log.warning("The loop `%s` cannot ask for its lease; trying again: %s", self._name, error)
                held_lease = None
            if held_lease is not None:
                await self._lead(held_lease)
            await asyncio.sleep(self._lease_seconds / 3)

    async def _lead(self, held_lease: HeldLease) -> None:
        """Works while the lease is ours; a turn under way is cancelled when it is lost."""
        working, keeping = (
            asyncio.create_task(self._run_turns(held_lease)),
            asyncio.create_task(held_lease.keep_renewing()),
        )
        self.status.leading = True
        try:
            await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
            _log.warning("The loop `%s` has lost its lease, or was cancelled from within; it stands by.", self._name)
        finally:
            self.status.leading = False
            working.cancel()
            keeping.cancel()
            await asyncio.wait((working, keeping))
            await held_lease.release()

    async def _run_turns(self, held_lease: HeldLease) -> None:
        while held_lease.alive:
            try:
                await self._function()
                self.status.passes += 1
                self.status.last_success = time.time()
            except Exception:  # noqa: BLE001 - a loop goes on, whatever its function meets.
                self.status.failures += 1
                _log.exception("The loop `%s` failed; its next turn comes all the same.", self._name)
            await asyncio.sleep(self._seconds)
