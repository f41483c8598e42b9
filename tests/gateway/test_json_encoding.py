"""gateway.json_encoding: every answer can be written."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import json_encoding
from gateway.http_errors import json_response
from gateway.json_encoding import encode_in_pieces, encode_json


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ("loss exploded \ud83d", "loss exploded \ufffd"),
        ("\udc00\ud83d", "\ufffd\ufffd"),
        ("\U0001f600 whole", "\U0001f600 whole"),
        (
            {"errors": [{"message": "\ud800"}], "data": {"\udfff": ("a\ud800",)}},
            {"errors": [{"message": "\ufffd"}], "data": {"\ufffd": ["a\ufffd"]}},
        ),
        ({"value": float("nan"), "other": float("inf")}, {"value": None, "other": None}),
        ([1, 2.5, True, None], [1, 2.5, True, None]),
    ],
)
def test_half_a_surrogate_pair_becomes_a_replacement_character(data: Any, read: Any) -> None:
    assert json.loads(encode_json(data)) == read
    assert json.loads(bytes(json_response(data).body)) == read


def test_what_is_no_json_stays_a_fault() -> None:
    with pytest.raises(TypeError):
        encode_json({"it": object()})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=5),
)


@given(JSON_VALUES)
@settings(max_examples=60, deadline=None)
def test_pieces_make_the_same_text(data: Any) -> None:
    whole = encode_json(data)
    assert b"".join(encode_in_pieces(data).pieces) == whole


def test_objects_in_long_lists_are_let_go_as_they_are_written() -> None:
    data = {"long": [{"a": 1}] * 9, "short": [{"a": 1}], "words": ["a"] * 9}
    encode_in_pieces(data)
    assert data == {"long": [None] * 9, "short": [{"a": 1}], "words": ["a"] * 9}


@pytest.mark.parametrize(
    "data", [[{"a": "\ud83d"}] * 9, {"a": [["word " * 9_000] * 30]}, {"a": [{"b": [7] * 100_000}]}]
)
def test_large_values_and_broken_characters(data: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No piece is larger than some 64 kB, or a single item."""
    longest = 0

    def noted(value: Any) -> bytes:
        nonlocal longest
        written = encode_json(value)
        longest = max(longest, len(written))
        return written

    whole = encode_json(data)
    monkeypatch.setattr(json_encoding, "encode_json", noted)
    assert b"".join(encode_in_pieces(data).pieces) == whole
    assert longest < 150_000
