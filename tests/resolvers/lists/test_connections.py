"""resolvers.lists.connections: page sizes, edges and page information."""

import pytest

from resolvers.errors import BadInputError
from resolvers.lists.connections import ListCompleteness, build_connection, build_page_info, checked_first


@pytest.mark.parametrize(
    ("first", "default", "largest", "size"),
    [(None, 50, 100, 50), (1, 50, 100, 1), (100, 50, 100, 100), (None, 50, 20, 20), (50, 50, 20, 20), (20, 50, 20, 20)],
)
def test_a_page_size(first: int | None, default: int, largest: int, size: int) -> None:
    assert checked_first(first, default, largest) == size


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_size_out_of_bounds(first: int) -> None:
    with pytest.raises(BadInputError, match=f"`first` must be from 1 to 100, not {first}."):
        checked_first(first, 50, 100)


def test_a_page_with_reasons() -> None:
    info = build_page_info(["c1", "c2"], None, more=True)
    connection = build_connection(["a", "b"], ["c1", "c2"], info, ListCompleteness(5, 1), ["why", "why not"])
    assert [(edge.cursor, edge.node, edge.match) for edge in connection.edges] == [
        ("c1", "a", "why"),
        ("c2", "b", "why not"),
    ]
    assert (connection.nodes, connection.total_count, connection.unreadable_count) == (("a", "b"), 5, 1)


def test_without_reasons() -> None:
    info = build_page_info(["c"], None, more=False)
    assert build_connection(["a"], ["c"], info, ListCompleteness()).edges[0].match is None


def test_page_info() -> None:
    first = build_page_info(["a", "b"], None, more=True)
    assert (first.has_next_page, first.has_previous_page, first.start_cursor, first.end_cursor) == (
        True,
        False,
        "a",
        "b",
    )
    empty = build_page_info([], "x", more=True, end="y")
    assert (empty.has_next_page, empty.has_previous_page, empty.start_cursor, empty.end_cursor) == (
        True,
        True,
        None,
        "y",
    )
    last = build_page_info([], "x", more=False)
    assert (last.has_next_page, last.end_cursor) == (False, None)
