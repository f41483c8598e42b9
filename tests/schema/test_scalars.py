"""schema.scalars: whole numbers that every client reads exactly, and JSON as it is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.scalars import JSON, LARGEST, SCALARS, BigInt

REFUSAL = "BigInt takes a whole number from -9007199254740991 to 9007199254740991, written as a number."


@strawberry.type
class Query:
    @strawberry.field
    def number(self, it: BigInt) -> BigInt:
        return it

    @strawberry.field
    def anything(self, it: JSON) -> JSON:
        return it

    @strawberry.field
    def moment(self, it: datetime) -> datetime:
        return it.astimezone(UTC)

    @strawberry.field
    def wrong(self) -> BigInt | None:
        return BigInt(2**53)


SCHEMA = strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=dict(SCALARS)))


def asked(field: str, scalar: str, given: object) -> Any:
    return SCHEMA.execute_sync(f"query($it: {scalar}!) {{ {field}(it: $it) }}", variable_values={"it": given})


@pytest.mark.parametrize(
    ("given", "whole"), [(0, 0), (2**31, 2**31), (LARGEST, 2**53 - 1), (-LARGEST, 1 - 2**53), (5.0, 5)]
)
def test_a_whole_number_comes_through_exactly(given: float, whole: int) -> None:
    found = asked("number", "BigInt", given)
    assert found.errors is None
    assert json.dumps(found.data) == json.dumps({"number": whole})


@pytest.mark.parametrize(
    "given", [2**53, -(2**53), 1e300, float("inf"), float("nan"), 5.5, "5", "", True, [5], {"a": 5}]
)
def test_anything_else_is_refused(given: object) -> None:
    found = asked("number", "BigInt", given)
    assert found.data is None
    (error,) = found.errors
    assert error.message.endswith(REFUSAL)


@pytest.mark.parametrize("written", ["9007199254740991", "-9007199254740991", "0", "-5"])
def test_a_number_in_the_document(written: str) -> None:
    found = SCHEMA.execute_sync(f"{{ number(it: {written}) }}")
    assert found.errors is None
    assert found.data == {"number": int(written)}


@pytest.mark.parametrize("written", ["9007199254740992", "-9007199254740992", "5.0", '"5"', "true", "[5]", "9" * 5000])
def test_anything_else_in_the_document_is_refused(written: str) -> None:
    found = SCHEMA.execute_sync(f"{{ number(it: {written}) }}")
    assert found.data is None
    assert found.errors is not None
    assert [error.message for error in found.errors] == [REFUSAL]


def test_a_number_that_is_too_large_is_not_shown() -> None:
    found = SCHEMA.execute_sync("{ wrong }")
    assert found.data == {"wrong": None}
    assert found.errors is not None
    assert [error.path for error in found.errors] == [["wrong"]]


@pytest.mark.parametrize("given", [{"a": [1, 2.5, "x", None, True]}, [], "text", 5, False])
def test_json_comes_through_as_it_is(given: object) -> None:
    found = asked("anything", "JSON", given)
    assert found.errors is None
    assert found.data == {"anything": given}


def test_json_in_the_document() -> None:
    found = SCHEMA.execute_sync('{ anything(it: {a: [1, 2.5, "x", null, true], b: {}}) }')
    assert found.errors is None
    assert found.data == {"anything": {"a": [1, 2.5, "x", None, True], "b": {}}}


def test_all_are_described() -> None:
    assert {each.name: bool(each.description) for each in SCALARS.values()} == {
        "BigInt": True,
        "DateTime": True,
        "JSON": True,
    }


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00+00:00"),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00-23:59", "0001-01-01T23:59:00+00:00"),
        ("9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.999999+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_moment_that_its_offset_takes_out_of_the_calendar_is_its_end(given: str, moment: str) -> None:
    assert asked("moment", "DateTime", given).data == {"moment": moment}


@pytest.mark.parametrize(
    "given", ["soon", 5, None, "9999-12-31T24:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T00:00+24:00"]
)
def test_what_is_no_moment_is_refused(given: object) -> None:
    errors = asked("moment", "DateTime", given).errors
    assert errors is not None
    assert errors[0].path is None
