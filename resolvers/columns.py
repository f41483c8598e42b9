"""Columns: sequences of values that give an attribute of all of them at once, and build a value if asked for it."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, ClassVar, TypeGuard, TypeVar, overload

Item = TypeVar("Item", covariant=True)


class _Columnar:
    """The mark of columns: `isinstance` takes ten times as long with an abstract class."""

    __slots__ = ()


class Columns(_Columnar, Sequence[Item]):
    """Values of one class, kept by attribute.

    Attributes:
        item_class: The class of the values.
    """

    __slots__ = ()
    item_class: ClassVar[type]

    @abstractmethod
    def column(self, name: str) -> Sequence[Any]:
        """The attribute of this name of each value, in their order."""

    @abstractmethod
    def item(self, index: int) -> Item:
        """Build the value at an index, which is from 0 to the length."""

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        places = range(len(self))[index]
        return self.item(places) if isinstance(places, int) else [self.item(place) for place in places]

    def __iter__(self) -> Iterator[Item]:
        return map(self.item, range(len(self)))


def is_columns(values: object) -> TypeGuard[Columns[Any]]:
    """Tell whether values are kept by attribute."""
    return isinstance(values, _Columnar)


class NestedLists(Sequence[Sequence[Item]]):
    """Lists that lie one behind the other in one sequence.

    Args:
        flat: The items of all lists.
        lengths: The length of each list.
    """

    __slots__ = ("flat", "lengths")

    def __init__(self, flat: Sequence[Item], lengths: Sequence[int]) -> None:
        self.flat = flat
        self.lengths = lengths

    def __len__(self) -> int:
        return len(self.lengths)

    @overload
    def __getitem__(self, index: int) -> Sequence[Item]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Item]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[Item] | Sequence[Sequence[Item]]:
        return self.cut(self.flat)[index]

    def cut(self, items: Sequence[Any]) -> list[Sequence[Any]]:
        """Cut a flat list of items, one for each inner item, into lists of the same lengths."""
        ends = list(accumulate(self.lengths))
        return [items[begin:end] for begin, end in zip(chain((0,), ends), ends, strict=False)]


def nested(lists: Sequence[Sequence[Item]]) -> NestedLists[Item]:
    """Put lists one behind the other, so that one batch serves the items of all."""
    return NestedLists(list(chain.from_iterable(lists)), list(map(len, lists)))
