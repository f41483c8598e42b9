"""Keyset pagination: one list at a time, or the first pages of many, newest first, in one statement."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Row, Select, func, literal, true, tuple_

from registry.database import Connection

Record = TypeVar("Record", covariant=True)

KeysetPosition = tuple[datetime | str, str]
"""A record's position in its list: the time or text that the list is ordered by, and its key, which breaks ties."""

VisibleGroups = Collection[str] | None
"""The groups whose records may be seen: an empty collection shows none, and None shows those of all groups."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """A part of a list.

    Attributes:
        records: The records.
        positions: The position of each record; the next page is behind the last one.
        has_more: True if there are records behind them.
    """

    records: tuple[Record, ...]
    positions: tuple[KeysetPosition, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class KeysetOrder:
    """The order of a list: descending, the newest or last text first, unless it ascends.

    Attributes:
        value: The column of a record's time or text; for a computed value a label, which the rows must have.
        key: The column of a record's key.
        ascending: True if the smallest comes first.
    """

    value: ColumnElement[Any]
    key: ColumnElement[str]
    ascending: bool = False

    def position(self, row: Row[Any]) -> KeysetPosition:
        """The position of a row."""
        return row._mapping[self.value], row._mapping[self.key]


async def rows_after(
    connection: Connection, statement: Select[Any], order: KeysetOrder, first: int, after: KeysetPosition | None
) -> tuple[list[Row[Any]], bool]:
    """Return the rows of a page, and whether there are more.

    Args:
        connection: A transaction.
        statement: Selects all rows, in no order.
        order: The order of the list.
        first: The most rows.
        after: The position behind which the page begins; None for the first page.
    """
    if after is not None:
        here = tuple_(order.value, order.key)
        there = tuple_(literal(after[0], order.value.type), literal(after[1], order.key.type))
        statement = statement.where(here > there if order.ascending else here < there)
    columns = (order.value, order.key)
    ordered = statement.order_by(*(column.asc() if order.ascending else column.desc() for column in columns))
    rows = list((await connection.execute(ordered.limit(first + 1))).all())
    return rows[:first], len(rows) > first


async def page_of(
    connection: Connection,
    statement: Select[Any],
    order: KeysetOrder,
    record: Callable[[Row[Any]], Record],
    first: int,
    after: KeysetPosition | None,
) -> Page[Record]:
    """Give a page of the records that the rows of a statement make.

    Args:
        connection: A transaction.
        statement: Selects all rows, in no order.
        order: The order of the list.
        record: Makes a record of a row.
        first: The most records.
        after: The position behind which the page begins; None for the first page.
    """
    rows, more = await rows_after(connection, statement, order, first, after)
    return Page(tuple(map(record, rows)), tuple(map(order.position, rows)), more)


def in_groups(column: Column[Any], groups: VisibleGroups) -> ColumnElement[bool]:
    """The condition that `column` holds one of these groups; no condition if they are None."""
    return true() if groups is None else column.in_(groups)


ListKey = tuple[Any, ...]
"""The identity of a list: the values of a few columns."""


@dataclass(frozen=True, slots=True)
class FirstPage(Generic[Record]):
    """The beginning of a list.

    Attributes:
        page: The first page.
        total: The number of records of the whole list.
    """

    page: Page[Record]
    total: int


@dataclass(frozen=True, slots=True)
class KeyedLists:
    """Lists of records, newest first, one list for each value of a few columns.

    Attributes:
        rows: Selects the records, without a condition.
        members: Selects the records that are in the lists; only its FROM and its conditions are used.
        key_columns: The columns whose values tell a record's list.
        order: The order of each list.
    """

    rows: Select[Any]
    members: Select[Any]
    key_columns: Sequence[ColumnElement[Any]]
    order: KeysetOrder


async def first_rows_by_list(
    connection: Connection, lists: KeyedLists, first: int
) -> Mapping[ListKey, tuple[list[Row[Any]], int]]:
    """The first rows of each list that has any, and the length of the list.

    Each list has up to `first` + 1 rows: the last one shows that there are more.
    """
    newest = (lists.order.value.desc(), lists.order.key.desc())
    owner = [column.label(f"owner_{number}") for number, column in enumerate(lists.key_columns)]
    ranked = lists.members.with_only_columns(
        lists.order.key.label("ranked_key"),
        *owner,
        func.row_number().over(partition_by=lists.key_columns, order_by=newest).label("position"),
        func.count().over(partition_by=lists.key_columns).label("list_total"),
        maintain_column_froms=True,
    ).subquery("ranked")
    wanted = (
        lists.rows.add_columns(*(ranked.c[label.name] for label in owner), ranked.c.list_total)
        .join(ranked, ranked.c.ranked_key == lists.order.key)
        .where(ranked.c.position <= first + 1)
        .order_by(ranked.c.position)
    )
    result: dict[ListKey, tuple[list[Row[Any]], int]] = {}
    for row in await connection.execute(wanted):
        known = tuple(row._mapping[ranked.c[item.name]] for item in owner)
        result.setdefault(known, ([], row.list_total))[0].append(row)
    return result


async def first_pages_of(
    connection: Connection,
    lists: KeyedLists,
    owners: Collection[ListKey],
    record: Callable[[Row[Any]], Record],
    first: int,
) -> Mapping[ListKey, FirstPage[Record]]:
    """Give the first page of each list, for records that need nothing but their row.

    Args:
        connection: A transaction.
        lists: The lists.
        owners: The keys of the lists that are wanted.
        record: Makes a record of a row.
        first: The most records of a page.
    """
    return first_pages_from_rows(await first_rows_by_list(connection, lists, first), owners, record, lists.order, first)


def first_pages_from_rows(
    result: Mapping[ListKey, tuple[list[Row[Any]], int]],
    owners: Collection[ListKey],
    record: Callable[[Row[Any]], Record],
    order: KeysetOrder,
    first: int,
) -> Mapping[ListKey, FirstPage[Record]]:
    """Make the first page of each of the owners' lists; one whose list has no rows has an empty page.

    Args:
        result: The rows from `first_rows_by_list`.
        owners: The keys of the lists that are wanted.
        record: Makes a record of a row.
        order: The order of the lists.
        first: The most records of a page.
    """
    pages: dict[ListKey, FirstPage[Record]] = {}
    for owner in owners:
        rows, total = result.get(owner, ([], 0))
        shown = rows[:first]
        page = Page(tuple(map(record, shown)), tuple(map(order.position, shown)), len(rows) > first)
        pages[owner] = FirstPage(page, total)
    return pages
