"""Search expressions: filters, nested filters and subexpressions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sandbox import service_errors

MAX_PARTS = 50
"""The sum of all filters, nested filters and subexpressions, at any depth."""
Values = Callable[[str], list[Any]]
"""Gives every value of a record's property by its name; a property of a list has many."""
NUMERIC = {
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanOrEqualTo": lambda a, b: a >= b,
    "LessThan": lambda a, b: a < b,
    "LessThanOrEqualTo": lambda a, b: a <= b,
}


@dataclass(frozen=True)
class SearchableProperties:
    """The names of a searchable resource's properties.

    Attributes:
        is_known: Tells whether a property has this name.
    """

    is_known: Callable[[str], bool]

    def require(self, name: str) -> None:
        """Raise ServiceError if no property has this name."""
        if not self.is_known(name):
            raise service_errors.invalid(f"Unknown property name: {name}")


def validate_expression(expression: dict[str, Any], properties: SearchableProperties) -> None:
    """Check a search expression.

    Args:
        expression: A SearchExpression.
        properties: The properties that it may name.

    Raises:
        ServiceError: It is too large or empty, has unknown names, more than one Contains, or a filter without Value.
    """
    parts = list(_parts(expression))
    if len(parts) > MAX_PARTS:
        raise service_errors.invalid(f"The SearchExpression has {len(parts)} conditions; {MAX_PARTS} are the limit.")
    filters = [part for part in parts if "Name" in part]
    if sum(f.get("Operator") == "Contains" for f in filters) > 1:
        raise service_errors.invalid("'CONTAINS' operator usage limit of 1 exceeded.")
    for part in filters:
        properties.require(part["Name"])
        if "Value" not in part and part.get("Operator") not in ("Exists", "NotExists"):
            raise service_errors.invalid(f"Value must be specified for the filter on {part['Name']}.")


def matches_expression(expression: dict[str, Any], values: Values) -> bool:
    """Tell whether a record of these values satisfies the expression.

    Raises:
        ServiceError: An operator does not fit the property.
    """
    results = [
        *(matches_filter(part, values) for part in expression.get("Filters", ())),
        *(_one_satisfies_all(part, values) for part in expression.get("NestedFilters", ())),
        *(matches_expression(part, values) for part in expression.get("SubExpressions", ())),
    ]
    return any(results) if expression.get("Operator") == "Or" else all(results)


def matches_filter(condition: dict[str, Any], values: Values) -> bool:
    """Tell whether a record of these values satisfies one filter (`condition`); without an operator it is Equals.

    Raises:
        ServiceError: The operator does not fit the property.
    """
    result = values(condition["Name"])
    operator, expected = condition.get("Operator", "Equals"), condition.get("Value", "")
    if operator == "Exists":
        return bool(result)
    if operator == "NotExists":
        return not result
    if operator == "NotEquals":
        return not any(_equals(value, expected) for value in result)
    return any(_compare(condition["Name"], operator, value, expected) for value in result)


def _compare(name: str, operator: str, value: Any, expected: str) -> bool:
    if operator == "Equals":
        return _equals(value, expected)
    if operator in NUMERIC:
        number = _number(value)
        if number is None:
            raise service_errors.invalid(f"The operator {operator} is not supported for the text property {name}.")
        return bool(NUMERIC[operator](number, _number_asked(expected)))
    if not isinstance(value, str):
        raise service_errors.invalid(f"The operator {operator} is only supported for text properties, not for {name}.")
    return value in expected.split(",") if operator == "In" else expected in value


def _equals(value: Any, expected: str) -> bool:
    if isinstance(value, bool):
        return expected.lower() == str(value).lower()
    if isinstance(value, int | float):
        return value == _number_asked(expected)
    return str(value) == expected


def _number(value: Any) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _number_asked(expected: str) -> float:
    """The number of a text, or the time of an ISO 8601 text in epoch seconds."""
    try:
        return float(expected)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(expected)
    except ValueError:
        raise service_errors.invalid(
            f"'{expected}' is neither a number nor a time such as 2026-01-31T12:00:00."
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _one_satisfies_all(nested: dict[str, Any], values: Values) -> bool:
    """Tell whether a single object in the list satisfies all filters of a nested filter."""
    prefix = f"{nested['NestedPropertyName']}."
    for item in values(nested["NestedPropertyName"]):
        values_of = partial(_values_below, item, prefix)
        if all(matches_filter(condition, values_of) for condition in nested["Filters"]):
            return True
    return False


def _values_below(item: Any, prefix: str, name: str) -> list[Any]:
    return values_at_path(item, name.removeprefix(prefix))


def values_at_path(value: Any, path: str) -> list[Any]:
    """Everything at a dotted path below a value; the path continues in every item of a list."""
    result = [value]
    for name in path.split("."):
        nested: list[Any] = []
        for item in result:
            for one in item if isinstance(item, list) else [item]:
                if isinstance(one, dict) and one.get(name) is not None:
                    nested.append(one[name])
        result = nested
    return [one for item in result for one in (item if isinstance(item, list) else [item])]


def _parts(expression: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not any(expression.get(key) for key in ("Filters", "NestedFilters", "SubExpressions")):
        raise service_errors.invalid("You must provide at least one subexpression, filter, or nested filter.")
    yield from expression.get("Filters", ())
    for nested in expression.get("NestedFilters", ()):
        yield nested
        yield from nested["Filters"]
    for part in expression.get("SubExpressions", ()):
        yield part
        yield from _parts(part)
