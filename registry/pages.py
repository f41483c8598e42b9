"""Pages of what the registry keeps: newest first, each beginning behind the place where the one before it ended."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Row, Select, literal, true, tuple_

from registry.database import Connection

Record = TypeVar("Record", covariant=True)

KeysetPosition = tuple[datetime, str]
"""Where a record stands among those of its list: its moment, and its key among those of the same moment."""

VisibleGroups = Collection[str] | None
"""The groups whose records may be seen: none of them with an empty one, every group's with None."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """A part of a list.

    Attributes:
        records: The records.
        positions: The place of each; the next page is behind the last.
        has_more: Whether there is anything behind them.
    """

    records: tuple[Record, ...]
    positions: tuple[KeysetPosition, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class NewestFirst:
    """What a list is ordered by: the columns of a record's moment and key."""

    moment: Column[datetime]
    key: Column[str]

    def position(self, row: Row[Any]) -> KeysetPosition:
        """The place of a row."""
        return row._mapping[self.moment], row._mapping[self.key]


async def rows_after(
    connection: Connection, statement: Select[Any], order: NewestFirst, first: int, after: KeysetPosition | None
) -> tuple[list[Row[Any]], bool]:
    """So many rows, newest first, behind this place; and whether there are any more."""
    if after is not None:
        moment, key = literal(after[0], order.moment.type), literal(after[1], order.key.type)
        statement = statement.where(tuple_(order.moment, order.key) < tuple_(moment, key))
    newest_first = statement.order_by(order.moment.desc(), order.key.desc()).limit(first + 1)
    rows = list((await connection.execute(newest_first)).all())
    return rows[:first], len(rows) > first


async def page_of(
    connection: Connection,
    statement: Select[Any],
    order: NewestFirst,
    record: Callable[[Row[Any]], Record],
    first: int,
    after: KeysetPosition | None,
) -> Page[Record]:
    """A page of the records that these rows make, newest first."""
    rows, more = await rows_after(connection, statement, order, first, after)
    return Page(tuple(map(record, rows)), tuple(map(order.position, rows)), more)


def in_groups(column: Column[Any], groups: VisibleGroups) -> ColumnElement[bool]:
    """The condition that a record belongs to one of these groups."""
    return true() if groups is None else column.in_(groups)
