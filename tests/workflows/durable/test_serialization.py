"""Inputs and results are kept as JSON, and of an exception its class alone."""

import json
from datetime import datetime

import pytest

from workflows.durable.errors import DurableError
from workflows.durable.serialization import JSONSerializer, as_json_value


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "ä", [1, ["x"]], {"a": {"b": None}}, {"raised": "x", "b": 1}])
def test_a_value_comes_back_as_it_was(value: object) -> None:
    serializer = JSONSerializer()
    assert serializer.deserialize(serializer.serialize(value)) == value
    assert serializer.name() == "json"


def test_a_tuple_is_a_list() -> None:
    assert as_json_value(("a", ("b",))) == ["a", ["b"]]


@pytest.mark.parametrize("value", [object(), datetime(2026, 1, 1), {1, 2}, float("nan"), b"x"])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        as_json_value(value)


def test_an_exception_is_kept_without_its_words() -> None:
    serializer = JSONSerializer()
    stored = serializer.serialize(PermissionError("what nobody should see"))
    assert json.loads(stored) == {"raised": "PermissionError"}
    came = serializer.deserialize(stored)
    assert isinstance(came, DurableError)
    assert str(came) == "The work ended with PermissionError; the log of its process has the details."
