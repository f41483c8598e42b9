"""What DBOS has kept, read from its tables as they are."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import create_engine, make_url, text

from workflows.durable.dbos_tables import dbos_url


def workflow_statuses(url: str) -> dict[str, str]:
    """How each piece of work stands, by its id."""
    return {row[0]: row[1] for row in query(url, "SELECT workflow_uuid, status FROM {0}workflow_status")}


def step_names(url: str, work_id: str) -> list[str]:
    """The names of the steps whose results are kept, in their order."""
    result = query(
        url, "SELECT function_name FROM {0}operation_outputs WHERE workflow_uuid = :id ORDER BY function_id", id=work_id
    )
    return [row[0] for row in result]


async def change(url: str, statement: str, **values: Any) -> None:
    """Changes rows while an engine of this process runs: it goes on meanwhile, and may have to end a write first."""
    await asyncio.to_thread(query, url, statement, **values)


async def end_leases(url: str, names: str = "%") -> None:
    """Ends the leases of these names before their time, as those of processes that have long been dead."""
    await change(url, "UPDATE leases SET until = '2026-01-01 00:00:00' WHERE name LIKE :names", names=names)


def query(url: str, statement: str, **values: Any) -> Sequence[Any]:
    """The rows; `{0}` in the statement stands for DBOS's schema, and without it the registry is asked."""
    known = make_url(dbos_url(url)) if "{0}" in statement else make_url(url.replace("+aiosqlite", ""))
    patience = {"connect_args": {"timeout": 60}} if known.drivername == "sqlite" else {}
    engine = create_engine(known, **patience)
    try:
        with engine.begin() as connection:
            answer = connection.execute(text(statement.format("" if known.drivername == "sqlite" else "dbos.")), values)
            return answer.fetchall() if answer.returns_rows else ()
    finally:
        engine.dispose()
