"""DBOS's rows of unfinished workflows, and how they are requeued."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dbos import DBOS
from dbos._core import execute_dequeued_workflow
from dbos._utils import generate_uuid

from registry.queries import group_counts

# DBOS's own words for work that has not ended: in hand, and waiting to be taken up.
PENDING = "PENDING"
ENQUEUED = "ENQUEUED"
# And of work that has.
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
# The queue that every process of DBOS's takes work from.
_QUEUE = "_dbos_internal_queue"
# Stands where DBOS keeps the token of a claim, in work that was handed to a process and not taken up by it yet.
_HANDED_OVER: Final = "handed-over"


@dataclass(frozen=True, slots=True)
class OpenWorkflow:
    """Work that has not ended.

    Attributes:
        id: Its id.
        name: The name of its body.
        status: `PENDING` or `WAITING`.
        executor: Who has it in hand, or had it last.
        version: The version of the process that started it.
        changed: When its row was last changed, in seconds since 1970.
    """

    id: str
    name: str
    status: str
    executor: str
    version: str
    changed: float


@dataclass(frozen=True, slots=True)
class ForeignWorkflows:
    """Work that this process does not take up: it is another version's.

    Attributes:
        version: The version that started it.
        name: The name of its body.
        count: How many pieces there are.
    """

    version: str
    name: str
    count: int


async def open_workflows() -> list[OpenWorkflow]:
    """All work that has not ended, of every version."""
    workflows = await DBOS.list_workflows_async(status=[PENDING, ENQUEUED], load_input=False, load_output=False)
    return [
        OpenWorkflow(
            row.workflow_id,
            row.name,
            row.status,
            row.executor_id or "",
            row.app_version or "",
            (row.updated_at or 0) / 1000,
        )
        for row in workflows
    ]


async def ended_workflows(before: datetime, most: int, skip: int = 0) -> Sequence[str]:
    """The ids of work that ended before a moment, the first started first, so many at most, behind the first `skip`."""
    rows = await DBOS.list_workflows_async(
        status=_ENDED,
        completed_before=before.isoformat(),
        limit=most,
        offset=skip,
        load_input=False,
        load_output=False,
    )
    return [row.workflow_id for row in rows]


async def delete_workflows(ids: Collection[str]) -> None:
    """Delete work with the outcomes of its steps."""
    if ids:
        await DBOS.delete_workflows_async(list(ids))


@dataclass(frozen=True, slots=True)
class WorkflowCount:
    """Workflows of one name and version in one state.

    Attributes:
        name: The name of their body.
        status: `PENDING` for those in hand, `ENQUEUED` for those that wait.
        count: Their number.
        oldest: When the oldest was created, in seconds since 1970.
        version: The version of the work, which a process must run to take it up.
    """

    name: str
    status: str
    count: int
    oldest: float
    version: str = ""


async def count_open_workflows(dbos: DBOS) -> tuple[WorkflowCount, ...]:
    """Count the workflows that have not ended, by name, state and version. Raises what SQLAlchemy raises."""
    return await asyncio.to_thread(_count_open, dbos)


def _count_open(dbos: DBOS) -> tuple[WorkflowCount, ...]:
    database = dbos._sys_db
    columns: Any = database.tables.workflow_status.c
    counted = group_counts([columns.name, columns.status, columns.application_version], columns.created_at)
    open_ones = counted.where(columns.status.in_([PENDING, ENQUEUED]))
    with database.engine.begin() as connection:
        rows = connection.execute(open_ones).all()
    return tuple(
        WorkflowCount(name, status, number, oldest / 1000, version or "")
        for name, status, version, number, oldest in rows
    )


async def requeue(dbos: DBOS, workflows: Collection[OpenWorkflow], version: str) -> None:
    """Puts work that nobody has in hand any more where any process of this version takes it up.

    Each row is changed only while it is as it was seen: once somebody has taken it up, nothing happens.
    """
    await asyncio.to_thread(_requeue, dbos, tuple(workflows), version)


def _requeue(dbos: DBOS, workflows: tuple[OpenWorkflow, ...], version: str) -> None:
    for row in workflows:
        if row.version != version:
            _change_version(dbos, row, version)
        if row.status == PENDING:
            dbos._sys_db.reenqueue_for_recovery(row.id, [row.executor], _QUEUE)


def _change_version(dbos: DBOS, row: OpenWorkflow, version: str) -> None:
    """Makes the work of another version this one's. DBOS has no call for it."""
    database = dbos._sys_db
    table: Any = database.tables.workflow_status
    seen = (table.c.workflow_uuid == row.id) & (table.c.status == row.status) & (table.c.executor_id == row.executor)
    with database.engine.begin() as connection:
        connection.execute(table.update().where(seen).values(application_version=version))


async def hand_over(dbos: DBOS, work_id: str, executor: str, other: str) -> bool:
    """Put work of one executor into the hand of another, who takes it up with its next look; tells whether it was ours.

    Should that one die first, whoever recovers its work takes it up: it is pending in its name.
    """
    return await asyncio.to_thread(_hand_over, dbos, work_id, executor, other)


def _hand_over(dbos: DBOS, work_id: str, executor: str, other: str) -> bool:
    table: Any = dbos._sys_db.tables.workflow_status
    own = (table.c.workflow_uuid == work_id) & (table.c.status == PENDING) & (table.c.executor_id == executor)
    values = {"executor_id": other, "owner_xid": _HANDED_OVER, "queue_name": None}
    with dbos._sys_db.engine.begin() as connection:
        return bool(connection.execute(table.update().where(own).values(values)).rowcount)


async def take_handed_over(dbos: DBOS, executor: str) -> Sequence[str]:
    """Run here the work that others have handed to this executor, each piece once; gives its ids."""
    return await asyncio.to_thread(_take_handed_over, dbos, executor)


def _take_handed_over(dbos: DBOS, executor: str) -> Sequence[str]:
    table: Any = dbos._sys_db.tables.workflow_status
    handed = (table.c.status == PENDING) & (table.c.executor_id == executor) & (table.c.owner_xid == _HANDED_OVER)
    token = generate_uuid()
    claim = table.update().where(handed).values(owner_xid=token).returning(table.c.workflow_uuid)
    with dbos._sys_db.engine.begin() as connection:
        ids = list(connection.execute(claim).scalars())
    for status in dbos._sys_db.get_workflow_statuses(ids) if ids else ():
        execute_dequeued_workflow(dbos, status, token)
    return ids
