"""The private names of DBOS that durable work needs; no other module of the product uses one.

For each name, `tests/workflows/durable/test_dbos_internals.py` says in a sentence which feature breaks without it.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from dbos import DBOS, Serializer, WorkflowStatus
from dbos import error as dbos_errors
from dbos._core import execute_dequeued_workflow
from dbos._sys_db import SystemDatabase
from dbos._utils import INTERNAL_QUEUE_NAME

from registry.connection_checks import check_connections
from registry.ids import new_key
from registry.queries import group_counts
from workflows.durable.dbos_rows import ENQUEUED, PENDING, WorkflowCount

QUEUE_SECONDS: Final = 2.0
"""Seconds between two looks at DBOS's internal queue, from which requeued work is taken up."""

# Stands in the column `owner_xid`, the token of a claim, while handed over work is not taken up yet.
_HANDED_OVER: Final = "handed-over"


def resume_on_this_loop(dbos: DBOS) -> None:
    """Have resumed work run on the running loop, whose AWS clients it uses; call it on that loop, before the launch.

    DBOS takes the loop of the thread that launches it. Its launch waits for the database, so it gets another thread.
    """
    dbos._background_event_loop.set_main_loop()


def running_tasks(dbos: DBOS) -> frozenset[asyncio.Task[Any]]:
    """The tasks of the workflows that run in this process, from before their body until their outcome is kept."""
    return frozenset(dbos._workflow_tasks)


def stop_background_jobs(dbos: DBOS) -> None:
    """End DBOS's thread for delays and timeouts, which nothing here uses; call it before the launch."""
    dbos._background_jobs_stop_event.set()


def calm_polling(dbos: DBOS) -> None:
    """Poll DBOS's internal queue alone, every `QUEUE_SECONDS`; call it after the launch.

    DBOS asks for queues and schedules once a second, which no setting of its own turns off.
    """
    database: Any = dbos._sys_db
    database.list_queues = _no_rows
    database.list_schedules = _no_rows
    dbos._registry.get_internal_queue()._polling_interval_sec = QUEUE_SECONDS
    if database.engine.dialect.name == "postgresql":
        check_connections(database.engine)


def _no_rows(**_filters: object) -> Sequence[Any]:
    return ()


async def requeue(dbos: DBOS, workflows: Collection[WorkflowStatus], version: str) -> None:
    """Put workflows that no process runs any more on the queue, for any process of a version.

    Each row changes only while it is as it was read, so work that another process has taken up stays there.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    await asyncio.to_thread(_requeue, dbos, tuple(workflows), version)


def _requeue(dbos: DBOS, workflows: tuple[WorkflowStatus, ...], version: str) -> None:
    for row in workflows:
        executor = row.executor_id or ""
        if row.app_version != version:
            seen = {"status": row.status, "workflow_uuid": row.workflow_id}
            _update(dbos, {"application_version": version}, executor, **seen)
        if row.status == PENDING:
            dbos._sys_db.reenqueue_for_recovery(row.workflow_id, [executor], INTERNAL_QUEUE_NAME)


async def hand_over(dbos: DBOS, work_id: str, executor: str, other: str) -> bool:
    """Move a workflow from one executor to another, which takes it up at its next sweep; False if it was not its own.

    If the other dies first, its work is recovered as usual: the row is pending in its name.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    values = {"executor_id": other, "owner_xid": _HANDED_OVER, "queue_name": None}
    return bool(await asyncio.to_thread(_update, dbos, values, executor, workflow_uuid=work_id))


async def take_handed_over(dbos: DBOS, executor: str) -> Sequence[str]:
    """Run the workflows that others handed to this executor, each once; returns their ids.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    return await asyncio.to_thread(_take_handed_over, dbos, executor)


def _take_handed_over(dbos: DBOS, executor: str) -> Sequence[str]:
    token = new_key()
    ids = _update(dbos, {"owner_xid": token}, executor, owner_xid=_HANDED_OVER)
    for status in dbos._sys_db.get_workflow_statuses(ids) if ids else ():
        execute_dequeued_workflow(dbos, status, token)
    return ids


def _update(
    dbos: DBOS, values: Mapping[str, str | None], executor: str, *, status: str = PENDING, **columns: str
) -> list[str]:
    """Change the rows of an executor that have a status and these values in columns; returns their ids."""
    table: Any = dbos._sys_db.tables.workflow_status
    held = {"executor_id": executor, "status": status, **columns}
    changed = table.update().where(*(table.c[name] == value for name, value in held.items())).values(values)
    with dbos._sys_db.engine.begin() as connection:
        return list(connection.execute(changed.returning(table.c.workflow_uuid)).scalars())


async def count_open_workflows(dbos: DBOS) -> tuple[WorkflowCount, ...]:
    """Count the work that has not ended, by name, state and version: one statement, however much there is.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    return await asyncio.to_thread(_count_open_workflows, dbos)


def _count_open_workflows(dbos: DBOS) -> tuple[WorkflowCount, ...]:
    row: Any = dbos._sys_db.tables.workflow_status.c
    statement = group_counts([row.name, row.status, row.application_version], row.created_at)
    with dbos._sys_db.engine.begin() as connection:
        counts = connection.execute(statement.where(row.status.in_([PENDING, ENQUEUED]))).all()
    return tuple(
        sorted(
            (
                WorkflowCount(name, status, count, (oldest or 0) / 1000, version or "")
                for name, status, version, count, oldest in counts
            ),
            key=lambda work: (work.name, work.status, work.version),
        )
    )


@dataclass(frozen=True, slots=True)
class TablesAddress:
    """DBOS's tables, and how to connect to them.

    Attributes:
        url: Their URL.
        schema: Their schema in PostgreSQL.
        serializer: The serializer of their values.
        engine_settings: Keyword arguments of SQLAlchemy's `create_engine`.
    """

    url: str
    schema: str
    serializer: Serializer
    engine_settings: Mapping[str, Any]


def migrate_tables(address: TablesAddress) -> None:
    """Make DBOS's tables, or bring them to its version. `DBOS.migrate` takes no settings of the driver.

    Raises:
        SQLAlchemyError: The database cannot be reached or changed.
    """
    with _system_database(address) as database:
        database.run_migrations()


def are_tables_behind(address: TablesAddress) -> bool:
    """Tell whether DBOS's tables are missing or of an earlier version; no public call tells it.

    Raises:
        SQLAlchemyError: The database cannot be reached.
    """
    with _system_database(address) as database:
        try:
            database.verify_migrations()
        except dbos_errors.DBOSInitializationError:
            return True
    return False


@contextmanager
def _system_database(address: TablesAddress) -> Iterator[SystemDatabase]:
    database = SystemDatabase.create(
        system_database_url=address.url,
        engine_kwargs=dict(address.engine_settings),
        engine=None,
        schema=address.schema,
        serializer=address.serializer,
        executor_id=None,
    )
    try:
        yield database
    finally:
        database.destroy()
