"""Lists that each follow from one known page alone, but for attributes that depend on the request."""

from collections.abc import Callable, Sequence
from typing import Any, Final, overload

from resolvers.columns import NestedLists
from resolvers.views.resource_view import ResourceView

OF_REQUESTS: Final = frozenset({"cursor"})
"""Attributes of items that do not follow from the page."""


class PageLists(Sequence[Sequence[Any]]):
    """The nodes or edges of pages, built on demand.

    Args:
        pages: The pages. A page does not change: other resources or reasons make another page.
        build: Builds the lists.
        first: The number of items that each page is cut to.
        view: The view that the items are shown through.
    """

    __slots__ = ("_build", "first", "pages", "view")

    def __init__(
        self, pages: Sequence[object], build: Callable[[], NestedLists[Any]], first: int, view: ResourceView
    ) -> None:
        self.pages = pages
        self.first = first
        self.view = view
        self._build = build

    def __len__(self) -> int:
        return len(self.pages)

    @overload
    def __getitem__(self, index: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Any]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[Any] | Sequence[Sequence[Any]]:
        return self.lists()[index]

    def lists(self) -> NestedLists[Any]:
        """Build the lists."""
        return self._build()
