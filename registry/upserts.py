"""Inserts that handle conflicts in both databases, and batches for lists too long for one statement."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.database import Connection

Item = TypeVar("Item")

# A database takes some ten thousand parameters in a statement; a thousand are as quick.
_CHUNK_SIZE = 1000
# What is in the way of a row can have ended before it is read; that it happens again and again means that somebody
# starts and ends such things all the time.
_MAX_ATTEMPTS = 5


def insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that can say what happens where there is such a row already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def insert_or_get_active(
    connection: Connection, table: Table, values: Mapping[str, object]
) -> tuple[Row[Any], bool] | None:
    """The row that holds the `active_key` of these values, and whether it was written just now, with them.

    Of those who write one at once, one does, and the others wait and are given that one. None where others write such
    rows and let go of them all the time.
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
    """The items in parts that a statement can take."""
    return (items[start : start + _CHUNK_SIZE] for start in range(0, len(items), _CHUNK_SIZE))
