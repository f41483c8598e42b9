"""Finds work that nobody has in hand any more, and takes it up again, once."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dbos import WorkflowStatus

from registry import leases, processes
from registry.database import Database
from registry.processes import EXECUTOR_PREFIX
from workflows.durable.dbos_rows import PENDING, open_workflows
from workflows.durable.executor import Executor
from workflows.durable.held_lease import HeldLease

_log = logging.getLogger("sagegraph.durable")


@dataclass(frozen=True, slots=True)
class Recovery:
    """One executor's watch over the others, and over what it has lost itself.

    Attributes:
        database: The registry.
        executor: Whose watch it is.
        lease_seconds: How long it may take to recover what one dead process has left.
        dead_seconds: How long after the end of its lease a process is dead.
    """

    database: Database
    executor: Executor
    lease_seconds: float
    dead_seconds: float

    async def sweep(self) -> None:
        """Look once. Raises RegistryError, and what DBOS raises."""
        known = [row for row in await open_workflows() if row.name in self.executor.bodies]
        for dead in sorted(await self._dead_executors(known)):
            await self._take_over(dead, [row for row in known if row.executor_id == dead and row.status == PENDING])
        await self.executor.take([row for row in known if self._is_left(row)])

    async def _dead_executors(self, known: Iterable[WorkflowStatus]) -> set[str]:
        """The executors whose lease has long ended, or who have pending work and no lease at all."""
        async with self.database.reading() as connection:
            ended = await leases.expired(connection, EXECUTOR_PREFIX, self.dead_seconds)
            standing = set(await leases.names(connection, EXECUTOR_PREFIX))
        holders = {f"{EXECUTOR_PREFIX}{row.executor_id}" for row in known if row.status == PENDING}
        return {name.removeprefix(EXECUTOR_PREFIX) for name in {*ended, *(holders - standing)}} - {self.executor.id}

    async def _take_over(self, dead: str, left: Sequence[WorkflowStatus]) -> None:
        """Take up the work of a dead process. Whoever dies over it leaves the lease, and the rest, to the next."""
        lease = EXECUTOR_PREFIX + dead
        held_lease = await HeldLease.acquire(self.database, lease, self.executor.id, self.lease_seconds)
        if held_lease is None:
            return
        ids = await self.executor.take(left)
        if ids:
            _log.warning("The process %s is gone; its work is resumed: %s", dead, ", ".join(ids))
        async with self.database.writing() as connection:
            await leases.remove(connection, held_lease.lease)
            await processes.remove(connection, executor=dead)

    def _is_left(self, row: WorkflowStatus) -> bool:
        """Tell whether nobody has work in hand.

        It is ours by its row alone, because it broke off or was handed to us; or it waits on a queue, where a process
        of an earlier release has put it, and none of that release takes it up.
        """
        if row.status == PENDING:
            return row.executor_id == self.executor.id and row.workflow_id not in self.executor.running_ids
        return (row.updated_at or 0) / 1000 < time.time() - self.dead_seconds
