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
    """Give the rows of a statement whose column has one of these values, in chunks that a statement can take."""
    rows: list[Row[Any]] = []
    for part in chunks(list(values)):
        rows += await connection.execute(statement.where(column.in_(part)))
    return rows


def group_counts(groups: Sequence[ColumnElement[Any]], since: ColumnElement[Any]) -> Select[Any]:
    """Give the statement that counts rows by `groups`: their values, the number, and the least of `since`."""
    return select(*groups, func.count(), func.min(since, type_=since.type)).group_by(*groups)


async def count_rows(connection: Connection, table: FromClause, condition: ColumnElement[bool]) -> int:
    """Give the number of rows of `table` that meet the condition."""
    return (await connection.execute(select(func.count()).select_from(table).where(condition))).scalar_one()


async def lock_registrations(connection: Connection, keys: Collection[str]) -> None:
    """Lock the registrations with these keys until the transaction ends, so that concurrent writers of their rows wait.

    It is PostgreSQL's FOR NO KEY UPDATE, so that rows that refer to a registration can be inserted meanwhile. SQLite
    has one writer at a time anyway.
    """
    key = registrations.c.key
    locked = select(key).where(key.in_(sorted(keys))).order_by(key).with_for_update(key_share=True)
    await connection.execute(locked)
