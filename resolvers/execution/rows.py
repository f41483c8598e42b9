"""Rows: the response's objects of a level, written in one pass over its columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final


class SharedList(list[Any]):
    """A list of objects within a row that is kept. Several answers show it, so nobody may change it."""


Row = dict[str, Any]
_Values = Iterable[tuple[Any, ...]]


def rows(template: Row, columns: Mapping[str, Sequence[Any]], count: int) -> list[Row]:
    """Make `count` objects with the keys of a template, in its order.

    Args:
        template: An object with the values of the keys that have no column.
        columns: A value for each object, by key.
        count: The number of objects.

    Raises:
        ValueError: A column has another number of values.
    """
    if any(len(column) != count for column in columns.values()):
        raise ValueError(f"Not every column of {', '.join(columns)} has {count} values.")
    write = _WRITERS.get(len(template))
    if write is None or not columns:
        return _copied(template, columns, count)
    values = (columns.get(key) or repeat(value, count) for key, value in template.items())
    return write(tuple(template), zip(*values, strict=True))


def _copied(template: Row, columns: Mapping[str, Sequence[Any]], count: int) -> list[Row]:
    made = list(map(dict.copy, repeat(template, count)))
    for key, column in columns.items():
        for row, value in zip(made, column, strict=True):
            row[key] = value
    return made


def _one(keys: Sequence[str], values: _Values) -> list[Row]:
    (a,) = keys
    return [{a: u} for (u,) in values]


def _two(keys: Sequence[str], values: _Values) -> list[Row]:
    a, b = keys
    return [{a: u, b: v} for u, v in values]


def _three(keys: Sequence[str], values: _Values) -> list[Row]:
    a, b, c = keys
    return [{a: u, b: v, c: w} for u, v, w in values]


def _four(keys: Sequence[str], values: _Values) -> list[Row]:
    a, b, c, d = keys
    return [{a: u, b: v, c: w, d: x} for u, v, w, x in values]


def _five(keys: Sequence[str], values: _Values) -> list[Row]:
    a, b, c, d, e = keys
    return [{a: u, b: v, c: w, d: x, e: y} for u, v, w, x, y in values]


def _six(keys: Sequence[str], values: _Values) -> list[Row]:
    a, b, c, d, e, f = keys
    return [{a: u, b: v, c: w, d: x, e: y, f: z} for u, v, w, x, y, z in values]


# A display of a few keys is written in half the time of a copy that is changed key by key.
_WRITERS: Final[Mapping[int, Callable[[Sequence[str], _Values], list[Row]]]] = dict(
    enumerate((_one, _two, _three, _four, _five, _six), 1)
)
