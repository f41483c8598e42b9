"""Custom metadata: a JSON object changed by JSON Merge Patch (RFC 7396), within limits."""

import json
import math
from collections.abc import Iterator, Mapping

from registry.errors import MetadataError
from registry.storable_text import is_storable

MAX_BYTES = 65_536
"""The largest size of the object as JSON, in bytes."""

MAX_DEPTH = 10
"""The most levels of objects and lists in each other; a flat object has one."""

_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**63 - 1


def merge_patched(current: Mapping[str, object], patch: object) -> dict[str, object]:
    """Apply `patch` to `current`: null deletes a key, an object is merged, everything else replaces the value.

    Neither argument is changed.

    Raises:
        MetadataError: The patch is not a JSON object, or the result is too large or too deep; the message names the
            limit.
    """
    if not isinstance(patch, Mapping):
        raise MetadataError("Custom metadata must be a JSON object.")
    _validate(patch)
    made = _merged(current, patch)
    size = len(json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode())
    if size > MAX_BYTES:
        raise MetadataError(f"Custom metadata may have {MAX_BYTES:,} bytes as JSON, and this would have {size:,}.")
    return made


def _merged(known: object, patch: Mapping[str, object]) -> dict[str, object]:
    made = dict(known) if isinstance(known, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, Mapping):
            made[key] = _merged(made.get(key), value)
        else:
            made[key] = value
    return made


def _validate(patch: object) -> None:
    """Check the whole patch, whatever its depth, and stop at the first fault.

    A check of the patch suffices: the result is no deeper than the patch or the object before.
    """
    for value, depth in _walk(patch):
        if depth > MAX_DEPTH:
            raise MetadataError(f"Custom metadata may have {MAX_DEPTH} levels of objects and lists, and this has more.")
        if isinstance(value, str) and not is_storable(value):
            raise MetadataError("Custom metadata holds a NUL or half of a surrogate pair; leave it out.")
        if not _is_json(value):
            raise MetadataError(
                "Custom metadata holds a number of more than 64 bits, or a value that JSON lacks; leave it out."
            )


def _walk(whole: object) -> Iterator[tuple[object, int]]:
    """Yield each value and key with its depth; an object or list counts itself."""
    waiting: list[tuple[object, int]] = [(whole, 1)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        if isinstance(value, Mapping):
            waiting += ((key, depth) for key in value)
            waiting += ((item, depth + _is_nested(item)) for item in value.values())
        elif isinstance(value, list | tuple):
            waiting += ((element, depth + _is_nested(element)) for element in value)


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _is_json(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(key, str) for key in value)
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int):
        return _MIN_INTEGER <= value <= _MAX_INTEGER
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | list | tuple)
