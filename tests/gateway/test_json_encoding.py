"""gateway.json_encoding: every answer can be written."""

import json
from typing import Any

import pytest

from gateway.http_errors import json_response
from gateway.json_encoding import encode_json


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
