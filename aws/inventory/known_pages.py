"""Pages of links that need no call, cached for one version of their indexes and descriptions."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from aws.inventory.describe_cache import DescribeCache
from aws.inventory.horizon import LATEST, Horizon, Validity
from aws.inventory.link_queries import Coverage, LinkQuery, RowFilter
from aws.inventory.link_view import IndexView, first_unknown, matches
from aws.inventory.list_cache import ListCache
from aws.inventory.listings import creation_key, order_key
from aws.inventory.pages_of_version import KnownPage, KnownResource, PagesOfVersion, ShownPages
from aws.inventory.sorted_sequence import SortKey
from aws.kinds.catalog import KINDS, AnyResource
from aws.kinds.descriptor import Link
from aws.kinds.kind import Kind
from concurrency.time_slices import checkpoint

MAX_QUESTIONS: Final = 32
"""The most questions whose pages are kept; the least recently asked is dropped first."""


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question for the first page of linked resources of each of many parents.

    Attributes:
        relation: The relation and its filter, which tell the question from others of these kinds and count.
        kinds: The kinds that are searched.
        count: The most resources of a page.
        links: Gives the links of a parent.
        reason: Gives the reason for which a described resource belongs to a parent, from these two alone; None if it
            does not.
        passes: Filters the rows; None takes every row.
    """

    relation: Hashable
    kinds: tuple[Kind, ...]
    count: int
    links: Callable[[Any], tuple[Link, ...]]
    reason: Callable[[Any, AnyResource], object | None]
    passes: RowFilter | None = None


@dataclass(frozen=True, slots=True)
class KnownPages:
    """Pages of links, with the extent of the known links.

    Attributes:
        pages: The page of each parent.
        coverage: The extent of the known links.
    """

    pages: Sequence[KnownPage]
    coverage: Coverage


class PageCache:
    """The pages of the present versions of indexes and descriptions.

    Args:
        descriptions: The descriptions of each kind.
        lists: The list of each kind.
    """

    def __init__(self, descriptions: Mapping[Kind, DescribeCache], lists: Mapping[Kind, ListCache]) -> None:
        self._descriptions = descriptions
        self._lists = lists
        self._by_question: OrderedDict[Hashable, PagesOfVersion] = OrderedDict()

    @property
    def bytes(self) -> int:
        """The memory of the pages, without resources that other caches keep too."""
        return sum(kept.bytes for kept in self._by_question.values())

    def unkept(self, question: PageQuestion, parents: Sequence[Hashable], views: Sequence[IndexView]) -> list[Hashable]:
        """Give those parents whose pages have to be built."""
        known = list(map(self.pages_of(question, views).pages.get, parents))
        return [parent for parent, page in zip(parents, known, strict=True) if page is None] if None in known else []

    def put_together(
        self, question: PageQuestion, parents: Sequence[Hashable], views: Sequence[IndexView]
    ) -> ShownPages | None:
        """Give the page of each parent, of any age; None if one needs a call, or an index changes meanwhile.

        Args:
            question: The question.
            parents: The parents.
            views: The kinds, each with a list that is fresh enough for the request.
        """
        kept = self.pages_of(question, views)
        known = list(map(kept.pages.get, parents))
        if None in known and not self._put_together(kept, question, parents, views, known):
            return None
        return kept.show(parents, cast("list[KnownPage]", known))

    def hold(self, kept: PagesOfVersion, shown: ShownPages, views: Sequence[IndexView], horizon: Horizon) -> bool:
        """Tell whether pages may be shown at a horizon, to a request that sees all of their rows.

        Args:
            kept: The pages of the question.
            shown: Those that are to be shown.
            views: The kinds.
            horizon: The oldest reads that are fresh enough.
        """
        if not all(view.sees_every_row for view in views):
            return False
        unknown = first_unknown(views)
        return kept.holds(horizon, unknown) or all(page.holds(horizon, unknown) for page in shown.pages)

    def _put_together(
        self,
        kept: PagesOfVersion,
        question: PageQuestion,
        parents: Sequence[Hashable],
        views: Sequence[IndexView],
        known: list[KnownPage | None],
    ) -> bool:
        """Build the missing pages into `known`; False if one needs a call, or an index changes meanwhile."""
        for place in [place for place, page in enumerate(known) if page is None]:
            if (built := self._build(kept, question, parents[place], views)) is None:
                return False
            known[place] = built
            kept.add(parents[place], built)
            checkpoint()
        # Other tasks run between two time slices, and may change an index.
        return all(view.is_current for view in views) and self.pages_of(question, views) is kept

    def pages_of(self, question: PageQuestion, views: Sequence[IndexView]) -> PagesOfVersion:
        """Give the pages of a question that were built for the present versions, of any age."""
        key = question.relation, question.kinds, question.count
        versions = [(view.version, self._descriptions[view.kind].version) for view in views]
        kept = self._by_question.get(key)
        if kept is None or not kept.is_of(versions):
            kept = self._by_question[key] = PagesOfVersion(versions, kept)
        self._by_question.move_to_end(key)
        while len(self._by_question) > MAX_QUESTIONS:
            self._by_question.popitem(last=False)
        return kept

    def _build(
        self, kept: PagesOfVersion, question: PageQuestion, parent: Hashable, views: Sequence[IndexView]
    ) -> KnownPage | None:
        """Build a page; None if that needs a call."""
        query = LinkQuery(question.links(parent), question.count)
        known = [self._known(kept, view.kind, key) for view, key in islice(matches(views, query), question.count)]
        if None in known:
            return None
        shown = cast("list[KnownResource]", known)
        former = kept.former_pages.get(parent)
        if former is not None and former.shows(shown):
            return former
        reasons = [question.reason(parent, one.resource) for one in shown]
        return None if None in reasons else _page(question, shown, reasons)

    def _known(self, kept: PagesOfVersion, kind: Kind, place: SortKey) -> KnownResource | None:
        """The resource at a position of the index, with its detail; None if it has to be described."""
        key = kind, place[1]
        if (known := kept.resources.get(key)) is not None:
            return known
        row = self._lists[kind].rows_by_name().get(place[1])
        if row is None or creation_key(row) != place:
            return None
        result, former = self._descriptions[kind].peek(row.name), kept.former_resources.get(key)
        if former is not None and former.rests_on(row, result):
            known = former
        elif row.detail is not None:
            known = KnownResource(row, row, result, Validity())
        elif (standing := self._descriptions[kind].standing(row)) is not None:
            known = KnownResource(KINDS[kind].complete(standing[0], row), row, result, standing[1])
        if known is not None:
            kept.resources[key] = known
        return known


def _page(question: PageQuestion, shown: Sequence[KnownResource], reasons: Sequence[object]) -> KnownPage:
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
