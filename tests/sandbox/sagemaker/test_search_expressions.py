"""sandbox.sagemaker.search_expressions: what Search's filters mean, and which of them SageMaker refuses."""

from typing import Any

import pytest

from sandbox.sagemaker.search_expressions import (
    MAX_PARTS,
    SearchableProperties,
    matches_expression,
    matches_filter,
    validate_expression,
    values_at_path,
)
from sandbox.service_errors import ServiceError

RECORD = {
    "Name": "churn-1",
    "Count": 3,
    "Spot": True,
    "Created": 1769860800.0,
    "Tags": [{"Key": "team", "Value": "risk"}, {"Key": "stage", "Value": "a"}],
}
KNOWN = SearchableProperties(lambda name: name.split(".")[0] in RECORD)


def values(name: str) -> list[Any]:
    return values_at_path(RECORD, name)


def condition(name: str, operator: str | None = None, value: str | None = None) -> dict[str, Any]:
    values = {"Name": name, "Operator": operator, "Value": value}
    return {key: item for key, item in values.items() if item is not None}


@pytest.mark.parametrize(
    ("name", "operator", "value", "is_met"),
    [
        ("Name", None, "churn-1", True),
        ("Name", "Equals", "churn", False),
        ("Name", "NotEquals", "churn", True),
        ("Name", "NotEquals", "churn-1", False),
        ("Name", "Contains", "urn", True),
        ("Name", "Contains", "URN", False),
        ("Name", "In", "fraud-1,churn-1", True),
        ("Name", "In", "churn", False),
        ("Name", "Exists", None, True),
        ("Missing", "Exists", None, False),
        ("Missing", "NotExists", None, True),
        ("Missing", "Equals", "a", False),
        ("Missing", "NotEquals", "a", True),
        ("Count", "Equals", "3.0", True),
        ("Count", "GreaterThan", "3", False),
        ("Count", "GreaterThanOrEqualTo", "3", True),
        ("Count", "LessThan", "4", True),
        ("Count", "LessThanOrEqualTo", "2", False),
        ("Spot", "Equals", "true", True),
        ("Spot", "Equals", "1", False),
        ("Created", "GreaterThan", "2026-01-31T11:59:59", True),
        ("Created", "GreaterThan", "2026-01-31T12:00:00Z", False),
        ("Created", "LessThanOrEqualTo", "2026-01-31T13:00:00+01:00", True),
        ("Tags.Value", "Equals", "risk", True),
        ("Tags.Value", "NotEquals", "risk", False),
    ],
)
def test_a_condition(name: str, operator: str | None, value: str | None, is_met: bool) -> None:
    assert matches_filter(condition(name, operator, value), values) is is_met


@pytest.mark.parametrize(
    ("name", "operator", "value", "message"),
    [
        ("Name", "GreaterThan", "1", "The operator GreaterThan is not supported for the text property Name."),
        ("Count", "Contains", "3", "The operator Contains is only supported for text properties, not for Count."),
        ("Count", "Equals", "x", "'x' is neither a number nor a time such as 2026-01-31T12:00:00."),
    ],
)
def test_a_condition_that_a_property_cannot_have(name: str, operator: str, value: str, message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        matches_filter(condition(name, operator, value), values)
    assert (caught.value.code, caught.value.message) == ("ValidationException", message)


YES, NO = condition("Name", "Exists"), condition("Name", "NotExists")


@pytest.mark.parametrize(
    ("expression", "is_met"),
    [
        ({"Filters": [YES, NO]}, False),
        ({"Filters": [YES, NO], "Operator": "And"}, False),
        ({"Filters": [YES, NO], "Operator": "Or"}, True),
        ({"Filters": [YES], "SubExpressions": [{"Filters": [NO, YES], "Operator": "Or"}]}, True),
        ({"Filters": [YES], "SubExpressions": [{"Filters": [NO, YES]}]}, False),
    ],
)
def test_expressions(expression: dict[str, Any], is_met: bool) -> None:
    assert matches_expression(expression, values) is is_met


@pytest.mark.parametrize(("key", "value", "is_met"), [("team", "risk", True), ("team", "a", False)])
def test_a_nested_filter_is_met_by_one_object_alone(key: str, value: str, is_met: bool) -> None:
    filters = [condition("Tags.Key", "Equals", key), condition("Tags.Value", "Equals", value)]
    assert matches_expression({"Filters": filters}, values)
    assert matches_expression({"NestedFilters": [{"NestedPropertyName": "Tags", "Filters": filters}]}, values) is is_met


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({}, "You must provide at least one subexpression, filter, or nested filter."),
        (
            {"Filters": [YES], "SubExpressions": [{}]},
            "You must provide at least one subexpression, filter, or nested filter.",
        ),
        ({"Filters": [condition("Other", "Exists")]}, "Unknown property name: Other"),
        ({"Filters": [condition("Name", "Equals")]}, "Value must be specified for the filter on Name."),
        (
            {
                "Filters": [condition("Name", "Contains", "a")],
                "SubExpressions": [{"Filters": [condition("Name", "Contains", "b")]}],
            },
            "'CONTAINS' operator usage limit of 1 exceeded.",
        ),
        (
            {"Filters": [YES] * MAX_PARTS, "SubExpressions": [{"Filters": [YES]}]},
            "The SearchExpression has 52 conditions; 50 are the limit.",
        ),
    ],
)
def test_what_is_refused(expression: dict[str, Any], message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        validate_expression(expression, KNOWN)
    assert caught.value.message == message


def test_as_much_as_is_allowed() -> None:
    validate_expression({"Filters": [YES] * (MAX_PARTS - 2), "SubExpressions": [{"Filters": [YES]}]}, KNOWN)
