"""Lists that follow each from one known page and nothing else, but for what their items say of the request."""

from collections.abc import Callable, Sequence
from typing import Any, Final, overload

from resolvers.columns import NestedLists
from resolvers.views.resource_view import ResourceView

OF_REQUESTS: Final = frozenset({"cursor"})
"""Attributes of items that do not follow from the page."""


class PageLists(Sequence[Sequence[Any]]):
    """The nodes or edges of pages, which are put together only if somebody asks for them.

    Args:
        pages: The pages. A page does not change: what is on it, or the reason of it, makes another one.
        build: Gives the lists.
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
        """The lists."""
        return self._build()
