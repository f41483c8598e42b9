"""Lists over all scopes of a caller, merged in one order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from resolvers.lists.caller_scopes import ScopeAnswer, ask_scopes, caller_scopes
from resolvers.lists.connections import Connection, ListedScope, PageInfo, listed_scope
from resolvers.lists.cursors import Cursors
from resolvers.lists.filters import ModelFilter
from resolvers.lists.merged_cursors import MergedCursors, Place, place_of, sort_key
from resolvers.lists.resource_list import ResourceListQuery, known_names, page_of_rows, shown_rows
from resolvers.request import Request
from resolvers.views.resource_view import LiveView, Viewed


class ListScope(Enum):
    """The scopes that a list is of."""

    ACTING = "ACTING"
    MINE = "MINE"


@dataclass(frozen=True, slots=True)
class _ScopePage:
    """The rows of one scope in the page, down to a place behind which there may be more."""

    view: LiveView
    page: Connection[AnyResource]
    end: Place | None


_Identity = tuple[str, str, Kind, str]
_Shown = tuple[Place, LiveView, AnyResource]


async def merged_page(
    request: Request, list_query: ResourceListQuery, group: str | None, region: str | None
) -> Connection[Viewed[AnyResource]]:
    """One page of the list over the caller's scopes; see `caller_scopes`.

    One ARN is in it once, read by the first of the caller's roles that lists it.

    Args:
        request: The request of the caller.
        list_query: The list and the page of it.
        group: Narrows the list down to this group; None for every one.
        region: Narrows the list down to this region; None for every one.

    Raises:
        auth.errors.AuthError: See `caller_scopes`.
        BadInputError: A cursor of another list, or a filter or order that cannot be answered.
        ScanBoundError: There are too many scopes.
    """
    scopes = caller_scopes(request, group, region)
    subject = None if request.caller is None else request.caller.subject
    bound_to = ("MINE", subject, tuple(list_query.kinds), list_query.filter, list_query.order, group, region)
    cursors = MergedCursors(bound_to, list_query.order)
    cursors.decode(list_query.page.after)
    answers = await ask_scopes(request, scopes, partial(_part, list_query, request.limits.scan, cursors))
    parts = [answer.answer for answer in answers if answer.answer is not None]
    page = _merged(parts, list_query)
    nodes = await shown_by_view([(view, row) for _, view, row in page], detailed=list_query.detailed)
    info = _page_info(parts, page, list_query, cursors)
    return _completed(Connection(info.cursors, nodes, None, info, None, 0, None, None), answers, list_query)


async def _part(list_query: ResourceListQuery, scan_bound: int, cursors: MergedCursors, view: LiveView) -> _ScopePage:
    codec = cursors.of_scope(view.account_id, view.region)
    page = await page_of_rows(view, list_query, scan_bound, codec)
    return _ScopePage(view, page, cursors.decode(page.page_info.end_cursor) if page.page_info.has_next_page else None)


def _frontier(parts: Sequence[_ScopePage], list_query: ResourceListQuery) -> Place | None:
    """The place down to which every scope has given all that it has; None if that is to the end."""
    ends = [part.end for part in parts if part.end is not None]
    pick = min if list_query.order.ascending else max
    return pick(ends, key=partial(sort_key, order=list_query.order), default=None)


def _merged(parts: Sequence[_ScopePage], list_query: ResourceListQuery) -> Sequence[_Shown]:
    """The rows of the page and those behind it that are known, in the order."""
    order, frontier = list_query.order, _frontier(parts, list_query)
    shown: dict[_Identity, _Shown] = {}
    for part in parts:
        for row in part.page.nodes:
            place = place_of(part.view, row)
            if frontier is None or not _is_behind(place, frontier, list_query):
                shown.setdefault((row.account_id, row.region, row.kind, row.name), (place, part.view, row))
    ordered = sorted(shown.values(), key=lambda item: sort_key(item[0], order), reverse=not order.ascending)
    return ordered[: list_query.page.first]


def _is_behind(place: Place, other: Place, list_query: ResourceListQuery) -> bool:
    here, there = sort_key(place, list_query.order), sort_key(other, list_query.order)
    return here > there if list_query.order.ascending else here < there


def _page_info(
    parts: Sequence[_ScopePage], page: Sequence[_Shown], list_query: ResourceListQuery, cursors: MergedCursors
) -> PageInfo:
    """A page that is not full, though there is more, goes on behind the place down to which it is whole."""
    frontier = _frontier(parts, list_query)
    is_full = len(page) == list_query.page.first
    last = page[-1][0] if page else None
    places = (place_of(part.view, row) for part in parts for row in part.page.nodes)
    rest = last is not None and any(_is_behind(place, last, list_query) for place in places)
    more = frontier is not None or rest
    stopped_at = cursors.encode(frontier) if frontier is not None and not is_full else None
    shown = Cursors(cursors.encode, [place for place, _, _ in page])
    return PageInfo(more, list_query.page.after is not None, shown, stopped_at)


async def shown_by_view(
    rows: Sequence[tuple[LiveView, AnyResource]], *, detailed: bool
) -> Sequence[Viewed[AnyResource]]:
    """The rows as the response shows them, each with the view that listed it.

    Args:
        rows: The rows, each with its view.
        detailed: True to describe those that are not described yet.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, (view, _) in enumerate(rows):
        places[view.key].append(index)
    nodes: dict[int, Viewed[AnyResource]] = {}
    for indices in places.values():
        view = rows[indices[0]][0]
        shown = await shown_rows(view, [rows[index][1] for index in indices], detailed=detailed)
        nodes |= zip(indices, shown, strict=True)
    return tuple(nodes[index] for index in range(len(rows)))


def _completed(
    page: Connection[Viewed[AnyResource]], answers: Sequence[ScopeAnswer[_ScopePage]], list_query: ResourceListQuery
) -> Connection[Viewed[AnyResource]]:
    """The page with the completeness of each scope, and of all; a scope with a problem leaves that unknown."""
    scopes = [_listed(answer) for answer in answers]
    by_place: dict[tuple[str, str], list[_ScopePage]] = defaultdict(list)
    for part in (answer.answer for answer in answers if answer.answer is not None):
        by_place[part.view.account_id, part.view.region].append(part)
    unreadable = sum(min(part.page.unreadable_count for part in parts) for parts in by_place.values())
    moments = [scope.complete_as_of for scope in scopes if scope.complete_as_of is not None]
    complete = min(moments) if len(moments) == len(scopes) else None
    return replace(
        page,
        unreadable_count=unreadable,
        complete_as_of=complete,
        total_count=None if complete is None else _total(by_place, list_query),
        listed=tuple(scopes),
    )


def _listed(answer: ScopeAnswer[_ScopePage]) -> ListedScope:
    part = answer.answer
    return (
        answer.listed if part is None else listed_scope(part.view, part.page.complete_as_of, part.page.unreadable_count)
    )


def _total(by_place: Mapping[tuple[str, str], Sequence[_ScopePage]], list_query: ResourceListQuery) -> int | None:
    """The number of all, those that several roles list counted once; None if it is not known."""
    if not list_query.page.needs.total:
        return None
    totals = [_total_of(parts, list_query) for parts in by_place.values()]
    known = [total for total in totals if total is not None]
    return sum(known) if len(known) == len(totals) else None


def _total_of(parts: Sequence[_ScopePage], list_query: ResourceListQuery) -> int | None:
    """The number of one account and region; that of one role, unless others list something else."""
    totals = [part.page.total_count for part in parts]
    if len(parts) == 1 or None in totals:
        return totals[0] if len(parts) == 1 else None
    is_groups_own = isinstance(list_query.filter, ModelFilter) and list_query.filter.imported is not None
    if len({part.view.scope.key for part in parts}) == 1 and not is_groups_own:
        return totals[0]
    names = [known_names(part.view, list_query) for part in parts]
    return None if None in names else len(frozenset[tuple[Kind, str]]().union(*(own or () for own in names)))
