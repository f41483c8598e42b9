"""resolvers.lists.page_lists: the lists of pages are put together only if somebody asks for them."""

from typing import Any

from resolvers.columns import NestedLists, nested
from resolvers.lists.page_lists import PageLists


def test_lists_are_built_if_they_are_asked_for() -> None:
    built = 0

    def build() -> NestedLists[Any]:
        nonlocal built
        built += 1
        return nested([["a", "b"], []])

    view: Any = None
    lists = PageLists((object(), object()), build, 2, view)
    assert (len(lists), built) == (2, 0)
    assert (lists[0], list(lists), lists[1:]) == (["a", "b"], [["a", "b"], []], [[]])
    assert built > 0
