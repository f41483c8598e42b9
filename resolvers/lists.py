"""Pages of a whole kind: read in order, sifted, and only as far as the page needs."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aws.inventory.listings import Place, Query, place_of
from aws.inventory.views import ListView
from aws.kinds import Kind
from aws.resources import AnyResource
from resolvers.connections import Connection, PageArguments, Standing, connection, page_info
from resolvers.cursors import Cursors
from resolvers.errors import BadInputError
from resolvers.filters import OrderField, ResourceFilter, ResourceOrder, checked, row_matches
from resolvers.lookups import with_details
from resolvers.request import View
from resolvers.sifting import judges, sift

# SageMaker does not say whether its time bounds are inclusive; a second more on either side is sifted here.
_SLACK = timedelta(seconds=1)
# How many rows are judged at once where each costs a call: a listing's page.
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """What is asked of a list.

    Attributes:
        kinds: The kinds in it; jobs are of two.
        given: Its filter.
        order: Its order.
        page: Which page of it.
        detailed: Whether the query selects what only descriptions tell, so that they are best read at once.
        ahead: Kinds that relations further down the query will scan; begun once it is clear that the list can be read.

    Raises:
        BadInputError: A filter that SageMaker would refuse.
    """

    kinds: Sequence[Kind]
    given: ResourceFilter
    order: ResourceOrder
    page: PageArguments
    detailed: bool = False
    ahead: frozenset[Kind] = frozenset()

    def __post_init__(self) -> None:
        checked(self.given)
        judges(self.given)


@dataclass(slots=True)
class _Harvest:
    """What reading on has brought in: rows that belong, how many might, the last one seen, and whether that was all."""

    kept: list[AnyResource]
    unreadable: int = 0
    last: AnyResource | None = None
    exhausted: bool = False


async def list_page(view: View, question: ListQuestion, scan_bound: int) -> Connection[AnyResource]:
    """One page of a list.

    Raises:
        BadInputError: A cursor of another list.
        AWSError: A page of a listing, or what a filter needs, could not be read.
    """
    cursors = Cursors((view.key, tuple(question.kinds), question.given, question.order))
    after = cursors.decode(question.page.after)
    view.inventory.prefetch(question.ahead)
    query = _query(question, after)
    listings = [view.inventory.listing(kind, query) for kind in question.kinds]
    rows = _behind(after, question.order, _rows(listings, question, scan_bound))
    harvest = await _harvest(view, question, rows, scan_bound)
    shown = harvest.kept[: question.page.first]
    more = len(harvest.kept) > len(shown) or not harvest.exhausted
    stopped_at = harvest.last if len(harvest.kept) <= len(shown) and not harvest.exhausted else None
    places = [cursors.encode(place_of(row)) for row in shown]
    info = page_info(
        places, question.page.after, more=more, end=cursors.encode(place_of(stopped_at)) if stopped_at else None
    )
    nodes = await with_details(view, shown) if question.detailed else shown
    nodes = [_settled(view, node) for node in nodes]
    return connection(nodes, places, info, _standing(question, listings, harvest))


def _settled(view: View, node: AnyResource) -> AnyResource:
    """A row that could not be described, or was not to be, as this response has shown it elsewhere."""
    if node.detail is None:
        return view.settled.keep(view.key, node, node.creation_time)
    return view.settled.copy(view.key, node.kind, node.name, node.creation_time) or node


def _query(question: ListQuestion, after: Place | None) -> Query:
    """What SageMaker can leave out by itself. By name, the order needs every row, so a cursor narrows nothing."""
    given, order = question.given, question.order
    by_time = order.by is OrderField.CREATION_TIME
    moment = after[0] if after and by_time else None
    earliest = [bound for bound in (given.created_after, moment if order.ascending else None) if bound]
    latest = [bound for bound in (given.created_before, None if order.ascending else moment) if bound]
    return Query(
        ascending=order.ascending and by_time,
        name_contains=given.name_contains,
        created_after=_moved(max(earliest), -_SLACK) if earliest else None,
        created_before=_moved(min(latest), _SLACK) if latest else None,
    )


def _moved(moment: datetime, by: timedelta) -> datetime | None:
    """The moment, a little further off; None where it is at the end of time, which bounds nothing."""
    try:
        return moment.astimezone(UTC) + by
    except OverflowError:
        return None


async def _harvest(view: View, question: ListQuestion, rows: AsyncGenerator[AnyResource, None], bound: int) -> _Harvest:
    """Reads on until there is one row more than the page holds, the list ends, or enough has been looked at."""
    harvest, waiting, wanted = _Harvest([]), list[AnyResource](), question.page.first + 1
    costly = bool(judges(question.given))
    looked_at = 0
    async with aclosing(rows):
        async for row in rows:
            harvest.last, looked_at = row, looked_at + 1
            if row_matches(question.given, row):
                waiting.append(row)
            if len(waiting) >= (_CHUNK if costly else wanted) or looked_at >= bound:
                await _judge(view, question.given, waiting, harvest)
                waiting = []
                if len(harvest.kept) >= wanted or looked_at >= bound:
                    return harvest
    await _judge(view, question.given, waiting, harvest)
    harvest.exhausted = True
    return harvest


async def _judge(view: View, given: ResourceFilter, rows: Sequence[AnyResource], harvest: _Harvest) -> None:
    verdicts = await sift(view, rows, given)
    harvest.kept += [row for row, verdict in zip(rows, verdicts, strict=True) if verdict]
    harvest.unreadable += verdicts.count(None)


async def _behind(
    after: Place | None, order: ResourceOrder, rows: AsyncGenerator[AnyResource, None]
) -> AsyncGenerator[AnyResource, None]:
    """The rows that come after a cursor's place."""
    async with aclosing(rows):
        async for row in rows:
            if after is None or _is_behind(place_of(row), after, order):
                yield row


def _is_behind(place: Place, after: Place, order: ResourceOrder) -> bool:
    here, there = (place, after) if order.by is OrderField.CREATION_TIME else (place[1:], after[1:])
    return here > there if order.ascending else here < there


async def _rows(listings: Sequence[ListView], question: ListQuestion, bound: int) -> AsyncGenerator[AnyResource, None]:
    """The rows of all listings in the order asked for."""
    if question.order.by is OrderField.NAME:
        for row in await _by_name(listings, question, bound):
            yield row
        return
    heads = [0] * len(listings)
    pick = min if question.order.ascending else max
    while True:
        await asyncio.gather(
            *(
                listing.reach(head + 1)
                for listing, head in zip(listings, heads, strict=True)
                if head >= len(listing.rows) and listing.complete_as_of is None
            )
        )
        ready = [
            (place_of(listing.rows[head]), index)
            for index, (listing, head) in enumerate(zip(listings, heads, strict=True))
            if head < len(listing.rows)
        ]
        if not ready:
            return
        _, index = pick(ready)
        yield listings[index].rows[heads[index]]
        heads[index] += 1


async def _by_name(listings: Sequence[ListView], question: ListQuestion, bound: int) -> Sequence[AnyResource]:
    """Every row by name. SageMaker's own order of names is not documented, so it is made here from all rows.

    A list that is known anyhow is not narrowed down by SageMaker, so that what the filter leaves of it is what counts.
    """
    await asyncio.gather(*(listing.reach(bound + 1) for listing in listings))
    rows = [row for listing in listings for row in listing.rows if row_matches(question.given, row)]
    if len(rows) > bound or any(listing.complete_as_of is None for listing in listings):
        raise BadInputError(f"There are more than {bound} to put in order by name; narrow them down with `filter`.")
    return sorted(rows, key=lambda row: place_of(row)[1:], reverse=not question.order.ascending)


def _standing(question: ListQuestion, listings: Sequence[ListView], harvest: _Harvest) -> Standing:
    """What this reading allows to be said of the whole list: a page behind a cursor has seen only a part of it."""
    moments = [listing.complete_as_of for listing in listings if listing.complete_as_of is not None]
    narrowed = question.page.after is not None and not all(listing.whole for listing in listings)
    if narrowed or len(moments) < len(listings):
        return Standing(unreadable_count=harvest.unreadable)
    if judges(question.given):
        if not harvest.exhausted:
            return Standing(unreadable_count=harvest.unreadable)
        total = len(harvest.kept) if question.page.after is None else None
    else:
        total = sum(row_matches(question.given, row) for listing in listings for row in listing.rows)
    return Standing(total, harvest.unreadable, min(moments))
