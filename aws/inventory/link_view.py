"""One kind of resource at one version of its index, for a walk."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import dropwhile, islice, takewhile
from typing import Final

from aws.inventory.link_queries import Coverage, LinkQuery, LinkSource, RowFilter
from aws.inventory.listings import OrderKey, creation_key
from aws.inventory.sorted_sequence import SortKey
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link

NEWEST: Final[OrderKey] = (datetime.max.replace(tzinfo=UTC), "", "")
"""The position in front of every row."""
# No name has this character, so `behind` this suffix also gives the row of the name itself.
_AFTER_NAME: Final = "\x7f"


class IndexView:
    """One kind at one version of its index, within the bound; rows that do not pass a filter are left out.

    Args:
        source: The rows and links.
        bound: The most rows that are searched.
        passes: Filters the rows; None takes every row.
    """

    def __init__(self, source: LinkSource, bound: int, passes: RowFilter | None = None) -> None:
        self.source = source
        self._passes = passes
        self.kind = source.kind
        self._kind_word = source.kind.value
        self.version = source.version()
        rows = self.version.rows.rows
        self.size = min(len(rows), bound)
        self._last = creation_key(rows[bound - 1]) if len(rows) > bound else None
        self.can_extend = source.extends and self.version.rows.complete_as_of is None and len(rows) < bound
        self._newest = source.newest
        self._knows_all = next(iter(source.unknown(self.version)), None) is None

    @property
    def is_current(self) -> bool:
        """Tell whether the index still has this version."""
        return self.source.version() is self.version

    @property
    def sees_every_row(self) -> bool:
        """Tell whether the request sees the newest row, and so all of them."""
        first = self.version.rows.rows.first
        return self._newest is None or first is None or creation_key(first) == self._newest

    @property
    def end(self) -> OrderKey:
        """The position of the oldest listed row."""
        last = self.version.rows.rows.last
        return NEWEST if last is None else (*creation_key(last), self._kind_word)

    @property
    def complete_as_of(self) -> datetime | None:
        """The time at which the list was seen whole; None if it was not, or if the links of a row are unknown."""
        return None if self._last or next(self.unknown(), None) else self.version.rows.complete_as_of

    def looked_back_to(self) -> datetime | None:
        """Give the creation time of the oldest row down to which all links are known."""
        if not self.source.looks_back:
            return None
        rows = self.version.rows.rows
        first = next(self.unknown(), None)
        count = self.size if first is None else rows.position(first)
        return rows[count - 1].creation_time if count else None

    def refused(self) -> int:
        """Give the number of refused rows."""
        refused = self.version.refused
        if self._last is None and self._passes is None:
            return len(refused)
        return sum(1 for _ in self._within(iter(refused)))

    def order(self, key: SortKey) -> OrderKey:
        """Give the position of the row `key` among those of several kinds."""
        return (*key, self._kind_word)

    def rows(self, keys: Iterable[SortKey]) -> list[AnyResource]:
        """Give the rows at the positions `keys`."""
        return [row for key in keys if (row := self.row(key)) is not None]

    def row(self, key: SortKey) -> AnyResource | None:
        """Give the row at the position `key`."""
        return self.version.rows.rows.get(key)

    def unknown(self) -> Iterator[SortKey]:
        """Give the positions of rows that must be described, newest first."""
        if self._knows_all:
            return iter(())
        newest = self._newest
        keys = iter(self.source.unknown(self.version))
        return self._within(keys if newest is None else dropwhile(lambda key: key > newest, keys))

    def places(self, link: Link, after: OrderKey | None) -> Iterator[SortKey]:
        """Give the positions of the rows that have `link`, behind the position `after`, newest first."""
        newest = self._newest
        known = self.version.places(link)
        if after is None and (newest is None or (first := known.first) is None or first <= newest):
            return self._within(iter(known))
        begin = min((bound[0], bound[1]) for bound in (after, newest) if bound is not None)
        keys = known.behind((begin[0], begin[1] + _AFTER_NAME))
        return self._within(dropwhile(lambda key: after is not None and self.order(key) >= after, keys))

    def has(self, link: Link) -> bool:
        """Tell whether any row has `link`."""
        return self.version.links.get(link) is not None

    def _within(self, keys: Iterator[SortKey]) -> Iterator[SortKey]:
        last, passes = self._last, self._passes
        if last is not None:
            keys = takewhile(lambda key: key >= last, keys)
        if passes is None:
            return keys
        # A refused resource may have no row for the filter.
        return (key for key in keys if (row := self.row(key)) is None or passes(row))


def placed(number: int, view: IndexView, keys: Iterable[SortKey]) -> Iterator[tuple[OrderKey, int, SortKey]]:
    """Give positions among several kinds, with the `number` of their view, in the order of `keys`."""
    return ((view.order(key), number, key) for key in keys)


def matches(views: Sequence[IndexView], query: LinkQuery) -> Iterator[tuple[IndexView, SortKey]]:
    """Give the views and positions of all rows with any link of the query, newest first, each once."""
    linked = [(number, view, link) for number, view in enumerate(views) for link in query.links if view.has(link)]
    if len(linked) == 1:
        # One link of one kind has no row twice.
        ((_, only, link),) = linked
        yield from ((only, key) for key in only.places(link, query.after))
        return
    sorted_places = [placed(number, view, view.places(link, query.after)) for number, view, link in linked]
    last: OrderKey | None = None
    for order, number, key in heapq.merge(*sorted_places, reverse=True):
        if order != last:
            last = order
            yield views[number], key


def first_unknown(views: Sequence[IndexView]) -> OrderKey | None:
    """Give the newest position at or behind which an unknown link may be; None if all links are known."""
    unknown = [view.order(key) for view in views for key in islice(view.unknown(), 1)]
    return max([*unknown, *(view.end for view in views if view.can_extend)], default=None)


def coverage_of(views: Sequence[IndexView]) -> Coverage:
    """Give the extent to which the links in these views are known."""
    complete = [view.complete_as_of for view in views]
    known = [moment for moment in complete if moment is not None]
    looked_back = [view.looked_back_to() for view in views if view.complete_as_of is None]
    return Coverage(
        complete_as_of=min(known) if len(known) == len(views) else None,
        looked_back_to=max((moment for moment in looked_back if moment is not None), default=None),
        refused=sum(view.refused() for view in views),
    )
