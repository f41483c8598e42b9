"""JSON of all responses: one broken character never takes the whole answer away."""

import re
from typing import Any

import orjson

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


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value
