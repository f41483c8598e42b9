"""Estimates of memory. Each is an upper bound: texts that several values share are counted for each."""

import sys
from collections.abc import Iterable, Sequence, Sized
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final, Protocol

ENTRY_BYTES: Final = 250
"""The bytes of an entry of a map beside its key and value, with the frame of the value."""


ROW_FRAME_BYTES: Final = 250
"""The bytes of a description beside its detail: the frame of the resource, and its times."""


class Weighed(Protocol):
    """A cache that knows its memory."""

    @property
    def bytes(self) -> int:
        """Its memory."""


class _Samples(Sized, Protocol):
    """A container whose values are of about one size."""

    def values(self) -> Iterable[object]:
        """The values."""


def weigh(value: object) -> int:
    """Give the bytes of `value` and of everything that it refers to."""
    if value is None or isinstance(value, bool | Enum):
        return 0
    if isinstance(value, tuple | list):
        return sys.getsizeof(value) + sum(map(weigh, value))
    if is_dataclass(value) and not isinstance(value, type):
        return sys.getsizeof(value) + sum(weigh(getattr(value, field.name)) for field in fields(value))
    return sys.getsizeof(value)


def weigh_alike(values: _Samples) -> int:
    """Give the bytes of a map whose values have similar sizes, from the first value."""
    first = next(iter(values.values()), None)
    return 0 if first is None else len(values) * (weigh(first) + ENTRY_BYTES)


def weigh_rows(rows: Sequence[object]) -> int:
    """Give the bytes of rows of similar sizes, from the first row."""
    return len(rows) * weigh(rows[0]) if rows else 0
