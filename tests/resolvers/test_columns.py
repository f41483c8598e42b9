"""resolvers.columns: sequences of values that are kept by attribute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from resolvers.columns import Columns, NestedLists, nested
from resolvers.views.resource_view import Viewed, ViewedList

VIEW: Any = object()


@dataclass(frozen=True)
class Point:
    """A value of two numbers."""

    x: int
    y: int


class Points(Columns[Point]):
    """Points by their numbers."""

    item_class = Point

    def __init__(self, xs: Sequence[int], ys: Sequence[int]) -> None:
        self._columns = {"x": xs, "y": ys}

    def __len__(self) -> int:
        return len(self._columns["x"])

    def column(self, name: str) -> Sequence[int]:
        return self._columns[name]

    def item(self, index: int) -> Point:
        return Point(self._columns["x"][index], self._columns["y"][index])


POINTS = Points([1, 2, 3], [4, 5, 6])


def test_columns_are_a_sequence_of_values() -> None:
    assert list(POINTS) == [Point(1, 4), Point(2, 5), Point(3, 6)]
    assert (POINTS[-1], POINTS[1:], POINTS[5:], len(POINTS)) == (Point(3, 6), [Point(2, 5), Point(3, 6)], [], 3)
    with pytest.raises(IndexError):
        POINTS[3]


def test_values_share_a_view() -> None:
    values = ViewedList([Point(1, 4), Point(2, 5)], VIEW)
    assert list(values) == [Viewed(Point(1, 4), VIEW), Viewed(Point(2, 5), VIEW)]
    assert list(values.column("y")) == [4, 5]


@pytest.mark.parametrize("lists", [[], [[]], [["a"], [], ["b", "c"]]])
def test_lists_lie_one_behind_the_other(lists: list[list[str]]) -> None:
    flat = nested(lists)
    assert (list(flat), len(flat), flat[:1]) == (lists, len(lists), lists[:1])
    numbers = list(range(len(flat.flat)))
    assert [len(part) for part in flat.cut(numbers)] == [len(part) for part in lists]


def test_nested_columns_are_lists_of_values() -> None:
    lists = NestedLists(POINTS, [2, 0, 1])
    assert list(lists) == [[Point(1, 4), Point(2, 5)], [], [Point(3, 6)]]
