"""resolvers.execution.row_code: objects written straight from values, and values that do not fit."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from aws.kinds.statuses import JobStatus
from resolvers.execution.leaves import MOMENT, STANDARD_LEAVES, Leaf, enum_leaf
from resolvers.execution.row_code import DirectField, MisfitError, row_writer

STATUS = enum_leaf({status: status.value.upper() for status in JobStatus})
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def direct(leaf: Leaf, path: str = "it", *, nullable: bool = False) -> DirectField:
    assert leaf.inline is not None
    return DirectField(path, leaf.inline, nullable)


def written(leaf: Leaf, *values: object, nullable: bool = False) -> list[Any]:
    write = row_writer({"it": None}, {"it": direct(leaf, nullable=nullable)}, ())
    return [row["it"] for row in write([SimpleNamespace(it=value) for value in values])]


def test_objects_have_every_key_in_the_templates_order() -> None:
    template = {"__typename": "Job", "name": None, "late": None, "out": None, "inputs": None}
    fields = {"name": direct(STANDARD_LEAVES["String"], "name"), "out": direct(STANDARD_LEAVES["ID"], "detail.uri")}
    write = row_writer(template, fields, ["inputs"])
    jobs = [SimpleNamespace(name=name, detail=SimpleNamespace(uri=f"s3://{name}")) for name in "ab"]
    rows = write(jobs, [[1], [2]])
    assert rows == [
        {"__typename": "Job", "name": "a", "late": None, "out": "s3://a", "inputs": [1]},
        {"__typename": "Job", "name": "b", "late": None, "out": "s3://b", "inputs": [2]},
    ]
    assert [list(row) for row in rows] == [list(template)] * 2


@pytest.mark.parametrize(
    ("leaf", "values", "shown"),
    [
        (STANDARD_LEAVES["String"], ["a", ""], ["a", ""]),
        (STANDARD_LEAVES["Boolean"], [True, False], [True, False]),
        (STANDARD_LEAVES["Int"], [-(2**31), 0, 2**31 - 1], [-(2**31), 0, 2**31 - 1]),
        (MOMENT, [NOW, NOW], [NOW.isoformat()] * 2),
        (
            STATUS,
            [JobStatus.FAILED, JobStatus.FAILED, JobStatus.COMPLETED, JobStatus.FAILED],
            ["FAILED", "FAILED", "COMPLETED", "FAILED"],
        ),
    ],
)
def test_leaves_are_written_as_columns_are(leaf: Leaf, values: list[Any], shown: list[Any]) -> None:
    assert written(leaf, *values) == shown == list(leaf.written(values, set(map(type, values))) or ())
    assert written(leaf, None, *values, None, nullable=True) == [None, *shown, None]


@pytest.mark.parametrize(
    ("leaf", "value"),
    [
        (STANDARD_LEAVES["String"], 1),
        (STANDARD_LEAVES["String"], JobStatus.FAILED),
        (STANDARD_LEAVES["ID"], ValueError("it failed")),
        (STANDARD_LEAVES["Boolean"], 1),
        (STANDARD_LEAVES["Int"], 2**31),
        (STANDARD_LEAVES["Int"], True),
        (STANDARD_LEAVES["Int"], 1.0),
        (MOMENT, "2026-01-02"),
        (STATUS, "FAILED"),
    ],
)
@pytest.mark.parametrize("nullable", [True, False])
def test_a_value_of_another_class_is_a_misfit(leaf: Leaf, value: object, *, nullable: bool) -> None:
    with pytest.raises((MisfitError, KeyError)):
        written(leaf, value, nullable=nullable)


@pytest.mark.parametrize("leaf", [STANDARD_LEAVES["String"], STANDARD_LEAVES["Int"], MOMENT, STATUS])
def test_a_null_that_may_not_be_is_a_misfit(leaf: Leaf) -> None:
    with pytest.raises((MisfitError, KeyError)):
        written(leaf, None)


def test_a_missing_detail_or_value_is_an_error() -> None:
    write = row_writer({"a": None, "b": None}, {"a": direct(STANDARD_LEAVES["String"], "detail.a")}, ["b"])
    with pytest.raises(AttributeError):
        write([SimpleNamespace(detail=None)], [1])
    with pytest.raises(ValueError, match="shorter"):
        write([SimpleNamespace(detail=SimpleNamespace(a="a"))], [])


@pytest.mark.parametrize("name", ["a.b or c", "a b", "ä", ""])
def test_nothing_but_names_becomes_code(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        row_writer({name: None}, {}, ())
    with pytest.raises(ValueError, match="name"):
        row_writer({"a": None}, {"a": direct(STANDARD_LEAVES["String"], f"detail.{name}x y")}, ())
