"""workflows.deployments.row_comparison: what passes, what does not, and what is said of it."""

import json
from typing import Any

import pytest

from workflows.deployments.comparator_form import Comparator
from workflows.deployments.errors import TooManyValuesError
from workflows.deployments.row_comparison import compare_rows

EXPECTED = {"s3Uri": "s3://bucket/expected.csv"}


def checks(form: Any, came: str, expected: str | None = None) -> list[tuple[str, bool, str | None, str | None]]:
    comparator = Comparator.model_validate_json(json.dumps(form))
    test_checks = compare_rows(comparator, came, expected)
    return [(check.name, check.passed, check.expected, check.actual) for check in test_checks]


def test_nothing_is_compared_that_is_not_asked_for() -> None:
    assert checks({}, "1\n2\n") == []


@pytest.mark.parametrize(
    ("rule", "came", "check"),
    [
        ({"equals": 2}, "1\n2\n", ("row count", True, "2", "2")),
        ({"equals": 2}, "1\n2", ("row count", True, "2", "2")),
        ({"equals": 2}, "1\r\n\r\n", ("row count", True, "2", "2")),
        ({"equals": 2}, "", ("row count", False, "2", "0")),
        ({"minimum": 1, "maximum": 2}, "1\n2\n3\n", ("row count", False, "at least 1 and at most 2", "3")),
        ({"minimum": 4}, "1\n2\n3\n", ("row count", False, "at least 4", "3")),
        ({"minimum": 1234567}, "1\n", ("row count", False, "at least 1234567", "1")),
    ],
)
def test_rows(rule: Any, came: str, check: Any) -> None:
    assert checks({"rows": rule}, came) == [check]


@pytest.mark.parametrize(
    ("form", "came", "share", "passed"),
    [
        ("csv", "1\n\n3\n4\n", "0.25", True),
        ("csv", "1\n,\n,\n4\n", "0.5", False),
        ("jsonlines", '{"a": 1}\n{"error": "no"}\nnot json\n[1]\n', "0.5", False),
        ("jsonlines", '1\n"two"\n{}\nnull\n', "0", True),
        ("csv", "a\rb\n\x00\x01\n", "0.5", False),
        ("csv", "a" * 140_000 + "\n1\n1\n1\n", "0.25", True),
        ("csv", "", "no rows", False),
    ],
)
def test_errors(form: str, came: str, share: str, *, passed: bool) -> None:
    result = checks({"format": form, "errors": {"maximumShare": 0.25}}, came)
    assert result == [("error share", passed, "at most 0.25", share)]


@pytest.mark.parametrize(
    ("rule", "came", "expected", "share"),
    [
        ({}, "1.0,a\n2,b\n", "1,a\n2.000,b\n", "0"),
        ({}, "1,a\n2,c\n", "1,a\n2,b\n", "0.5"),
        ({"tolerance": 0.1}, "1.05\n2.2\n", "1\n2\n", "0.5"),
        ({"relativeTolerance": 0.1}, "1.05\n2.1\n", "1\n2\n", "0"),
        ({}, "1,2\n", "1\n", "1"),
        ({}, "nan\n", "nan\n", "0"),
        ({}, "\n", "1\n", "1"),
    ],
)
def test_expected_rows(rule: Any, came: str, expected: str, share: str) -> None:
    count, differing = checks({"expected": EXPECTED | rule}, came, expected)
    assert count[1]
    assert differing == ("share of rows that differ", share == "0", "at most 0", share)


def test_as_many_rows_as_expected() -> None:
    count, differing = checks({"expected": EXPECTED}, "1\n2\n", "1\n2\n3\n")
    assert count == ("rows as many as expected", False, "3", "2")
    assert differing[1]


@pytest.mark.parametrize(
    ("threshold", "came", "check"),
    [
        ({"name": "mean", "maximum": 2}, "1\n2\n3\n", ("mean", True, "at most 2", "2")),
        ({"name": "minimum", "minimum": 2}, "1\n2\n", ("minimum", False, "at least 2", "1")),
        ({"name": "maximum", "column": 1, "maximum": 5}, "9,1\n9,5\n", ("maximum of 1", True, "at most 5", "5")),
        ({"name": "mean", "maximum": 1}, "a\nb\n", ("mean", False, "at most 1", "no numbers to measure")),
        ({"name": "mean", "column": 7}, "1\n", ("mean of 7", False, None, "no numbers to measure")),
        ({"name": "mean"}, "1\n", ("mean", True, None, "1")),
        ({"name": "mean"}, "1e308\n1e308\n", ("mean", False, None, "more than a number can hold")),
    ],
)
def test_metrics_of_a_column(threshold: Any, came: str, check: Any) -> None:
    assert checks({"metrics": [threshold]}, came) == [check]


@pytest.mark.parametrize(
    ("name", "came", "measured"),
    [
        ("meanAbsoluteError", "1\n4\n", "1"),
        ("rootMeanSquaredError", "1\n4\n", "1.41421"),
        ("accuracy", "1.0\n4\n", "0.5"),
        ("accuracy", "\n\n", "0"),
        ("meanAbsoluteError", "a\nb\n", "no numbers to measure"),
        ("rootMeanSquaredError", "1e200\n2\n", "more than a number can hold"),
        ("meanAbsoluteError", "1e308\n1e308\n", "more than a number can hold"),
    ],
)
def test_metrics_against_expected_rows(name: str, came: str, measured: str) -> None:
    form = {"expected": EXPECTED | {"maximumMismatchShare": 1}, "metrics": [{"name": name}]}
    assert checks(form, came, "1\n2\n")[-1][3] == measured


def test_a_metric_of_json() -> None:
    form = {"format": "jsonlines", "metrics": [{"name": "mean", "column": "score", "minimum": 0.5}]}
    assert checks(form, '{"score": 0.4}\n{"score": 0.8}\n{"other": 1}\n') == [
        ("mean of score", True, "at least 0.5", "0.6")
    ]


def test_whole_numbers_beyond_all_measure_are_none() -> None:
    form = {"format": "jsonlines", "metrics": [{"name": "mean"}]}
    assert checks(form, f"[{'1' * 400}]\n[2]\n") == [("mean", True, None, "2")]


@pytest.mark.parametrize(("form", "came"), [("csv", "\n"), ("csv", ","), ("jsonlines", "["), ("jsonlines", "{")])
def test_more_values_than_memory_should_hold_are_not_read(form: str, came: str) -> None:
    with pytest.raises(TooManyValuesError, match="500001 values are more than 500000; rehearse with a sample"):
        checks({"format": form}, came * 500_001)
