"""Pages of the resources that are linked to each parent, read from the index and described before they are shown."""

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
# Rows that are tested together if a filter may leave most of them out.
_FILTERED_STEP: Final = 100

# The coverage of a page for which no list is read.
_ALL_READ: Final = Coverage(LATEST, None, 0)

_KINDS_WITHOUT_LINKS: Final = frozenset({Kind.TUNING_JOB})
"""Kinds whose descriptions link them to nothing: only as members do they belong to a list."""

# Why a described resource belongs to a list; None if it does not.
Reason = object | None
Reasons = Callable[[ResourceView, Sequence[tuple[Hashable, AnyResource]]], Awaitable[Sequence[Reason]]]


@dataclass(frozen=True, slots=True)
class LinkedList:
    """The list of one parent.

    Attributes:
        parent: The parent, as `LinkedLists.reasons` knows it.
        bound_to: The list's identity, which its cursors are valid for; or the codec of its cursors.
        links: The links of the resources in it; any of them will do.
        unreadable: The number of things that could not be read and might have shown more of it.
        members: Resources that belong to it besides, without a link.
        is_whole: False if there may be members that no list or link shows, so that the list is never complete.
        is_countable: Tells, once the page is made, whether it is known how many are in it.
        failure: The reason why its members are not known; it stands in the place of the list.
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
        kinds: The kinds of the resources in them.
        lists: The lists.
        reasons: Tells of each parent and described resource why that belongs to the parent.
        filter: Leaves out the rows that do not pass.
        predicates: The filter's predicates, for parts that rows cannot answer.
        marks: The marks of the training jobs in question, by which Search may find them.
        shows_reasons: True if edges tell the reason.
        coverage: The coverage of the resources that tell the lists' members; None if it is that of the lists.
        reads_whole: True if everything is read for a number of all that is selected; else it is given only if known.
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
"""A page; or the error of a cursor of another list, or of a reading for this page alone."""


async def linked_pages(view: ResourceView, lists: LinkedLists, page: PageArguments) -> Sequence[LinkedPage]:
    """The page of each list, newest first; an error in the place of a list that has none.

    A description is shown only if it is not older than the authority age: an older one is read again, if it is shown. A
    resource that is refused then, or is gone, leaves the page. If something else keeps AWS from describing a row, a
    member is shown as it is listed, because no description decides its place in the list; any other row makes its own
    page an error. So does a cursor of another list.

    Raises:
        AWSError: A listing, or a resource that all pages need, could not be read, for another reason than access
            denied.
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
        begun = [self._begin(own) for own in self._lists.lists]
        pages = [page for page in begun if isinstance(page, _Page)]
        whole = self._page.needs.whole and self._lists.reads_whole
        if whole and pages:
            await self._read((), whole=True)
        while unfinished := [page for page in pages if self._is_unfinished(page)]:
            await self._fill(unfinished)
        # A refusal during the filling may have made the list itself unreadable.
        coverage = (await self._read((), whole=whole)).coverage
        if self._lists.coverage is not None:
            coverage = coverage.and_also(self._lists.coverage)
        totals = await self._totals(pages, coverage)
        return [self._connection(page, coverage, totals) if isinstance(page, _Page) else page for page in begun]

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
        """Add to each page the next resources that may be shown."""
        queries = [
            LinkQuery(page.owner.links, max(self._wanted - len(page.shown), self._step), page.after) for page in pages
        ]
        answers = (await self._read(tuple(queries))).pages
        candidates: list[tuple[_Page, AnyResource]] = []
        for page, query, linked in zip(pages, queries, answers, strict=True):
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
        """Select those that the role may see now and that belong to their lists, each described if AWS does."""
        described = await _described(self._view, [row for _, row in candidates])
        readable: list[tuple[_Page, AnyResource]] = []
        for page, row in candidates:
            answer = described[row.kind, row.name]
            if isinstance(answer, AWSError) and not is_member(page.members, row):
                page.failure = answer
            elif answer is not None:
                readable.append((page, row if isinstance(answer, AWSError) else answer))
        reasons = await self._lists.reasons(self._view, [(page.owner.parent, resource) for page, resource in readable])
        return [
            (page, resource, reason)
            for (page, resource), by_links in zip(readable, reasons, strict=True)
            if (reason := reason_with_member(by_links, page.members, resource)) is not None
        ]

    async def _totals(self, pages: Sequence[_Page], coverage: Coverage) -> Mapping[int, int | None]:
        """The number of all in each list; None if something is unknown, or known by a description that is too old."""
        needs = self._page.needs
        if coverage.complete_as_of is None or not (needs.total or (needs.coverage and self._lists.predicates)):
            return {}
        counted = [page for page in pages if page.owner.is_whole and page.owner.is_countable() and not page.failure]
        answers = (await self._read(tuple(LinkQuery(page.owner.links, EVERY_ROW) for page in counted))).pages
        totals: dict[int, int | None] = {}
        for page, linked in zip(counted, answers, strict=True):
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
        (row.kind, row.name): None if isinstance(answer, AccessDeniedError) else answer
        for row, answer in zip(distinct, await with_detail(view, distinct), strict=True)
    }
