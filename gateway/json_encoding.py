"""JSON of all responses: one broken character never takes the whole answer away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from concurrency.time_slices import checkpoint
from resolvers.execution.rows import SharedList

_SHORT: Final = 8
PIECE_BYTES: Final = 65_536
"""The size of a piece, unless a single value is larger."""

# JSON can spell half of a surrogate pair (\ud83d), and AWS, Jira and clients do; UTF-8 cannot.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def encode_json(data: Any) -> bytes:
    """Write JSON in UTF-8, with U+FFFD for each half of a surrogate pair and null for numbers that JSON lacks.

    orjson is six times as fast as the standard library at 100 kB. It refuses lone surrogates, so that only an answer
    that has some is walked through.

    Raises:
        TypeError: The data holds something that is no JSON value.
    """
    try:
        return orjson.dumps(data)
    except TypeError:
        return orjson.dumps(_mended(data))


@dataclass(frozen=True, slots=True)
class JsonPieces:
    """A JSON value, written in pieces of some 64 kB: a copy of 5 MB holds the loop for milliseconds.

    Attributes:
        pieces: The bytes of each piece; joined, they are the value.
    """

    pieces: Sequence[bytes]


def encode_in_pieces(data: Any) -> JsonPieces:
    """Write data as the JSON of `encode_json`, in pieces, with a checkpoint behind each: 1 MB holds the loop for 2 ms.

    Objects in long lists are let go as they are written: all those of 5 MB at once take 16 ms.
    """
    writer = _PieceWriter()
    writer.write(data)
    return JsonPieces(writer.finish())


class _PieceWriter:
    """Writes JSON, and puts small parts together."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._parts: list[bytes] = []
        self._size = 0

    def finish(self) -> list[bytes]:
        """Give the pieces."""
        if self._parts:
            self._pieces.append(b"".join(self._parts))
            self._parts, self._size = [], 0
        return self._pieces

    def _add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size >= PIECE_BYTES:
            self.finish()

    def write(self, value: Any) -> None:
        """Write a value."""
        if isinstance(value, dict) and value:
            mark = b"{"
            for key, item in value.items():
                self._add(mark + encode_json(key) + b":")
                self.write(item)
                mark = b","
            self._add(b"}")
        elif isinstance(value, list) and value:
            self._write_list(value)
        else:
            self._add(encode_json(value))

    def _write_list(self, items: list[Any]) -> None:
        """Write a list: a short one item by item, as items may be long; of a long one, as many as fit a part."""
        mark = b"["
        if len(items) < _SHORT:
            for item in items:
                self._add(mark)
                self.write(item)
                mark = b","
        else:
            begin = 0
            while begin < len(items):
                written = encode_json(items[begin : begin + 1])[1:-1]
                end = begin + max(1, PIECE_BYTES // len(written))
                rest = encode_json(items[begin + 1 : end])[1:-1]
                self._add(mark + (written + b"," + rest if rest else written))
                if isinstance(items[begin], dict) and not isinstance(items, SharedList):
                    items[begin:end] = [None] * len(items[begin:end])
                begin, mark = end, b","
                checkpoint()
        self._add(b"]")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value
