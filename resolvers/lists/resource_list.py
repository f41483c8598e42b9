"""Pages of resource lists, read and filtered only as far as the page needs."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aws.inventory.list_views import ListView
from aws.inventory.listings import ListQuery, OrderKey, order_key
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, ListCompleteness, PageArguments, build_connection, build_page_info
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.filters import (
    NEWEST_FIRST,
    OrderField,
    PipelineExecutionFilter,
    ResourceFilter,
    ResourceOrder,
    check_filter,
    row_matches,
)
from resolvers.lists.linked_filters import linked_page
from resolvers.lists.matching import match_rows
from resolvers.lists.predicates import predicates
from resolvers.lookups import with_details
from resolvers.views.resource_view import LiveView, Viewed, ViewedList, viewed

# SageMaker does not say whether its time bounds are inclusive; a second more on either side is sifted here.
_TIME_BOUND_SLACK = timedelta(seconds=1)
# Rows of each kind that are described for each row of the page before the relations below it ask for them.
_PREFETCHED = 10
# Rows that predicates judge at once, each of which may cost a call: as many as a listing's page has.
_PREDICATE_BATCH = 100


@dataclass(frozen=True, slots=True)
class ResourceListQuery:
    """A question to a list of resources.

    Attributes:
        kinds: The kinds in it; a list of jobs has several.
        filter: Its filter.
        order: Its order.
        page: The page of it that is asked for.
        detailed: True if the query selects fields of descriptions, so that these are best read at once.
        prefetch: Kinds that deeper relations of the query scan; begun once the list proves readable.

    Raises:
        BadInputError: A filter that SageMaker would refuse.
    """

    kinds: Sequence[Kind]
    filter: ResourceFilter
    order: ResourceOrder
    page: PageArguments
    detailed: bool = False
    prefetch: frozenset[Kind] = frozenset()

    def __post_init__(self) -> None:
        check_filter(self.filter)
        predicates(self.filter)


@dataclass(slots=True)
class _ScanResult:
    """The result of a scan.

    Attributes:
        matched: The rows that match.
        unreadable: The number of rows that could not be judged.
        last_row: The last row that was looked at.
        exhausted: True if no row comes behind it.
    """

    matched: list[AnyResource]
    unreadable: int = 0
    last_row: AnyResource | None = None
    exhausted: bool = False


async def list_page(view: LiveView, list_query: ResourceListQuery, scan_bound: int) -> Connection[Viewed[AnyResource]]:
    """One page of the list that the query asks for, of which at most `scan_bound` rows are looked through.

    Raises:
        BadInputError: A cursor of another list.
        AWSError: A page of a listing, or a resource that a filter needs, could not be read.
    """
    cursors = CursorCodec((view.key, tuple(list_query.kinds), list_query.filter, list_query.order))
    page = await page_of_rows(view, list_query, scan_bound, cursors)
    return page.with_nodes(await shown_rows(view, page.nodes, detailed=list_query.detailed))


async def page_of_rows(
    view: LiveView, list_query: ResourceListQuery, scan_bound: int, cursors: CursorCodec
) -> Connection[AnyResource]:
    """One page of a list as it was read: rows, or resources that a filter has described. See `list_page`.

    Args:
        view: The view that it is read through.
        list_query: The question.
        scan_bound: The most rows that are looked through.
        cursors: The codec of the list's cursors.
    """
    after = cursors.decode_order(list_query.page.after)
    view.inventory.prefetch(list_query.prefetch, _PREFETCHED * list_query.page.first)
    if list_query.order == NEWEST_FIRST:
        linked = await linked_page(view, list_query.kinds, list_query.filter, list_query.page, cursors)
        if linked is not None:
            return linked.with_nodes(tuple(node.value for node in linked.nodes))
    listings = [view.inventory.listing(kind, _query(list_query, after)) for kind in list_query.kinds]
    if len(listings) == 1 and after is None and _shows_every_row(list_query):
        scanned = await _first_rows(listings[0], list_query, scan_bound)
    else:
        rows = _rows_after(after, list_query.order, _rows(listings, list_query, scan_bound))
        scanned = await _scan(view, list_query, rows, scan_bound)
    shown = scanned.matched[: list_query.page.first]
    more = len(scanned.matched) > len(shown) or not scanned.exhausted
    stopped_at = scanned.last_row if len(scanned.matched) <= len(shown) and not scanned.exhausted else None
    places = cursors.of_resources(shown)
    end = cursors.encode_order(order_key(stopped_at)) if stopped_at else None
    info = build_page_info(places, list_query.page.after, more=more, end=end)
    return build_connection(shown, places, info, _completeness(list_query, listings, scanned), view=view)


def known_names(view: LiveView, list_query: ResourceListQuery) -> frozenset[tuple[Kind, str]] | None:
    """The kind and name of each row that matches a query; None if lists are not whole, or rows cannot answer it."""
    listings = [view.inventory.listing(kind, _query(list_query, None)) for kind in list_query.kinds]
    if predicates(list_query.filter) or any(listing.complete_as_of is None for listing in listings):
        return None
    rows = (row for listing in listings for row in listing.rows)
    return frozenset((row.kind, row.name) for row in rows if row_matches(list_query.filter, row))


async def shown_rows(view: LiveView, rows: Sequence[AnyResource], *, detailed: bool) -> Sequence[Viewed[AnyResource]]:
    """The rows as this response shows them; described if `detailed`, because it shows fields of descriptions."""
    if detailed and any(row.detail is None for row in rows):
        rows = await with_details(view, rows)
    return _viewed(view, rows)


def _viewed(view: LiveView, nodes: Sequence[AnyResource]) -> Sequence[Viewed[AnyResource]]:
    """The nodes as this response shows them."""
    if not view.identity_map.stored_views and all(node.detail is not None for node in nodes):
        return ViewedList(nodes, view)
    return [viewed(view, _first_shown(view, node)) for node in nodes]


def _first_shown(view: LiveView, node: AnyResource) -> AnyResource:
    """A row that could not be described, or was not to be, as this response has shown it elsewhere."""
    if node.detail is None:
        return view.identity_map.first_shown(view.key, node, node.creation_time)
    return view.identity_map.stored_copy(view.key, node.kind, node.name, node.creation_time) or node


def _query(list_query: ResourceListQuery, after: OrderKey | None) -> ListQuery:
    """The bounds that SageMaker can apply. By name, the order needs every row, so a cursor sets no bound.

    Parts of names are not among them: SageMaker would filter each page after taking it, and a known list answers them.
    """
    filter, order = list_query.filter, list_query.order
    by_time = order.by is OrderField.CREATION_TIME
    moment = after[0] if after and by_time else None
    earliest = [bound for bound in (filter.created_after, moment if order.ascending else None) if bound]
    latest = [bound for bound in (filter.created_before, None if order.ascending else moment) if bound]
    return ListQuery(
        parent=filter.pipeline_name if isinstance(filter, PipelineExecutionFilter) else None,
        ascending=order.ascending and by_time,
        created_after=_shifted(max(earliest), -_TIME_BOUND_SLACK) if earliest else None,
        created_before=_shifted(min(latest), _TIME_BOUND_SLACK) if latest else None,
    )


def _shifted(moment: datetime, by: timedelta) -> datetime | None:
    """The moment, a little further off; None at the end of time, which bounds nothing."""
    try:
        return moment.astimezone(UTC) + by
    except OverflowError:
        return None


def _shows_every_row(list_query: ResourceListQuery) -> bool:
    """True if every row is shown, in the order in which lists are kept."""
    by_time = list_query.order.by is OrderField.CREATION_TIME
    return by_time and list_query.filter == type(list_query.filter)()


async def _first_rows(listing: ListView, list_query: ResourceListQuery, bound: int) -> _ScanResult:
    """The first rows of a list, and one more than the page holds; see `_scan`."""
    wanted = min(list_query.page.first + 1, bound)
    while len(listing.rows) < wanted and listing.complete_as_of is None:
        await listing.ensure(len(listing.rows) + 1)
    rows = list(listing.rows[:wanted])
    return _ScanResult(rows, last_row=rows[-1] if rows else None, exhausted=len(rows) < wanted)


async def _scan(
    view: LiveView, list_query: ResourceListQuery, rows: AsyncGenerator[AnyResource, None], bound: int
) -> _ScanResult:
    """Read on until there is one row more than the page holds, the list ends, or `bound` rows have been looked at."""
    result, waiting, wanted = _ScanResult([]), list[AnyResource](), list_query.page.first + 1
    costly = bool(predicates(list_query.filter))
    looked_at = 0
    async with aclosing(rows):
        async for row in rows:
            result.last_row, looked_at = row, looked_at + 1
            if row_matches(list_query.filter, row):
                waiting.append(row)
            if len(waiting) >= (_PREDICATE_BATCH if costly else wanted) or looked_at >= bound:
                await _match(view, list_query.filter, waiting, result)
                waiting = []
                if len(result.matched) >= wanted or looked_at >= bound:
                    return result
    await _match(view, list_query.filter, waiting, result)
    result.exhausted = True
    return result


async def _match(view: LiveView, filter: ResourceFilter, rows: Sequence[AnyResource], result: _ScanResult) -> None:
    verdicts = await match_rows(view, rows, predicates(filter))
    result.matched += [row for row, verdict in zip(rows, verdicts, strict=True) if verdict]
    result.unreadable += verdicts.count(None)


async def _rows_after(
    after: OrderKey | None, order: ResourceOrder, rows: AsyncGenerator[AnyResource, None]
) -> AsyncGenerator[AnyResource, None]:
    """The rows that come after a cursor's place."""
    async with aclosing(rows):
        async for row in rows:
            if after is None or _is_after(order_key(row), after, order):
                yield row


def _is_after(key: OrderKey, after: OrderKey, order: ResourceOrder) -> bool:
    here, there = (key, after) if order.by is OrderField.CREATION_TIME else (key[1:], after[1:])
    return here > there if order.ascending else here < there


async def _rows(
    listings: Sequence[ListView], list_query: ResourceListQuery, bound: int
) -> AsyncGenerator[AnyResource, None]:
    """The rows of all listings in the order asked for."""
    if list_query.order.by is OrderField.NAME:
        for row in await _by_name(listings, list_query, bound):
            yield row
        return
    heads = [0] * len(listings)
    pick = min if list_query.order.ascending else max
    while True:
        await asyncio.gather(
            *(
                listing.ensure(head + 1)
                for listing, head in zip(listings, heads, strict=True)
                if head >= len(listing.rows) and listing.complete_as_of is None
            )
        )
        ready = [
            (order_key(listing.rows[head]), index)
            for index, (listing, head) in enumerate(zip(listings, heads, strict=True))
            if head < len(listing.rows)
        ]
        if not ready:
            return
        _, index = pick(ready)
        yield listings[index].rows[heads[index]]
        heads[index] += 1


async def _by_name(listings: Sequence[ListView], list_query: ResourceListQuery, bound: int) -> Sequence[AnyResource]:
    """Every row by name. SageMaker's own order of names is not documented, so it is made here from all rows.

    A list that is known anyhow is not narrowed down by SageMaker, so that the matches of the filter count.
    """
    await asyncio.gather(*(listing.ensure(bound + 1) for listing in listings))
    rows = [row for listing in listings for row in listing.rows if row_matches(list_query.filter, row)]
    if len(rows) > bound or any(listing.complete_as_of is None for listing in listings):
        raise BadInputError(f"More than {bound} resources match, too many to order by name; narrow `filter`.")
    return sorted(rows, key=lambda row: order_key(row)[1:], reverse=not list_query.order.ascending)


def _completeness(list_query: ResourceListQuery, listings: Sequence[ListView], result: _ScanResult) -> ListCompleteness:
    """The completeness of the whole list; a page behind a cursor has seen only a part of it."""
    moments = [listing.complete_as_of for listing in listings if listing.complete_as_of is not None]
    narrowed = list_query.page.after is not None and not all(listing.whole for listing in listings)
    if narrowed or len(moments) < len(listings):
        return ListCompleteness(unreadable_count=result.unreadable)
    if predicates(list_query.filter):
        if not result.exhausted:
            return ListCompleteness(unreadable_count=result.unreadable)
        total = len(result.matched) if list_query.page.after is None else None
    elif not list_query.page.needs.total:
        total = None
    elif list_query.filter == type(list_query.filter)():
        total = sum(len(listing.rows) for listing in listings)
    else:
        total = sum(row_matches(list_query.filter, row) for listing in listings for row in listing.rows)
    return ListCompleteness(total, result.unreadable, min(moments))
