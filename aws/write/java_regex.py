"""Translation of the service model's Java regular expressions to Python."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_CHARACTER_CLASS = re.compile(r"\\p\{(\w+)\}")
# An escape, a set in brackets, or outside of both a dot, or a repeated end, which is one end in Java.
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(?P<dot>\.)|(?P<end>\$\{[\d,]+\})", re.DOTALL)
# In Java a dot is any character except line terminators.
_NO_LINE_END = r"[^\n\r\u0085\u2028\u2029]"
# Beyond the basic plane nearly every character is a letter; SageMaker decides about the others.
_BASIC, _BEYOND = 0x10000, f"\\U00010000-\\U{sys.maxunicode:08x}"


@lru_cache(maxsize=512)
def translate(pattern: str) -> re.Pattern[str]:
    """Translate a pattern to Python: Unicode classes written out, and dots and shorthands with their meaning in Java.

    In the model Unicode classes stand in brackets, so the ranges are written without any.
    """
    spelled = _TOKEN.sub(_python_token, pattern)
    return re.compile(_CHARACTER_CLASS.sub(lambda match: _ranges(match[1]), spelled), re.ASCII)


def _python_token(token: re.Match[str]) -> str:
    if token["end"]:
        return "$"
    return _NO_LINE_END if token["dot"] else token[0]


@lru_cache(maxsize=32)
def _ranges(name: str) -> str:
    """The characters of a class: a category of Unicode (`L`, `Nd`) or one of POSIX (`Alnum`)."""
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
