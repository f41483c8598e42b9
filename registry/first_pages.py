"""The first pages of many lists at once: one statement for all of them, whatever their number."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from sqlalchemy import Column, Row, Select, func

from registry.database import Connection
from registry.pages import NewestFirst, Page, Record

ListKey = tuple[Any, ...]
"""What tells one list from the others: the values of a few columns."""


@dataclass(frozen=True, slots=True)
class FirstPage(Generic[Record]):
    """The beginning of a list.

    Attributes:
        page: The first page.
        total: How many records the whole list has.
    """

    page: Page[Record]
    total: int


@dataclass(frozen=True, slots=True)
class KeyedLists:
    """Lists of records, newest first.

    Attributes:
        rows: Selects the records, whichever they are.
        members: Selects those that are in the lists; only what it is from, and its conditions, count.
        key_columns: The columns that tell the list that a record is in.
        order: What each list is ordered by.
    """

    rows: Select[Any]
    members: Select[Any]
    key_columns: Sequence[Column[Any]]
    order: NewestFirst


async def first_rows_by_list(
    connection: Connection, lists: KeyedLists, first: int
) -> Mapping[ListKey, tuple[list[Row[Any]], int]]:
    """Of each list that has any records the first ones, one more than asked for, and how many it has."""
    newest = (lists.order.moment.desc(), lists.order.key.desc())
    owner = [column.label(f"owner_{number}") for number, column in enumerate(lists.key_columns)]
    ranked = lists.members.with_only_columns(
        lists.order.key.label("ranked_key"),
        *owner,
        func.row_number().over(partition_by=lists.key_columns, order_by=newest).label("position"),
        func.count().over(partition_by=lists.key_columns).label("total"),
        maintain_column_froms=True,
    ).subquery("ranked")
    wanted = (
        lists.rows.add_columns(*(ranked.c[each.name] for each in owner), ranked.c.total)
        .join(ranked, ranked.c.ranked_key == lists.order.key)
        .where(ranked.c.position <= first + 1)
        .order_by(ranked.c.position)
    )
    found: dict[ListKey, tuple[list[Row[Any]], int]] = {}
    for row in await connection.execute(wanted):
        known = tuple(row._mapping[ranked.c[each.name]] for each in owner)
        found.setdefault(known, ([], row.total))[0].append(row)
    return found


async def first_pages_of(
    connection: Connection,
    lists: KeyedLists,
    owners: Collection[ListKey],
    record: Callable[[Row[Any]], Record],
    first: int,
) -> Mapping[ListKey, FirstPage[Record]]:
    """The first page of each owner's list, of records that a row is enough for."""
    return first_pages_from_rows(await first_rows_by_list(connection, lists, first), owners, record, lists.order, first)


def first_pages_from_rows(
    found: Mapping[ListKey, tuple[list[Row[Any]], int]],
    owners: Collection[ListKey],
    record: Callable[[Row[Any]], Record],
    order: NewestFirst,
    first: int,
) -> Mapping[ListKey, FirstPage[Record]]:
    """The pages that these rows make, for each of the owners; one whose list has none has an empty page."""
    pages: dict[ListKey, FirstPage[Record]] = {}
    for owner in owners:
        rows, total = found.get(owner, ([], 0))
        shown = rows[:first]
        page = Page(tuple(map(record, shown)), tuple(map(order.position, shown)), len(rows) > first)
        pages[owner] = FirstPage(page, total)
    return pages
