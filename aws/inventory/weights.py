"""The bytes that known things take. Each is an upper bound: texts that several things share are counted with each."""

import sys
from collections.abc import Iterable, Sequence, Sized
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final, Protocol

ENTRY_BYTES: Final = 250
"""What an entry of a map costs beside its key and value, the value's own frame included."""


ROW_FRAME_BYTES: Final = 250
"""What a description costs beside its detail: the frame of the resource, and its times."""


class Weighed(Protocol):
    """Something that tells its bytes."""

    @property
    def bytes(self) -> int:
        """The bytes that it takes."""


class _Samples(Sized, Protocol):
    """A container whose values are of about one size."""

    def values(self) -> Iterable[object]:
        """The values."""


def weigh(value: object) -> int:
    """The bytes of a value and of all that it holds."""
    if value is None or isinstance(value, bool | Enum):
        return 0
    if isinstance(value, tuple | list):
        return sys.getsizeof(value) + sum(map(weigh, value))
    if is_dataclass(value) and not isinstance(value, type):
        return sys.getsizeof(value) + sum(weigh(getattr(value, field.name)) for field in fields(value))
    return sys.getsizeof(value)


def weigh_alike(values: _Samples) -> int:
    """The bytes of a map whose values are of about one size, by the first of them."""
    first = next(iter(values.values()), None)
    return 0 if first is None else len(values) * (weigh(first) + ENTRY_BYTES)


def weigh_rows(rows: Sequence[object]) -> int:
    """The bytes of rows of about one size, by the first of them."""
    return len(rows) * weigh(rows[0]) if rows else 0
