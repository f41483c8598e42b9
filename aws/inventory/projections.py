"""Plain data that selections show of described values, kept beside these: worked out of nothing but them."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any, Final

MAX_VALUES: Final = 5_000
"""The most values whose data is kept for one selection; where all have more, that which was used longest ago goes."""

MAX_SELECTIONS: Final = 32

_OBJECT_BYTES: Final = 900
_MAX_STRANGERS: Final = 4


class Projection:
    """The data that one selection shows of each value; a value that is read anew is another one.

    Attributes:
        objects: The number of objects that the data of one value has, on average.
    """

    __slots__ = ("_data", "_strangers", "objects")

    def __init__(self) -> None:
        # The value is kept too, so that no other one gets its identity.
        self._data: dict[int, tuple[object, Any]] = {}
        self._strangers = 0
        self.objects = 1.0

    def __len__(self) -> int:
        """The number of values whose data is kept."""
        return len(self._data)

    def of(self, values: Sequence[object]) -> list[Any] | None:
        """Give the data of each value, which nobody may change; None unless that of all of them is kept."""
        data = self._data
        try:
            known = [data[id(value)][1] for value in values]
        except KeyError:
            return None
        self._strangers = 0
        return known

    def keep(self, values: Sequence[object], data: Sequence[Any], objects: int) -> None:
        """Keep the data of values; every fourth time alone where these are others each time.

        Args:
            values: The values, which do not change.
            data: Their data.
            objects: The number of objects that all of it has.
        """
        if len(values) > MAX_VALUES:
            return
        self._strangers += 1
        if self._strangers > _MAX_STRANGERS and self._strangers % _MAX_STRANGERS:
            return
        # Where nothing was shown again, the values have been read anew, or nobody asks for them.
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
        """The bytes that the data takes, reckoned high: each object as one of many fields."""
        return int(_OBJECT_BYTES * sum(len(kept) * kept.objects for kept in self._by_selection.values()))

    def get(self, selection: Hashable) -> Projection:
        """Give the projection of a selection."""
        if (kept := self._by_selection.get(selection)) is None:
            kept = self._by_selection[selection] = Projection()
        self._by_selection.move_to_end(selection)
        while len(self._by_selection) > 1 and self._is_full():
            self._by_selection.popitem(last=False)
        return kept

    def _is_full(self) -> bool:
        return len(self._by_selection) > MAX_SELECTIONS or sum(map(len, self._by_selection.values())) > MAX_VALUES

    def clear(self) -> None:
        """Forget everything."""
        self._by_selection.clear()
