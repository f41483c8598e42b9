"""Pages of linked rows, from the index; rows of unknown links are described only as far as a page needs them."""

import asyncio
import heapq
import math
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final

from aws.inventory.link_queries import Coverage, LinkQuery, LinkSource, RowFilter
from aws.inventory.link_view import NEWEST, IndexView, coverage_of, matches, placed
from aws.inventory.listings import PAGE_SIZE, OrderKey, creation_key
from aws.inventory.sorted_sequence import SortKey
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind

# The number of rows that are described at once: the first, the smallest and the largest.
_FIRST_STEP: Final = PAGE_SIZE
_SMALLEST_STEP: Final = 32
_LARGEST_STEP: Final = 16 * PAGE_SIZE
# The most pages that are described while further ones are listed, because waiting calls take memory.
_PAGES_AHEAD: Final = 8


class LinkWalk:
    """Walks over several kinds at once, newest first, and stops as soon as every page is full.

    Args:
        sources: The kinds.
        bound: The most rows of one kind that are searched.
        passes: Filters the rows; None takes every row.
    """

    def __init__(self, sources: Sequence[LinkSource], bound: int, passes: RowFilter | None = None) -> None:
        self._sources = sources
        self._bound = bound
        self._passes = passes
        self._asked: set[tuple[Kind, SortKey]] = set()

    async def find(self, queries: Sequence[LinkQuery]) -> Sequence[Sequence[AnyResource]]:
        """Give the rows of each query, newest first; fewer than its count if there are no more.

        Raises:
            AWSError: A list, or the description of a row that a page needs, could not be read.
        """
        step = _FIRST_STEP * min(len(queries), 8)
        while True:
            await asyncio.gather(*(source.refresh() for source in self._sources))
            views = [IndexView(source, self._bound, self._passes) for source in self._sources]
            matched = [list(islice(matches(views, query), query.count)) for query in queries]
            floor = _floor(queries, matched)
            step = self._next_step(queries, matched, step)
            if not await self._learn(views, floor, step):
                return [[row for view, key in places if (row := view.row(key))] for places in matched]

    async def learn(self, count: int | None = None) -> None:
        """Learn the links of the newest `count` rows of each kind; one page is described while the next is read.

        Args:
            count: The number of rows; None for every row within the bound.

        Raises:
            AWSError: A list, or the description of a row, could not be read.
        """
        bound = self._bound if count is None else min(count, self._bound)
        await asyncio.gather(*(self._learn_kind(source, bound) for source in self._sources))

    def coverage(self) -> Coverage:
        """Give the extent to which the links are known now."""
        return coverage_of([IndexView(source, self._bound, self._passes) for source in self._sources])

    async def _learn_kind(self, source: LinkSource, bound: int) -> None:
        pending: set[asyncio.Task[None]] = set()
        try:
            while True:
                await source.refresh()
                view = IndexView(source, bound, self._passes)
                rows = view.rows(islice(self._unasked(view, None), PAGE_SIZE))
                if len(pending) >= _PAGES_AHEAD or (pending and not rows and not view.can_extend):
                    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        task.result()
                elif rows:
                    self._asked.update((source.kind, creation_key(row)) for row in rows)
                    pending.add(asyncio.create_task(source.describe(rows)))
                elif view.can_extend:
                    await source.extend(view.size + 1)
                else:
                    return
        finally:
            for task in pending:
                task.cancel()

    async def _learn(self, views: Sequence[IndexView], floor: OrderKey | None, step: int) -> bool:
        """Describe rows down to the floor, newest first, and extend lists; False if nothing is left to do."""
        open_ends = [view for view in views if view.can_extend and (floor is None or view.end > floor)]
        frontier = max((view.end for view in open_ends), default=None)
        unasked = (placed(number, view, self._unasked(view, floor)) for number, view in enumerate(views))
        merged = takewhile(lambda item: frontier is None or item[0] >= frontier, heapq.merge(*unasked, reverse=True))
        picked = [(views[number], key) for _, number, key in islice(merged, step)]
        extended = open_ends if len(picked) < step else []
        if not picked and not extended:
            return False
        self._asked.update((view.kind, key) for view, key in picked)
        rows = {view.kind: view.rows(key for owner, key in picked if owner is view) for view in views}
        await asyncio.gather(
            *(view.source.describe(rows[view.kind]) for view in views if rows[view.kind]),
            *(view.source.extend(min(self._bound, view.size + max(1, step - PAGE_SIZE))) for view in extended),
        )
        return True

    def _unasked(self, view: IndexView, floor: OrderKey | None) -> Iterator[SortKey]:
        keys = takewhile(lambda key: floor is None or view.order(key) > floor, view.unknown())
        return (key for key in keys if (view.kind, key) not in self._asked)

    def _next_step(
        self, queries: Sequence[LinkQuery], matched: Sequence[Sequence[tuple[IndexView, SortKey]]], step: int
    ) -> int:
        """Estimate the rows that the emptiest page needs, from the share of matches among the rows so far."""
        if not self._asked or not queries:
            return step
        missing, known = max((query.count - len(rows), len(rows)) for query, rows in zip(queries, matched, strict=True))
        guess = 2 * step if not known else math.ceil(1.1 * missing * len(self._asked) / known)
        return max(_SMALLEST_STEP, min(_LARGEST_STEP, 2 * step, guess))


def _floor(queries: Sequence[LinkQuery], matched: Sequence[Sequence[tuple[IndexView, SortKey]]]) -> OrderKey | None:
    """The position down to which every row must be known for each page to be certain; None for the end of the lists."""
    floors = []
    for query, places in zip(queries, matched, strict=True):
        if len(places) < query.count:
            return None
        if places:
            view, key = places[-1]
            floors.append(view.order(key))
    return min(floors) if floors else NEWEST
