"""Statements that every part of the registry repeats: rows whose column has one of many values, counts, a lock."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, func, select

from registry.database import Connection
from registry.tables import registrations
from registry.upserts import chunks


async def rows_in(
    connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Collection[Any]
) -> list[Row[Any]]:
    """Give the rows of a statement whose column has one of these values, however many those are."""
    rows: list[Row[Any]] = []
    for part in chunks(list(values)):
        rows += await connection.execute(statement.where(column.in_(part)))
    return rows


def group_counts(groups: Sequence[ColumnElement[Any]], since: ColumnElement[Any]) -> Select[Any]:
    """Give the statement that counts rows by these columns: their values, the number, and the least of `since`."""
    return select(*groups, func.count(), func.min(since, type_=since.type)).group_by(*groups)


async def count_rows(connection: Connection, table: FromClause, condition: ColumnElement[bool]) -> int:
    """Give the number of rows that meet the condition."""
    return (await connection.execute(select(func.count()).select_from(table).where(condition))).scalar_one()


async def lock_registrations(connection: Connection, keys: Collection[str]) -> None:
    """Lock registrations until the transaction ends: what belongs to them does not change meanwhile.

    It is the lock of an update that leaves the key, so that rows that refer to a registration are written meanwhile.
    SQLite has one writer at a time anyhow.
    """
    key = registrations.c.key
    locked = select(key).where(key.in_(sorted(keys))).order_by(key).with_for_update(key_share=True)
    await connection.execute(locked)
