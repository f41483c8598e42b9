"""The private names of DBOS that durable work needs; no other module of the product uses one.

For each name, `tests/workflows/durable/test_dbos_internals.py` says in a sentence which feature breaks without it.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, WorkflowStatus, WorkflowStatusString
from dbos import error as dbos_errors
from dbos._core import execute_dequeued_workflow
from dbos._sys_db import SystemDatabase

from registry.ids import new_key
from registry.queries import group_counts
from workflows.durable.serialization import JSONSerializer


def resume_on_this_loop(dbos: DBOS) -> None:
    """Have resumed work run on the running loop, whose AWS clients it uses; call it on that loop, before the launch.

    DBOS takes the loop of the thread that launches it. Its launch waits for the database, so it gets another thread.
    """
    dbos._background_event_loop.set_main_loop()


def running_tasks(dbos: DBOS) -> frozenset[asyncio.Task[Any]]:
    """The tasks of the workflows that run in this process, from before their body until their outcome is kept."""
    return frozenset(dbos._workflow_tasks)


def running_ids(dbos: DBOS) -> frozenset[str]:
    """The ids of the workflows that run in this process, from before their body until their outcome is kept."""
    return frozenset(dbos._active_workflows_set.activeList())


def end_polling(dbos: DBOS) -> None:
    """End DBOS's threads for queues, schedules, delays and timeouts; call it after the launch.

    Nothing here uses them, and each asks the database once a second, which no setting turns off.
    """
    for event in (*dbos.background_thread_stop_events, dbos._background_jobs_stop_event):
        event.set()


async def take(dbos: DBOS, workflows: Collection[WorkflowStatus], executor: str, version: str) -> Collection[str]:
    """Run workflows here that no process runs any more, each once; returns the ids of those that were taken.

    A row is taken only while it is as it was read, so work that another process has taken meanwhile stays there. What
    this process takes and does not begin, because it dies or DBOS refuses the row, is taken again like any other.

    Args:
        dbos: DBOS, launched.
        workflows: The workflows, as they were read.
        executor: The id of this executor.
        version: The version of the work that this process does; the work becomes work of this version.

    Raises:
        SQLAlchemyError, DBOSException: The database does not answer, or DBOS refuses a workflow.
    """
    return await asyncio.to_thread(_take, dbos, tuple(workflows), executor, version)


def _take(dbos: DBOS, workflows: Collection[WorkflowStatus], executor: str, version: str) -> Collection[str]:
    token = new_key()
    # DBOS gives a workflow up after a hundred attempts: one that kills each process that takes it must end.
    attempts = dbos._sys_db.tables.workflow_status.c.recovery_attempts + 1
    claim = {
        "executor_id": executor,
        "owner_xid": token,
        "status": WorkflowStatusString.PENDING.value,
        "application_version": version,
        "recovery_attempts": attempts,
    }
    taken = [
        row.workflow_id
        for row in workflows
        if _update(dbos, claim, workflow_uuid=row.workflow_id, executor_id=row.executor_id, status=row.status)
    ]
    faults = []
    for status in dbos._sys_db.get_workflow_statuses(taken) if taken else ():
        try:
            execute_dequeued_workflow(dbos, status, token)
        except dbos_errors.DBOSException as error:
            # One that DBOS refuses must not cost the others an attempt.
            faults.append(error)
    if faults:
        raise faults[0]
    return taken


async def hand_over(dbos: DBOS, work_id: str, executor: str, other: str) -> bool:
    """Move a workflow from one executor to another, which takes it at its next sweep; False if it was not its own.

    The first one's token is gone from the row, so it keeps no result any more. The attempts count anew: these are no
    failures. If the other dies first, its work is taken as usual, because the row is pending in its name.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    gift = {"executor_id": other, "owner_xid": "handed-over", "recovery_attempts": 0}
    seen = {"workflow_uuid": work_id, "executor_id": executor, "status": WorkflowStatusString.PENDING.value}
    return await asyncio.to_thread(_update, dbos, gift, **seen)


def _update(dbos: DBOS, values: Mapping[str, Any], **seen: str | None) -> bool:
    """Change the row of a workflow if it has the values that were seen in it; tells whether it had."""
    table: Any = dbos._sys_db.tables.workflow_status
    conditions = (table.c[name] == value for name, value in seen.items())
    with dbos._sys_db.engine.begin() as connection:
        return bool(connection.execute(table.update().where(*conditions).values(values)).rowcount)


async def count_workflows(dbos: DBOS, statuses: Collection[str]) -> Sequence[Any]:
    """Count the workflows that have one of DBOS's `statuses`, by one statement however many there are.

    Returns:
        A row for each name, status and version of the work: these three, the number, and when the first was made, in
        milliseconds since 1970.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    return await asyncio.to_thread(_count_workflows, dbos, statuses)


def _count_workflows(dbos: DBOS, statuses: Collection[str]) -> Sequence[Any]:
    row: Any = dbos._sys_db.tables.workflow_status.c
    statement = group_counts([row.name, row.status, row.application_version], row.created_at)
    with dbos._sys_db.engine.begin() as connection:
        return connection.execute(statement.where(row.status.in_(statuses))).all()


def migrate_tables(url: str, connect_args: Mapping[str, Any]) -> None:
    """Make DBOS's tables, or bring them to its version. `DBOS.migrate` takes no settings of the driver.

    Args:
        url: The URL of the tables.
        connect_args: Keyword arguments for the driver's `connect`.

    Raises:
        SQLAlchemyError: The database cannot be reached or changed.
    """
    with _system_database(url, connect_args) as database:
        database.run_migrations()


def are_tables_behind(url: str, connect_args: Mapping[str, Any]) -> bool:
    """Tell whether DBOS's tables are missing or of an earlier version; no public call tells it.

    Args:
        url: The URL of the tables.
        connect_args: Keyword arguments for the driver's `connect`.

    Raises:
        SQLAlchemyError: The database cannot be reached.
    """
    with _system_database(url, connect_args) as database:
        try:
            database.verify_migrations()
        except dbos_errors.DBOSInitializationError:
            return True
    return False


@contextmanager
def _system_database(url: str, connect_args: Mapping[str, Any]) -> Iterator[SystemDatabase]:
    settings = {"hide_parameters": True, "pool_timeout": 30, "max_overflow": 0, "pool_size": 2}
    database = SystemDatabase.create(
        system_database_url=url,
        engine_kwargs={**settings, "connect_args": dict(connect_args)},
        engine=None,
        schema=None,
        serializer=JSONSerializer(),
        executor_id=None,
    )
    try:
        yield database
    finally:
        database.destroy()
