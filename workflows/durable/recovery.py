"""Finds work that nobody has in hand any more, and has it taken up again, once."""

import logging
import time
from collections.abc import Collection, Iterable

from dbos import WorkflowStatus

from registry import leases, processes
from registry.database import Database
from registry.errors import RegistryError
from workflows.durable.dbos_internals import requeue, take_handed_over
from workflows.durable.dbos_rows import ENQUEUED, PENDING, open_workflows
from workflows.durable.errors import DurableError
from workflows.durable.executor import Executor
from workflows.durable.fleet import Fleet
from workflows.durable.held_lease import HeldLease

_log = logging.getLogger("sagegraph.durable")

EXECUTOR_LEASE_PREFIX = processes.EXECUTOR_PREFIX
"""The leases of processes; the rest of the name is the id that DBOS keeps with each piece of work."""


class Recovery:
    """One executor's watch over the others, and over what it has lost itself.

    Args:
        database: The registry.
        executor: Whose watch it is.
        lease_seconds: How long it may take to recover what one dead process has left.
        dead_seconds: How long after the end of its lease a process is dead.
    """

    def __init__(self, database: Database, executor: Executor, lease_seconds: float, dead_seconds: float) -> None:
        self._database = database
        self._executor = executor
        self._lease_seconds = lease_seconds
        self._dead_seconds = dead_seconds
        self._missing: frozenset[str] = frozenset()

    async def sweep(self) -> None:
        """Looks once. Raises RegistryError, and what DBOS raises."""
        known = [row for row in await open_workflows() if row.name in self._executor.names]
        for dead in sorted(await self._dead_executors(known)):
            await self._take_over(dead)
        if any(self._is_missing(row) for row in known):
            handed = await take_handed_over(self._executor.dbos, self._executor.id)
            known = [row for row in known if row.workflow_id not in handed]
        await self._requeue_missing(known)
        await requeue(self._executor.dbos, list(self._abandoned(known)), self._executor.version)

    async def _dead_executors(self, known: Iterable[WorkflowStatus]) -> set[str]:
        """The executors whose lease has long ended, or who have pending work and no lease at all."""
        async with self._database.reading() as connection:
            ended = await leases.expired(connection, EXECUTOR_LEASE_PREFIX, self._dead_seconds)
            standing = set(await leases.names(connection, EXECUTOR_LEASE_PREFIX))
        holders = {f"{EXECUTOR_LEASE_PREFIX}{row.executor_id}" for row in known if row.status == PENDING}
        dead = {name.removeprefix(EXECUTOR_LEASE_PREFIX) for name in {*ended, *(holders - standing)}}
        return dead - {self._executor.id}

    async def _take_over(self, dead: str) -> None:
        """Has the work of a dead process taken up. Whoever dies over it leaves the lease, and the rest, to the next."""
        held_lease = await HeldLease.acquire(
            self._database, EXECUTOR_LEASE_PREFIX + dead, self._executor.id, self._lease_seconds
        )
        if held_lease is None:
            return
        left = [row for row in await open_workflows() if row.executor_id == dead and row.status == PENDING]
        workflows = [row for row in left if row.name in self._executor.names]
        await requeue(self._executor.dbos, workflows, self._executor.version)
        if workflows:
            ids = ", ".join(row.workflow_id for row in workflows)
            _log.warning("The process %s is gone; its work is resumed: %s", dead, ids)
        async with self._database.writing() as connection:
            await leases.remove(connection, held_lease.lease)
            await processes.remove(connection, executor=dead)

    async def _requeue_missing(self, known: Iterable[WorkflowStatus]) -> None:
        """Takes up again what is ours by its row and not in hand, twice in a row: it was never begun, or broke off."""
        missing = [row for row in known if self._is_missing(row)]
        again = [row for row in missing if row.workflow_id in self._missing]
        self._missing = frozenset(row.workflow_id for row in missing)
        await requeue(self._executor.dbos, again, self._executor.version)

    def _is_missing(self, row: WorkflowStatus) -> bool:
        """Tell whether work is ours by its row, and not in hand here."""
        ours = row.executor_id == self._executor.id and row.status == PENDING
        return ours and row.workflow_id not in self._executor.running_ids

    def _abandoned(self, known: Iterable[WorkflowStatus]) -> Iterable[WorkflowStatus]:
        """Waiting work of another version that none of its processes takes up."""
        long_ago = time.time() - self._dead_seconds
        for row in known:
            foreign = row.status == ENQUEUED and row.app_version != self._executor.version
            if foreign and (row.updated_at or 0) / 1000 < long_ago:
                yield row


async def hand_over_work(fleet: Fleet, executor: Executor, work_id: str, subjects: Collection[str]) -> bool:
    """Give work to the oldest process that may have access to what it needs; False if there is none.

    Args:
        fleet: The processes that share the database, which are looked at anew.
        executor: The one that has the work in hand.
        work_id: The id of the work.
        subjects: What this process has no access to; see access.py.
    """
    try:
        await fleet.refresh()
        others = fleet.others_with_access(subjects)
        moved = bool(others) and await executor.give(work_id, others[0].executor)
    except (RegistryError, DurableError) as error:
        _log.warning("The work %s cannot be handed over: %s", work_id, error)
        return False
    if moved:
        fleet.handed_over += 1
        _log.warning("The work %s is handed over to the process %s, which may have access.", work_id, others[0].name)
    return moved
