"""Leader election: a loop that one process runs at a time; the others stand by, and take what it leaves."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from registry.database import Database
from registry.errors import RegistryError
from workflows.durable.access import LoopShare
from workflows.durable.fleet import Fleet, loop_lease
from workflows.durable.held_lease import HeldLease

FAILURES_BEFORE_LEAVING: Final = 2
"""Turns in a row that may fail before another process is let in, if there is one."""

Turn = Callable[[LoopShare], Awaitable[None]]
"""One turn of a loop, for a share of its work."""

_log = logging.getLogger("sagegraph.durable")


@dataclass(slots=True)
class LoopStatus:
    """State of a loop in this process, for metrics.

    Attributes:
        name: The loop's name.
        leading: True while this process holds the loop's lease.
        passes: The number of turns that ended well.
        failures: The number of turns that failed.
        last_success: When the last turn ended well, in seconds since 1970; None before the first.
        helping: The number of subjects that this process does because the leader leaves them.
    """

    name: str
    leading: bool = False
    passes: int = 0
    failures: int = 0
    last_success: float | None = None
    helping: int = 0


@dataclass(frozen=True, slots=True)
class LoopSpec:
    """The work of a loop, and its pace.

    Attributes:
        name: The loop's name, one for all processes.
        seconds: The pause between the end of one turn and the next.
        turn: One turn. An error of its own is logged, and the loop goes on; if the next turn fails too, and another
            process lives, that one leads.
        by_subject: True if the turn does the share that it is given, so that others can do what a leader leaves.
    """

    name: str
    seconds: float
    turn: Turn
    by_subject: bool = False


class LeaderLoop:
    """One such loop; `run` is its task, which ends only by being cancelled and then gives the lease back.

    The leader does the work of every subject that it has access to (see access.py). What it lacks and another process
    may have, it leaves: that process holds a lease of its own for the subject until the leader has access again.

    Args:
        database: The registry.
        spec: What it does.
        lease_seconds: How long after a crash another process may take over.
        fleet: The processes beside this one.

    Attributes:
        status: How it does.
    """

    def __init__(self, database: Database, spec: LoopSpec, lease_seconds: float, fleet: Fleet) -> None:
        self._database = database
        self._spec = spec
        self._lease_seconds = lease_seconds
        self._fleet = fleet
        self._helping: dict[str, asyncio.Task[None]] = {}
        self._failures = 0
        self.status = LoopStatus(spec.name)

    async def run(self) -> None:
        """Take the lease whenever nobody has it, and do the work for as long as it is ours."""
        share = LoopShare(lambda subject: not self._fleet.is_left(subject), lambda: True)
        try:
            while True:
                held_lease = await self._acquire(loop_lease(self._spec.name))
                if held_lease is not None:
                    self.status.leading = True
                    try:
                        await self._lead(held_lease, share)
                    finally:
                        self.status.leading = False
                else:
                    self._help()
                await asyncio.sleep(self._lease_seconds / 3 if self._failures == 0 else self._lease_seconds)
                self._failures = 0
        finally:
            for task in self._helping.values():
                task.cancel()
            await asyncio.gather(*self._helping.values(), return_exceptions=True)

    def _help(self) -> None:
        """Begin to do what the leader leaves and nobody does yet."""
        self._helping = {subject: task for subject, task in self._helping.items() if not task.done()}
        left = self._fleet.left_by_leader(self._spec.name) if self._spec.by_subject else frozenset()
        for subject in left - self._helping.keys():
            self._helping[subject] = asyncio.create_task(self._help_with(subject))

    async def _help_with(self, subject: str) -> None:
        held_lease = await self._acquire(loop_lease(self._spec.name, subject))
        if held_lease is not None:
            _log.warning("The leader of the loop `%s` leaves `%s` to this process.", self._spec.name, subject)
            self.status.helping += 1
            try:
                await self._lead(held_lease, self._helpers_share(subject))
            finally:
                self.status.helping -= 1

    def _helpers_share(self, subject: str) -> LoopShare:
        """Give the share of the work that needs one subject, for as long as the leader leaves it."""

        def is_needed() -> bool:
            return subject in self._fleet.left_by_leader(self._spec.name)

        return LoopShare(lambda other: other == subject and is_needed(), is_needed)

    async def _acquire(self, lease: str) -> HeldLease | None:
        try:
            return await HeldLease.acquire(self._database, lease, self._fleet.id, self._lease_seconds)
        except RegistryError as error:
            _log.warning("The loop `%s` cannot ask for its lease; trying again: %s", self._spec.name, error)
            return None

    async def _lead(self, held_lease: HeldLease, share: LoopShare) -> None:
        """Work while the lease is ours; a turn under way is cancelled when it is lost."""
        try:
            if not await held_lease.hold_during(self._run_turns(held_lease, share)):
                _log.warning(
                    "The loop `%s` has lost its lease or was cancelled; another process may lead it.", self._spec.name
                )
        finally:
            await held_lease.release()

    async def _run_turns(self, held_lease: HeldLease, share: LoopShare) -> None:
        failures = 0
        while held_lease.alive and share.is_needed():
            try:
                await self._spec.turn(share)
                failures = 0
                self.status.passes += 1
                self.status.last_success = time.time()
            except Exception:  # noqa: BLE001 - a loop goes on, whatever its function meets.
                failures += 1
                self.status.failures += 1
                _log.exception("The loop `%s` failed; trying again at its next turn.", self._spec.name)
            if failures >= FAILURES_BEFORE_LEAVING and self._fleet.has_others():
                _log.warning(
                    "The loop `%s` has failed %d times; another process may lead it.", self._spec.name, failures
                )
                self._failures = failures
                return
            await asyncio.sleep(self._spec.seconds)
