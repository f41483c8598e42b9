"""Connections of pages that are known, kept as columns: only the parts of a page that are asked for are built."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, repeat
from typing import Any, Protocol

from aws.inventory.known_pages import KnownPages
from aws.inventory.listings import order_key
from aws.kinds.catalog import AnyResource
from resolvers.columns import Columns, NestedLists, nested
from resolvers.lists.connections import (
    Connection,
    ListCompleteness,
    PageArguments,
    PageEdge,
    PageInfo,
    build_connection,
    build_page_info,
)
from resolvers.lists.cursors import CursorCodec, Cursors
from resolvers.lists.page_lists import PageLists
from resolvers.views.resource_view import ResourceView, Viewed, ViewedList


class KnownRelation(Protocol):
    """The relation that the pages are of; see resolvers.lists.linked_relations.LinkedRelation."""

    @property
    def shows_reasons(self) -> bool:
        """True if edges tell the reason."""

    @property
    def unreadable(self) -> Callable[[Any], int]:
        """Gives the number of things that could not be read of a parent."""

    @property
    def cursor_owner(self) -> Callable[[Any], Any]:
        """Gives the identity of a parent's list."""


class KnownConnections(Columns[Connection[Viewed[AnyResource]]]):
    """The connection of each parent.

    Args:
        view: The view that everything is shown through: its reader has given the pages.
        relation: The relation.
        parents: The parents.
        page: The page that was asked for: the first one of each list.
        known: The page of each parent.
    """

    __slots__ = ("_coverage", "_pages", "_parents", "_relation", "_request", "_view")
    item_class = Connection

    def __init__(
        self,
        view: ResourceView,
        relation: KnownRelation,
        parents: Sequence[Any],
        page: PageArguments,
        known: KnownPages,
    ) -> None:
        self._view = view
        self._relation = relation
        self._parents = parents
        self._request = page
        self._pages = known.pages
        self._coverage = known.coverage

    def __len__(self) -> int:
        return len(self._pages)

    def column(self, name: str) -> Sequence[Any]:
        """The attribute of this name of each connection."""
        places = range(len(self))
        match name:
            case "nodes":
                return self._lists(self._nodes)
            case "edges":
                return self._lists(self._edges)
            case "page_info":
                return [self._page_info(place) for place in places]
            case "total_count":
                return [None] * len(self)
            case "scopes":
                return [self.item(place).scopes for place in places]
            case _:
                return [getattr(self._completeness(place), name) for place in places]

    def item(self, index: int) -> Connection[Viewed[AnyResource]]:
        """Build the connection of the parent at an index."""
        page = self._pages[index]
        reasons = page.reasons[: self._request.first] if self._relation.shows_reasons else None
        nodes = ViewedList(self._shown(index), self._view)
        info = self._page_info(index)
        return build_connection(nodes, info.cursors, info, self._completeness(index), reasons, self._view)

    def _lists(self, build: Callable[[], NestedLists[Any]]) -> PageLists:
        return PageLists(self._pages, build, self._request.first, self._view)

    def _shown(self, index: int) -> tuple[AnyResource, ...]:
        return self._pages[index].resources[: self._request.first]

    def _flat(self) -> NestedLists[AnyResource]:
        first = self._request.first
        return nested([page.resources[:first] for page in self._pages])

    def _nodes(self) -> NestedLists[Viewed[AnyResource]]:
        lists = self._flat()
        return NestedLists(ViewedList(lists.flat, self._view), lists.lengths)

    def _edges(self) -> NestedLists[PageEdge[Viewed[AnyResource]]]:
        lists, first = self._flat(), self._request.first
        matches = None
        if self._relation.shows_reasons:
            matches = list(chain.from_iterable(page.reasons[:first] for page in self._pages))
        cursors = partial(self._cursors, lists)
        return NestedLists(_Edges(ViewedList(lists.flat, self._view), matches, cursors), lists.lengths)

    def _cursors(self, lists: NestedLists[AnyResource]) -> Cursors:
        places = chain.from_iterable(repeat(number, length) for number, length in enumerate(lists.lengths))
        return Cursors(self._encode, list(zip(places, lists.flat, strict=True)))

    def _encode(self, place: tuple[int, AnyResource]) -> str:
        return self._codec(place[0]).encode_order(order_key(place[1]))

    def _codec(self, index: int) -> CursorCodec:
        return CursorCodec((self._view.key, self._relation.cursor_owner(self._parents[index])))

    def _page_info(self, index: int) -> PageInfo:
        more = self._pages[index].end is not None
        return build_page_info(self._codec(index).of_resources(self._shown(index)), self._request.after, more=more)

    def _completeness(self, index: int) -> ListCompleteness:
        coverage = self._coverage
        return ListCompleteness(
            total_count=None,
            unreadable_count=self._relation.unreadable(self._parents[index]) + coverage.refused,
            complete_as_of=coverage.complete_as_of,
            looked_back_to=coverage.looked_back_to,
        )


class _Edges(Columns[PageEdge[Viewed[AnyResource]]]):
    """The edges of several pages, one page behind the other.

    Args:
        nodes: The nodes.
        matches: The reason of each; None if there are none.
        cursors: Gives the cursors, which few queries show.
    """

    __slots__ = ("_encoded", "_make", "_matches", "_nodes")
    item_class = PageEdge

    def __init__(
        self,
        nodes: Sequence[Viewed[AnyResource]],
        matches: Sequence[object] | None,
        cursors: Callable[[], Sequence[str]],
    ) -> None:
        self._nodes = nodes
        self._matches = matches
        self._make = cursors
        self._encoded: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self._nodes)

    def column(self, name: str) -> Sequence[Any]:
        """An attribute of each edge."""
        match name:
            case "node":
                return self._nodes
            case "match":
                return [None] * len(self) if self._matches is None else self._matches
            case "linked_by":
                # A list with links by hand is made anew for each answer.
                return [None] * len(self)
            case "cursor":
                return list(self._cursors)
            case _:
                raise AttributeError(name)

    def item(self, index: int) -> PageEdge[Viewed[AnyResource]]:
        """One edge."""
        match = None if self._matches is None else self._matches[index]
        return PageEdge(self._cursors, index, self._nodes[index], match)

    @property
    def _cursors(self) -> Sequence[str]:
        if self._encoded is None:
            self._encoded = self._make()
        return self._encoded
