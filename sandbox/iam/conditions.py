"""The Condition element of a policy: operators over a request's condition keys."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from sandbox import service_errors

Context = Mapping[str, Sequence[str]]
"""A request's condition keys in lower case, with their values."""
Test = Callable[[str, str], bool]


def _like(actual: str, expected: str) -> bool:
    return fnmatchcase(actual, _escaped(expected))


def _number(compare: Callable[[float, float], bool]) -> Test:
    return lambda actual, wanted: compare(float(actual), float(wanted))


def _date(compare: Callable[[float, float], bool]) -> Test:
    return lambda actual, wanted: compare(_seconds(actual), _seconds(wanted))


OPERATORS: dict[str, Test] = {
    "StringEquals": lambda actual, wanted: actual == wanted,
    "StringEqualsIgnoreCase": lambda actual, wanted: actual.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda actual, wanted: actual.lower() == wanted.lower(),
    "NumericEquals": _number(lambda a, b: a == b),
    "NumericLessThan": _number(lambda a, b: a < b),
    "NumericLessThanEquals": _number(lambda a, b: a <= b),
    "NumericGreaterThan": _number(lambda a, b: a > b),
    "NumericGreaterThanEquals": _number(lambda a, b: a >= b),
    "DateLessThan": _date(lambda a, b: a < b),
    "DateGreaterThan": _date(lambda a, b: a > b),
}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
}


def conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """True if all conditions of a statement hold.

    Args:
        conditions: The element Condition: for each operator the expected values by condition key.
        context: The request's condition keys, with their values.

    Raises:
        ServiceError: The sandbox does not model an operator.
    """
    return all(
        _holds(operator, context.get(key.lower()), wanted, context)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, actual: Sequence[str] | None, expected: Any, context: Context) -> bool:
    if operator == "Null":
        return (actual is None) == (str(_listed(expected)[0]).lower() == "true")
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if actual is None:
        # ForAllValues holds of an empty set; a negated operator holds if the key is missing.
        return if_exists or quantifier == "ForAllValues" or (name in NEGATED and quantifier != "ForAnyValue")
    values = [_filled(str(value), context) for value in _listed(expected)]
    if quantifier == "ForAllValues":
        return all(_matches(name, value, values) for value in actual)
    return any(_matches(name, value, values) for value in actual)


def _matches(name: str, actual: str, expected: list[str]) -> bool:
    test = OPERATORS.get(NEGATED.get(name, name))
    if test is None:
        raise service_errors.not_in_sandbox(f"the IAM condition operator {name}")
    result = any(test(actual, value) for value in expected)
    return result != (name in NEGATED)


def _filled(expected: str, context: Context) -> str:
    """A value with its policy variables, such as ``${aws:PrincipalTag/team}``, filled in."""
    while "${" in expected:
        before, _, rest = expected.partition("${")
        key, _, after = rest.partition("}")
        value = context.get(key.lower())
        if not value:
            return "\0"  # A variable without a value matches nothing.
        expected = f"{before}{value[0]}{after}"
    return expected


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@lru_cache(maxsize=4096)
def _escaped(pattern: str) -> str:
    # IAM knows only * and ?; a bracket is a bracket.
    return pattern.replace("[", "[[]")
