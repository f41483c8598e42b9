"""Inserts that handle conflicts in both databases, and chunks of lists that are too long for one statement."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.database import Connection

Item = TypeVar("Item")

# The databases take some ten thousand parameters in a statement; a thousand are as fast.
_CHUNK_SIZE = 1000
# The row that conflicts can end before it is read. More than a few repetitions mean that such rows keep starting and
# ending.
_MAX_ATTEMPTS = 5


def insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT into `table` of the database product of `connection`, with its ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def insert_or_get_active(
    connection: Connection, table: Table, values: Mapping[str, object]
) -> tuple[Row[Any], bool] | None:
    """The row that holds the `active_key` in `values`, and whether this call inserted it.

    Of concurrent calls one inserts it, and the others wait and get that row. None if such rows kept starting and
    ending.
    """
    written = insert(connection, table).values(values)
    started = written.on_conflict_do_nothing(index_elements=["active_key"]).returning(*table.c)
    holder = select(table).where(table.c.active_key == values["active_key"])
    for _ in range(_MAX_ATTEMPTS):
        row = (await connection.execute(started)).one_or_none()
        if row is not None:
            return row, True
        row = (await connection.execute(holder)).one_or_none()
        if row is not None:
            return row, False
    return None


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in chunks that a statement can take."""
    return (items[start : start + _CHUNK_SIZE] for start in range(0, len(items), _CHUNK_SIZE))
