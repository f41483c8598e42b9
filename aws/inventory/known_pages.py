"""Pages of links that are known without a call, kept for one version of what they rest on."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import is_
from typing import Any, Final, cast
from weakref import ref

from aws.inventory.describe_cache import DescribeCache, Described
from aws.inventory.horizon import LATEST, Horizon, Validity
from aws.inventory.link_index import IndexVersion
from aws.inventory.link_queries import Coverage, LinkQuery, RowFilter
from aws.inventory.link_view import IndexView, first_unknown, matches
from aws.inventory.list_cache import ListCache
from aws.inventory.listings import OrderKey, creation_key, order_key
from aws.inventory.sorted_sequence import SortKey
from aws.kinds.catalog import KINDS, AnyResource
from aws.kinds.descriptor import Link
from aws.kinds.kind import Kind
from concurrency.time_slices import checkpoint

MAX_QUESTIONS: Final = 32
"""The most questions whose pages are kept: those that were asked last."""

MAX_PAGES: Final = 2_000
"""The most pages of one question that are kept."""

_PAGE_BYTES: Final = 600
_ROW_BYTES: Final = 400


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question for the first page of what is linked to each of many parents.

    Attributes:
        relation: Tells the question from others of the same kinds and count: the relation and its filter.
        kinds: The kinds that are looked through.
        count: The most resources of a page.
        links: Gives the links of a parent.
        reason: Gives the reason for which a described resource belongs to a parent, by nothing but these two; None if
            it does not.
        passes: Tells whether a row is looked at; None for every row.
    """

    relation: Hashable
    kinds: tuple[Kind, ...]
    count: int
    links: Callable[[Any], tuple[Link, ...]]
    reason: Callable[[Any, AnyResource], object | None]
    passes: RowFilter | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KnownPage:
    """A page of what is linked to one parent.

    Attributes:
        resources: The resources with their details, newest first.
        reasons: The reason of each for belonging to the parent.
        described: The identities of those whose details come from the descriptions, as all but those of a changed row
            do.
        end: The place of the last one on a full page; None if there are no more.
        validity: The horizons at which it may be shown.
        as_of: When the oldest of the descriptions was read; None if there are none.
    """

    resources: tuple[AnyResource, ...]
    reasons: tuple[Any, ...]
    described: frozenset[int]
    end: OrderKey | None
    validity: Validity
    as_of: datetime | None

    def shows(self, known: "Sequence[_KnownResource]") -> bool:
        """Tell whether the page consists of these resources, in this order."""
        resources = self.resources
        return len(resources) == len(known) and all(map(is_, resources, (one.resource for one in known)))

    def holds(self, horizon: Horizon, unknown: OrderKey | None) -> bool:
        """Tell whether it may be shown, and nothing at or behind the newest unknown place might belong on it."""
        reaches = unknown is None or (self.end is not None and self.end >= unknown)
        return reaches and self.validity.holds(horizon)


@dataclass(frozen=True, slots=True)
class KnownPages:
    """The page of each parent, and how far links are known."""

    pages: Sequence[KnownPage]
    coverage: Coverage


class PageCache:
    """The pages that the present versions of indexes and descriptions lead to.

    Args:
        descriptions: The descriptions of each kind.
        lists: The list of each kind.
    """

    def __init__(self, descriptions: Mapping[Kind, DescribeCache], lists: Mapping[Kind, ListCache]) -> None:
        self._descriptions = descriptions
        self._lists = lists
        self._by_question: OrderedDict[Hashable, _PagesOfVersion] = OrderedDict()

    @property
    def bytes(self) -> int:
        """The bytes that the pages take beside the resources that others keep too."""
        return sum(kept.bytes for kept in self._by_question.values())

    def unkept(self, question: PageQuestion, parents: Sequence[Hashable], views: Sequence[IndexView]) -> list[Hashable]:
        """Those of the parents whose pages have to be put together."""
        known = list(map(self._pages_of(question, views).pages.get, parents))
        return [parent for parent, page in zip(parents, known, strict=True) if page is None] if None in known else []

    def pages(
        self, question: PageQuestion, parents: Sequence[Hashable], views: Sequence[IndexView], horizon: Horizon
    ) -> Sequence[KnownPage] | None:
        """The page of each parent; None if one of them takes a call, or the request sees other rows than these.

        Args:
            question: The question.
            parents: The parents.
            views: The kinds, each with a list that is fresh enough for the request.
            horizon: The horizon of the request.
        """
        if not all(view.sees_every_row for view in views):
            return None
        kept = self._pages_of(question, views)
        known = list(map(kept.pages.get, parents))
        if None in known and not self._put_together(kept, question, parents, views, known):
            return None
        pages = cast("list[KnownPage]", known)
        unknown = first_unknown(views)
        if kept.holds(horizon, unknown) or all(page.holds(horizon, unknown) for page in pages):
            return pages
        return None

    def _put_together(
        self,
        kept: "_PagesOfVersion",
        question: PageQuestion,
        parents: Sequence[Hashable],
        views: Sequence[IndexView],
        known: list[KnownPage | None],
    ) -> bool:
        """Put the pages together that are not known; False if one takes a call, or something is learnt meanwhile."""
        for place in [place for place, page in enumerate(known) if page is None]:
            if (built := self._build(kept, question, parents[place], views)) is None:
                return False
            known[place] = built
            kept.add(parents[place], built)
            checkpoint()
        # Others are served between two slices.
        return all(view.is_current for view in views) and self._pages_of(question, views) is kept

    def _pages_of(self, question: PageQuestion, views: Sequence[IndexView]) -> "_PagesOfVersion":
        key = question.relation, question.kinds, question.count
        versions = [(view.version, self._descriptions[view.kind].version) for view in views]
        kept = self._by_question.get(key)
        if kept is None or not kept.is_of(versions):
            kept = self._by_question[key] = _PagesOfVersion(versions, kept)
        self._by_question.move_to_end(key)
        while len(self._by_question) > MAX_QUESTIONS:
            self._by_question.popitem(last=False)
        return kept

    def _build(
        self, kept: "_PagesOfVersion", question: PageQuestion, parent: Hashable, views: Sequence[IndexView]
    ) -> KnownPage | None:
        """Put a page together; None if that takes a call."""
        query = LinkQuery(question.links(parent), question.count)
        known = [self._known(kept, view.kind, key) for view, key in islice(matches(views, query), question.count)]
        if None in known:
            return None
        shown = cast("list[_KnownResource]", known)
        former = kept.former_pages.get(parent)
        if former is not None and former.shows(shown):
            return former
        reasons = [question.reason(parent, one.resource) for one in shown]
        return None if None in reasons else _page(question, shown, reasons)

    def _known(self, kept: "_PagesOfVersion", kind: Kind, place: SortKey) -> "_KnownResource | None":
        """The resource at a place of the index, with its detail; None if it has to be described."""
        key = kind, place[1]
        if (known := kept.resources.get(key)) is not None:
            return known
        row = self._lists[kind].rows_by_name().get(place[1])
        if row is None or creation_key(row) != place:
            return None
        what, former = self._descriptions[kind].peek(row.name), kept.former_resources.get(key)
        if former is not None and former.rests_on(row, what):
            known = former
        elif row.detail is not None:
            known = _KnownResource(row, row, what, Validity())
        elif (standing := self._descriptions[kind].standing(row)) is not None:
            known = _KnownResource(KINDS[kind].complete(standing[0], row), row, what, standing[1])
        if known is not None:
            kept.resources[key] = known
        return known


def _page(question: PageQuestion, shown: "Sequence[_KnownResource]", reasons: Sequence[object]) -> KnownPage:
    described = [one for one in shown if one.resource is not one.row]
    resources = tuple(one.resource for one in shown)
    return KnownPage(
        resources,
        tuple(reasons),
        frozenset(id(one.resource) for one in described),
        order_key(resources[-1]) if len(resources) == question.count else None,
        Validity(
            min((one.validity.authority for one in described), default=LATEST),
            min((one.validity.runtime for one in described), default=LATEST),
            min((one.validity.fresh for one in described), default=LATEST),
        ),
        min((one.resource.as_of for one in described), default=None),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _KnownResource:
    """A resource, what it was put together from, and the horizons at which it may be shown."""

    resource: AnyResource
    row: AnyResource
    description: tuple[Described, datetime] | None
    validity: Validity

    def rests_on(self, row: AnyResource, description: tuple[Described, datetime] | None) -> bool:
        """Tell whether it was put together from this row and this description."""
        mine = self.description
        same = mine is description or (None not in (mine, description) and mine[0] is description[0])  # type: ignore[index]
        return self.row is row and same


class _PagesOfVersion:
    """The pages of one question at one version, and the horizons at which all of them may be shown."""

    __slots__ = ("_end", "_validity", "_versions", "former_pages", "former_resources", "pages", "resources")

    def __init__(self, versions: Sequence[tuple[IndexVersion, int]], former: "_PagesOfVersion | None" = None) -> None:
        self.pages: dict[Hashable, KnownPage] = {}
        self.resources: dict[tuple[Kind, str], _KnownResource] = {}
        # Most of a former version is as it was.
        self.former_pages = {} if former is None else former.pages
        self.former_resources = {} if former is None else former.resources
        # An index would keep every row that it has.
        self._versions = [(ref(version), number) for version, number in versions]
        self._validity = Validity()
        self._end: OrderKey | None = None

    @property
    def bytes(self) -> int:
        """An upper bound of the bytes that the pages take."""
        pages = len(self.pages) + len(self.former_pages)
        return _PAGE_BYTES * pages + _ROW_BYTES * (len(self.resources) + len(self.former_resources))

    def is_of(self, versions: Sequence[tuple[IndexVersion, int]]) -> bool:
        """Tell whether these are its versions, each the very same value."""
        pairs = zip(self._versions, versions, strict=True)
        return all(mine() is version and known == number for (mine, known), (version, number) in pairs)

    def add(self, parent: Hashable, page: KnownPage) -> None:
        """Keep a page."""
        if len(self.pages) >= MAX_PAGES:
            self.pages, self.resources = {}, {}
        ends = [page.end] if not self.pages else [page.end, self._end]
        self._end = None if None in ends else min(filter(None, ends))
        self._validity = self._validity.and_also(page.validity)
        self.pages[parent] = page

    def holds(self, horizon: Horizon, unknown: OrderKey | None) -> bool:
        """Tell whether every page may be shown; see KnownPage.holds."""
        reaches = unknown is None or (self._end is not None and self._end >= unknown)
        return reaches and self._validity.holds(horizon)
