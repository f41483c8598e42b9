"""JSON of all responses: one broken character never takes the whole answer away."""

import re
from typing import Any, Final

import orjson

from concurrency.time_slices import checkpoint

_SHORT: Final = 8
_PIECE_BYTES: Final = 65_536
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


def encode_in_pieces(data: Any) -> bytes:
    """Write the same JSON in pieces, with a checkpoint behind each: orjson writes 1 MB in 2 ms, and lets nobody in.

    Objects in long lists are let go as they are written: all those of 5 MB at once take 16 ms.
    """
    pieces: list[bytes] = []
    _write(data, pieces)
    return b"".join(pieces)


def _write(value: Any, pieces: list[bytes]) -> None:
    if isinstance(value, dict) and value:
        mark = b"{"
        for key, item in value.items():
            pieces.append(mark + encode_json(key) + b":")
            _write(item, pieces)
            mark = b","
        pieces.append(b"}")
    elif isinstance(value, list) and value:
        _write_list(value, pieces)
    else:
        pieces.append(encode_json(value))


def _write_list(items: list[Any], pieces: list[bytes]) -> None:
    """A short list may hold long ones, and is looked into; of a long one, as many items make a piece as fit."""
    mark = b"["
    if len(items) < _SHORT:
        for item in items:
            pieces.append(mark)
            _write(item, pieces)
            mark = b","
    else:
        begin = 0
        while begin < len(items):
            written = encode_json(items[begin : begin + 1])[1:-1]
            end = begin + max(1, _PIECE_BYTES // len(written))
            rest = encode_json(items[begin + 1 : end])[1:-1]
            pieces.append(mark + (written + b"," + rest if rest else written))
            if isinstance(items[begin], dict):
                items[begin:end] = [None] * len(items[begin:end])
            begin, mark = end, b","
            checkpoint()
    pieces.append(b"]")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value
