"""Translate the Java regular expressions of the service model to Python."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_CHARACTER_CLASS = re.compile(r"\\p\{(\w+)\}")
# Beyond the basic plane nearly everything is a letter; SageMaker has the last word on what is not.
_BASIC, _BEYOND = 0x10000, f"\\U00010000-\\U{sys.maxunicode:08x}"


@lru_cache(maxsize=512)
def translate(pattern: str) -> re.Pattern[str]:
    """The same pattern: Unicode classes, which Python lacks, are written out, and shorthands mean ASCII as in Java.

    They stand in brackets wherever the model has them, so the ranges go without.
    """
    return re.compile(_CHARACTER_CLASS.sub(lambda found: _ranges(found[1]), pattern), re.ASCII | re.DOTALL)


@lru_cache(maxsize=32)
def _ranges(name: str) -> str:
    """What a class stands for: a category of Unicode (`L`, `Nd`) or one of POSIX's (`Alnum`)."""
    if name == "Alnum":
        return "a-zA-Z0-9"
    spans = "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in _spans(name))
    return spans + (_BEYOND if name.startswith("L") else "")


def _spans(category: str) -> Iterator[tuple[int, int]]:
    """The first and last of each run of characters of a category, in the basic plane."""
    first: int | None = None
    for point in range(_BASIC + 1):
        inside = point < _BASIC and unicodedata.category(chr(point)).startswith(category)
        if inside and first is None:
            first = point
        elif not inside and first is not None:
            yield first, point - 1
            first = None
