"""DBOS's rows of unfinished workflows, and how they are requeued."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dbos import DBOS

from registry.queries import group_counts

# DBOS's own words for work that has not ended: in hand, and waiting to be taken up.
PENDING = "PENDING"
ENQUEUED = "ENQUEUED"
# And of work that has.
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
# The queue that every process of DBOS's takes work from.
_QUEUE = "_dbos_internal_queue"


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
    """Workflows of one name in one state.

    Attributes:
        name: The name of their body.
        status: `PENDING` for those in hand, `ENQUEUED` for those that wait.
        count: Their number.
        oldest: When the oldest was created, in seconds since 1970.
    """

    name: str
    status: str
    count: int
    oldest: float


async def count_open_workflows(dbos: DBOS) -> tuple[WorkflowCount, ...]:
    """Count the workflows that have not ended, by name and state. Raises what SQLAlchemy raises."""
    return await asyncio.to_thread(_count_open, dbos)


def _count_open(dbos: DBOS) -> tuple[WorkflowCount, ...]:
    database = dbos._sys_db
    columns: Any = database.tables.workflow_status.c
    counted = group_counts([columns.name, columns.status], columns.created_at)
    open_ones = counted.where(columns.status.in_([PENDING, ENQUEUED]))
    with database.engine.begin() as connection:
        rows = connection.execute(open_ones).all()
    return tuple(WorkflowCount(name, status, number, oldest / 1000) for name, status, number, oldest in rows)


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
