"""registry.custom_metadata: JSON Merge Patch as RFC 7396 has it, and what is too large, too deep or no JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.custom_metadata import MAX_BYTES, MAX_DEPTH, merge_patched
from registry.errors import MetadataError

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | st.text("abc")
VALUES = st.recursive(
    PLAIN, lambda strategy: st.lists(strategy, max_size=3) | st.dictionaries(st.text("ab"), strategy, max_size=3)
)
OBJECTS = st.dictionaries(st.text("ab"), VALUES, max_size=3)


# The cases of RFC 7396, appendix A, whose outcome is an object.
@pytest.mark.parametrize(
    ("known", "patch", "made"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"d": 2}}}, {"a": {"b": {"c": 1, "d": 2}}}),
        ({"a": 1}, {}, {"a": 1}),
    ],
)
def test_a_patch(known: dict[str, object], patch: dict[str, object], made: dict[str, object]) -> None:
    before = json.dumps([known, patch])
    assert merge_patched(known, patch) == made
    assert json.dumps([known, patch]) == before


@given(known=OBJECTS, patch=OBJECTS)
def test_twice_is_once(known: dict[str, object], patch: dict[str, object]) -> None:
    once = merge_patched(known, patch)
    assert merge_patched(once, patch) == once


@pytest.mark.parametrize("patch", [None, [], "text", 1, True])
def test_what_is_no_object(patch: object) -> None:
    with pytest.raises(MetadataError, match="Custom metadata must be a JSON object"):
        merge_patched({"a": 1}, patch)


def nested(levels: int, innermost: Any) -> Any:
    for level in range(levels):
        innermost = {"a": innermost} if level % 2 else [innermost]
    return innermost


def test_the_deepest_and_one_deeper() -> None:
    deep = {"a": nested(MAX_DEPTH - 1, "end")}
    assert merge_patched({}, deep) == deep
    with pytest.raises(MetadataError, match="10 levels"):
        merge_patched({}, {"a": nested(MAX_DEPTH, "end")})


def test_a_depth_that_no_recursion_would_bear() -> None:
    with pytest.raises(MetadataError, match="10 levels"):
        merge_patched({}, {"a": nested(100_000, "end")})


def test_the_largest_and_one_byte_more() -> None:
    room = MAX_BYTES - len('{"a":""}')
    assert merge_patched({}, {"a": "x" * room}) == {"a": "x" * room}
    with pytest.raises(MetadataError, match="65,536 bytes as JSON, and this would have 65,537"):
        merge_patched({}, {"a": "x" * (room + 1)})
    with pytest.raises(MetadataError, match="this would have"):
        merge_patched({"b": 1}, {"a": "x" * room})


def test_bytes_count_and_not_characters() -> None:
    with pytest.raises(MetadataError, match="65,536 bytes"):
        merge_patched({}, {"a": "é" * 40_000})


def test_what_takes_away_makes_room() -> None:
    full = {"a": "x" * (MAX_BYTES - 20)}
    assert merge_patched(full, {"a": None, "b": "y" * 30_000}) == {"b": "y" * 30_000}


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", ["\x00"], {"\x00": 1}, {"a": {"\udfff": 1}}])
def test_what_no_database_keeps(value: object) -> None:
    with pytest.raises(MetadataError, match="NUL or half of a surrogate pair"):
        merge_patched({}, {"a": value})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63, -(2**63) - 1, {1: 2}, b"bytes", {1, 2}])
def test_what_is_no_json(value: object) -> None:
    with pytest.raises(MetadataError, match=r"more than 64 bits, or a value that JSON lacks"):
        merge_patched({}, {"a": value})
