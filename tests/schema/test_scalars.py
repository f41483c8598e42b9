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


def asked(field: str, scalar: str, value: object) -> Any:
    return SCHEMA.execute_sync(f"query($it: {scalar}!) {{ {field}(it: $it) }}", variable_values={"it": value})


@pytest.mark.parametrize(
    ("value", "whole"), [(0, 0), (2**31, 2**31), (LARGEST, 2**53 - 1), (-LARGEST, 1 - 2**53), (5.0, 5)]
)
def test_a_whole_number_comes_through_exactly(value: float, whole: int) -> None:
    result = asked("number", "BigInt", value)
    assert result.errors is None
    assert json.dumps(result.data) == json.dumps({"number": whole})


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), 1e300, float("inf"), float("nan"), 5.5, "5", "", True, [5], {"a": 5}]
)
def test_anything_else_is_refused(value: object) -> None:
    result = asked("number", "BigInt", value)
    assert result.data is None
    (error,) = result.errors
    assert error.message.endswith(REFUSAL)


@pytest.mark.parametrize("written", ["9007199254740991", "-9007199254740991", "0", "-5"])
def test_a_number_in_the_document(written: str) -> None:
    execution_result = SCHEMA.execute_sync(f"{{ number(it: {written}) }}")
    assert execution_result.errors is None
    assert execution_result.data == {"number": int(written)}


@pytest.mark.parametrize("written", ["9007199254740992", "-9007199254740992", "5.0", '"5"', "true", "[5]", "9" * 5000])
def test_anything_else_in_the_document_is_refused(written: str) -> None:
    execution_result = SCHEMA.execute_sync(f"{{ number(it: {written}) }}")
    assert execution_result.data is None
    assert execution_result.errors is not None
    assert [error.message for error in execution_result.errors] == [REFUSAL]


def test_a_number_that_is_too_large_is_not_shown() -> None:
    execution_result = SCHEMA.execute_sync("{ wrong }")
    assert execution_result.data == {"wrong": None}
    assert execution_result.errors is not None
    assert [error.path for error in execution_result.errors] == [["wrong"]]


@pytest.mark.parametrize("value", [{"a": [1, 2.5, "x", None, True]}, [], "text", 5, False])
def test_json_comes_through_as_it_is(value: object) -> None:
    result = asked("anything", "JSON", value)
    assert result.errors is None
    assert result.data == {"anything": value}


def test_json_in_the_document() -> None:
    execution_result = SCHEMA.execute_sync('{ anything(it: {a: [1, 2.5, "x", null, true], b: {}}) }')
    assert execution_result.errors is None
    assert execution_result.data == {"anything": {"a": [1, 2.5, "x", None, True], "b": {}}}


def test_all_are_described() -> None:
    assert {scalar_definition.name: bool(scalar_definition.description) for scalar_definition in SCALARS.values()} == {
        "BigInt": True,
        "DateTime": True,
        "JSON": True,
    }


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00+00:00"),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00-23:59", "0001-01-01T23:59:00+00:00"),
        ("9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.999999+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_moment_that_its_offset_takes_out_of_the_calendar_is_its_end(value: str, moment: str) -> None:
    assert asked("moment", "DateTime", value).data == {"moment": moment}


@pytest.mark.parametrize(
    "value", ["soon", 5, None, "9999-12-31T24:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T00:00+24:00"]
)
def test_what_is_no_moment_is_refused(value: object) -> None:
    errors = asked("moment", "DateTime", value).errors
    assert errors is not None
    assert errors[0].path is None
