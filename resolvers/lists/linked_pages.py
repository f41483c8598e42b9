"""Pages of what is linked to each parent, read from the index and described before they are shown."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.horizon import LATEST
from aws.inventory.link_queries import Coverage, LinkedQuery, LinkedRows, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.inventory.listings import OrderKey, order_key
from aws.inventory.search import ArtifactQuery
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link
from aws.kinds.kind import Kind
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, ListCompleteness, PageArguments, build_connection, build_page_info
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.filters import JobFilter, ResourceFilter, RuntimeFilter, SnapshotFilter, row_matches
from resolvers.lists.matching import Predicate, match_rows
from resolvers.lists.members import Member, is_member, reason_with_member, with_members
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView, Viewed, viewed

NO_FILTERS: Final = (None, ResourceFilter(), SnapshotFilter(), RuntimeFilter(), JobFilter())
# Rows that are looked at together where a filter may leave most of them out.
_FILTERED_STEP: Final = 100

# Where no list is read at all.
_ALL_READ: Final = Coverage(LATEST, None, 0)

_KINDS_WITHOUT_LINKS: Final = frozenset({Kind.TUNING_JOB})
"""Kinds whose descriptions link them to nothing: what belongs to a list is told by its members alone."""

# Why a described resource belongs to a list; None if it does not.
Reason = object | None
Reasons = Callable[[ResourceView, Sequence[tuple[Hashable, AnyResource]]], Awaitable[Sequence[Reason]]]


@dataclass(frozen=True, slots=True)
class LinkedList:
    """The list of one parent.

    Attributes:
        parent: The parent, as `LinkedLists.reasons` knows it.
        bound_to: Tells this list from any other, whose cursors are not valid for it; or the codec of its cursors.
        links: The links of what is in it.
        unreadable: How many things could not be read that might have shown more of it.
        members: What belongs to it besides, whatever the links say.
        is_whole: False if there may be members that nothing tells of, so that the list is never complete.
        is_countable: Tells, once the page is made, whether it is known how many are in it.
        failure: Why its members are not known; it stands in the place of the list.
    """

    parent: Hashable
    bound_to: Hashable
    links: tuple[Link, ...]
    unreadable: int = 0
    members: tuple[Member, ...] = ()
    is_whole: bool = True
    is_countable: Callable[[], bool] = lambda: True
    failure: AWSError | None = None


@dataclass(frozen=True, slots=True)
class LinkedLists:
    """The lists of all parents of a level.

    Attributes:
        kinds: The kinds of what is in them.
        lists: The lists.
        reasons: Tells of each parent and described resource why that belongs to the parent.
        filter: Leaves out the rows that do not pass.
        predicates: Those of the filter, for what rows cannot answer.
        marks: The marks of the training jobs in question, by which Search may find them.
        shows_reasons: True if edges tell the reason.
        coverage: How far that is known which tells the lists' members.
        reads_whole: True if everything is read where the number of all is selected; else it is told only where known.
    """

    kinds: tuple[Kind, ...]
    lists: Sequence[LinkedList]
    reasons: Reasons
    filter: ResourceFilter | None = None
    predicates: Sequence[Predicate] = ()
    marks: ArtifactQuery | None = None
    shows_reasons: bool = False
    coverage: Coverage | None = None
    reads_whole: bool = True


def linked_kinds(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """Give the kinds, of these, that the index of links knows."""
    return tuple(kind for kind in kinds if kind not in _KINDS_WITHOUT_LINKS)


LinkedPage = Connection[Viewed[AnyResource]] | BadInputError | AWSError
"""A page; or a cursor of another list, or what could not be read for this page alone, as the error that it is."""


async def linked_pages(view: ResourceView, lists: LinkedLists, page: PageArguments) -> Sequence[LinkedPage]:
    """The page of each list, newest first.

    What a description told is shown only if that is not older than the authority age: what is older is described
    again, and only what is shown. What is refused then, or is gone, leaves the page. If something else keeps AWS from
    describing a row, a member is shown as it is listed, whose place in the list no description tells; any other row
    makes its own page an error.

    Raises:
        AWSError: A listing, or what all pages need, could not be read, for another reason than access denied.
    """
    return await _LinkedPages(view, lists, page).build()


@dataclass(slots=True)
class _Page:
    """One page in the making."""

    owner: LinkedList
    cursors: CursorCodec
    after: OrderKey | None
    shown: list[tuple[AnyResource, Reason]] = field(default_factory=list)
    undecided: int = 0
    exhausted: bool = False
    failure: AWSError | None = None

    @property
    def members(self) -> Sequence[Member]:
        return self.owner.members


class _LinkedPages:
    def __init__(self, view: ResourceView, lists: LinkedLists, page: PageArguments) -> None:
        self._view = view
        self._lists = lists
        self._page = page
        self._wanted = page.first + page.needs.next
        self._step = _FILTERED_STEP if lists.predicates else 0
        self._passes = None if lists.filter in NO_FILTERS else partial(row_matches, lists.filter)

    async def build(self) -> Sequence[LinkedPage]:
        made = [self._begin(each) for each in self._lists.lists]
        pages = [each for each in made if isinstance(each, _Page)]
        whole = self._page.needs.whole and self._lists.reads_whole
        if whole and pages:
            await self._read((), whole=True)
        while unfinished := [each for each in pages if self._is_unfinished(each)]:
            await self._fill(unfinished)
        # What was refused meanwhile may have taken the list along.
        coverage = (await self._read((), whole=whole)).coverage
        if self._lists.coverage is not None:
            coverage = coverage.and_also(self._lists.coverage)
        totals = await self._totals(pages, coverage)
        return [self._connection(each, coverage, totals) if isinstance(each, _Page) else each for each in made]

    def _is_unfinished(self, page: _Page) -> bool:
        return len(page.shown) < self._wanted and not page.exhausted and page.failure is None

    def _begin(self, list: LinkedList) -> _Page | BadInputError | AWSError:
        if list.failure is not None:
            return list.failure
        bound_to = list.bound_to
        cursors = bound_to if isinstance(bound_to, CursorCodec) else CursorCodec((self._view.key, bound_to))
        try:
            return _Page(list, cursors, cursors.decode_order(self._page.after))
        except BadInputError as error:
            return error

    async def _read(self, pages: tuple[LinkQuery, ...], *, whole: bool = False) -> Any:
        kinds = linked_kinds(self._lists.kinds)
        if not kinds and self._lists.coverage is not None:
            return LinkedRows([()] * len(pages), _ALL_READ)
        return await self._view.inventory.linked(LinkedQuery(kinds, pages, whole, self._lists.marks, self._passes))

    async def _fill(self, pages: Sequence[_Page]) -> None:
        """Add to each page what comes next and may be shown."""
        queries = [
            LinkQuery(each.owner.links, max(self._wanted - len(each.shown), self._step), each.after) for each in pages
        ]
        found = (await self._read(tuple(queries))).pages
        candidates: list[tuple[_Page, AnyResource]] = []
        for page, query, linked in zip(pages, queries, found, strict=True):
            is_end = len(linked) < query.count
            rows = with_members(linked, self._members(page), page.after, is_end=is_end)
            passed = await self._passing(page, rows)
            taken = passed[: self._wanted - len(page.shown)]
            page.exhausted = is_end and len(taken) == len(passed)
            last = rows[-1:] if len(taken) == len(passed) else taken[-1:]
            page.after = order_key(last[0]) if last else page.after
            candidates += [(page, row) for row in taken]
        for page, resource, reason in await self._authoritative(candidates):
            page.shown.append((resource, reason))

    def _members(self, page: _Page) -> Sequence[Member]:
        """The members of a list that pass the part of the filter that a row answers."""
        kinds, passes = self._lists.kinds, self._passes
        return [
            member
            for member in page.members
            if member.resource.kind in kinds and (passes is None or passes(member.resource))
        ]

    async def _passing(self, page: _Page, rows: Sequence[AnyResource]) -> Sequence[AnyResource]:
        """The rows that pass the part of the filter that no row answers."""
        if not self._lists.predicates:
            return rows
        verdicts = await match_rows(self._view, rows, self._lists.predicates)
        page.undecided += verdicts.count(None)
        return [row for row, verdict in zip(rows, verdicts, strict=True) if verdict]

    async def _authoritative(
        self, candidates: Sequence[tuple[_Page, AnyResource]]
    ) -> Sequence[tuple[_Page, AnyResource, Reason]]:
        """Those that the role may see now and that belong to their lists, each described if AWS does."""
        described = await _described(self._view, [row for _, row in candidates])
        readable: list[tuple[_Page, AnyResource]] = []
        for page, row in candidates:
            what = described[row.kind, row.name]
            if isinstance(what, AWSError) and not is_member(page.members, row):
                page.failure = what
            elif what is not None:
                readable.append((page, row if isinstance(what, AWSError) else what))
        reasons = await self._lists.reasons(self._view, [(page.owner.parent, what) for page, what in readable])
        told = [
            (page, what, reason_with_member(why, page.members, what))
            for (page, what), why in zip(readable, reasons, strict=True)
        ]
        return [each for each in told if each[2] is not None]

    async def _totals(self, pages: Sequence[_Page], coverage: Coverage) -> Mapping[int, int | None]:
        """The number of all in each list; None if something is unknown, or known by a description that is too old."""
        needs = self._page.needs
        if coverage.complete_as_of is None or not (needs.total or (needs.coverage and self._lists.predicates)):
            return {}
        counted = [each for each in pages if each.owner.is_whole and each.owner.is_countable() and not each.failure]
        found = (await self._read(tuple(LinkQuery(each.owner.links, EVERY_ROW) for each in counted))).pages
        totals: dict[int, int | None] = {}
        for page, linked in zip(counted, found, strict=True):
            page.undecided = 0
            rows = with_members(linked, self._members(page), None, is_end=True)
            passed = await self._passing(page, rows)
            totals[id(page)] = len(passed) if self._view.inventory.are_authoritative(passed) else None
        return totals

    def _connection(
        self, page: _Page, coverage: Coverage, totals: Mapping[int, int | None]
    ) -> Connection[Viewed[AnyResource]] | AWSError:
        if page.failure is not None:
            return page.failure
        shown = page.shown[: self._page.first]
        resources = [resource for resource, _ in shown]
        places = page.cursors.of_resources(resources)
        more = len(page.shown) > len(shown) or not page.exhausted
        completeness = ListCompleteness(
            total_count=totals.get(id(page)),
            unreadable_count=page.owner.unreadable + page.undecided + coverage.refused,
            complete_as_of=coverage.complete_as_of if page.owner.is_whole else None,
            looked_back_to=coverage.looked_back_to,
        )
        return build_connection(
            [viewed(self._view, resource) for resource in resources],
            places,
            build_page_info(places, self._page.after, more=more),
            completeness,
            [reason for _, reason in shown] if self._lists.shows_reasons else None,
            self._view,
        )


async def _described(view: ResourceView, rows: Iterable[AnyResource]) -> Mapping[tuple[Kind, str], Described]:
    """Each row with its detail; None if it is gone or refused, or another reason why it could not be read."""
    distinct = list({(row.kind, row.name): row for row in rows}.values())
    return {
        (row.kind, row.name): None if isinstance(what, AccessDeniedError) else what
        for row, what in zip(distinct, await with_detail(view, distinct), strict=True)
    }
