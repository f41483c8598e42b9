"""Plain data that GraphQL selections make of described values alone, cached by value."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any, Final

MAX_VALUES: Final = 5_000
"""The most values whose data is kept, for one selection and for all; the least recently used selection goes first."""

MAX_SELECTIONS: Final = 32

_OBJECT_BYTES: Final = 900
_MAX_STRANGERS: Final = 4


class Projection:
    """The data that one selection makes of each value; a value that is read again is another one.

    Attributes:
        objects: The average number of objects in the data of one value.
    """

    __slots__ = ("_data", "_strangers", "objects")

    def __init__(self) -> None:
        # The value is kept, too, so that no other object gets its identity.
        self._data: dict[int, tuple[object, Any]] = {}
        self._strangers = 0
        self.objects = 1.0

    def __len__(self) -> int:
        """The number of values whose data is kept."""
        return len(self._data)

    def of(self, values: Sequence[object]) -> list[Any] | None:
        """Give the data of each of `values`, which is shared and must not be changed; None unless all of it is kept."""
        data = self._data
        try:
            known = [data[id(value)][1] for value in values]
        except KeyError:
            return None
        self._strangers = 0
        return known

    def keep(self, values: Sequence[object], data: Sequence[Any], objects: int) -> None:
        """Keep the data of values; if no value comes again, only every fourth time.

        Args:
            values: The values, which are immutable.
            data: Their data.
            objects: The number of objects in all of the data.
        """
        if len(values) > MAX_VALUES:
            return
        self._strangers += 1
        if self._strangers > _MAX_STRANGERS and self._strangers % _MAX_STRANGERS:
            return
        # If none of the data was used again, the values have been replaced, or are not queried any more.
        if self._strangers > _MAX_STRANGERS or len(self._data) + len(values) > MAX_VALUES:
            self._data = {}
        self._data |= {id(value): (value, one) for value, one in zip(values, data, strict=True)}
        self.objects = objects / max(1, len(values))


class Projections:
    """Projections by selection."""

    def __init__(self) -> None:
        self._by_selection: OrderedDict[Hashable, Projection] = OrderedDict()

    @property
    def bytes(self) -> int:
        """An upper bound of the memory of the data: each object counts as one with many fields."""
        return int(_OBJECT_BYTES * sum(len(kept) * kept.objects for kept in self._by_selection.values()))

    def get(self, selection: Hashable) -> Projection:
        """Give the projection of a selection; it counts as the most recently used."""
        if (kept := self._by_selection.get(selection)) is None:
            kept = self._by_selection[selection] = Projection()
        self._by_selection.move_to_end(selection)
        while len(self._by_selection) > 1 and self._is_full():
            self._by_selection.popitem(last=False)
        return kept

    def _is_full(self) -> bool:
        return len(self._by_selection) > MAX_SELECTIONS or sum(map(len, self._by_selection.values())) > MAX_VALUES

    def clear(self) -> None:
        """Drop everything."""
        self._by_selection.clear()
