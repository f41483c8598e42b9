"""Processes that share the database: their ids, their leases, and the services that they cannot reach."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from registry import leases as lease_rows
from registry.database import Connection
from registry.tables import access_faults, leases, processes

EXECUTOR_PREFIX: Final = "executor/"
"""The beginning of the names of leases that live processes hold; the rest is the executor's id."""

LOOP_PREFIX: Final = "loop/"
"""The beginning of the names of leases of loops."""


@dataclass(frozen=True, slots=True)
class AccessFault:
    """A service that a process has no access to.

    Attributes:
        subject: The AWS of a group, or the approval backend; see workflows.durable.access.
        reason: The reason, for people.
        since: The time at which it was first noticed.
    """

    subject: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """A process that shares the database.

    Attributes:
        id: Its id, which holds the leases of loops.
        executor: The id of its present life, which is the name of a lease, and owns durable work.
        name: Its name for people: the host name and the process id.
        version: The version of the durable work that it runs.
        settings: A digest of each block of its settings, by name.
        has_lock: True if a lock on this machine tells whether it lives; see registry/process_locks.py.
        started_at: The time of its start.
        faults: The services that it has no access to, by subject.
    """

    id: str
    executor: str
    name: str
    version: str
    settings: Mapping[str, str]
    has_lock: bool
    started_at: datetime
    faults: Mapping[str, AccessFault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FleetRows:
    """The processes that live, and the holders of loops.

    Attributes:
        processes: The processes whose lease is held, by id; those of earlier versions are not among them.
        loops: The id of the process that holds each loop's lease, by the loop's name.
    """

    processes: Mapping[str, ProcessRow] = field(default_factory=dict)
    loops: Mapping[str, str] = field(default_factory=dict)


async def register(connection: Connection, row: ProcessRow) -> None:
    """Insert the row of a process that starts."""
    values = {
        "id": row.id,
        "executor": row.executor,
        "name": row.name,
        "version": row.version,
        "settings": dict(row.settings),
        "has_lock": row.has_lock,
        "started_at": row.started_at,
    }
    await connection.execute(insert(processes).values(values))


async def set_executor(connection: Connection, process_id: str, executor: str) -> None:
    """Set the id of a process's next life."""
    await connection.execute(update(processes).where(processes.c.id == process_id).values(executor=executor))


async def remove(connection: Connection, *, process_id: str | None = None, executor: str | None = None) -> None:
    """Delete the row of a process that has ended, by its own id, or by the id of its last life if that is given."""
    which = processes.c.id == process_id if executor is None else processes.c.executor == executor
    ids = select(processes.c.id).where(which)
    await connection.execute(delete(access_faults).where(access_faults.c.process.in_(ids)))
    await connection.execute(delete(processes).where(which))


async def replace_faults(connection: Connection, process_id: str, faults: Collection[AccessFault]) -> None:
    """Replace the access faults of the process `process_id`."""
    await connection.execute(delete(access_faults).where(access_faults.c.process == process_id))
    if faults:
        rows = [
            {"process": process_id, "subject": fault.subject, "reason": fault.reason, "since": fault.since}
            for fault in faults
        ]
        await connection.execute(insert(access_faults), rows)


async def fleet(connection: Connection) -> FleetRows:
    """The processes that live, with their faults, and the holders of loops."""
    standing = await lease_rows.holders(connection, EXECUTOR_PREFIX)
    alive = {name.removeprefix(EXECUTOR_PREFIX) for name, _ in standing}
    rows = [row for row in (await connection.execute(select(processes))).all() if row.executor in alive]
    faults: dict[str, dict[str, AccessFault]] = defaultdict(dict)
    for fault in await connection.execute(select(access_faults)):
        faults[fault.process][fault.subject] = AccessFault(fault.subject, fault.reason, fault.since)
    loops = await lease_rows.holders(connection, LOOP_PREFIX)
    members = (
        ProcessRow(
            id=row.id,
            executor=row.executor,
            name=row.name,
            version=row.version,
            settings=row.settings,
            has_lock=row.has_lock,
            started_at=row.started_at,
            faults=faults.get(row.id, {}),
        )
        for row in rows
    )
    return FleetRows(
        {row.id: row for row in members}, {name.removeprefix(LOOP_PREFIX): process_id for name, process_id in loops}
    )


async def end_leases(connection: Connection, gone: Sequence[ProcessRow]) -> None:
    """End at once the leases of processes that are known to be gone: those of their lives and of their loops."""
    holders = [row.id for row in gone]
    names = [EXECUTOR_PREFIX + row.executor for row in gone]
    which = leases.c.holder.in_(holders) | leases.c.name.in_(names)
    await connection.execute(update(leases).where(which).values(until=lease_rows.RELEASED_AT))
