"""Holds the rows of a rehearsal against a comparator."""

import math
from collections.abc import Iterator, Sequence

from registry.records import TestCheck
from workflows.deployments.comparators import AGAINST_EXPECTED, Comparator, Expected, Metric, Rows, Threshold
from workflows.deployments.rows import Row, column_of, number_of, rows_of

Pair = tuple[float, float]
"""An expected number and the one that came."""


def compared(comparator: Comparator, came: str, expected: str | None) -> tuple[TestCheck, ...]:
    """Every check of a rehearsal.

    Args:
        comparator: What is compared.
        came: The output.
        expected: The expected rows, where the comparator names some.

    Raises:
        TooManyValuesError: There is more than is compared.
    """
    rows = list(rows_of(came, comparator.format))
    wanted = [] if expected is None else list(rows_of(expected, comparator.format))
    checks: list[TestCheck] = []
    if comparator.rows is not None:
        checks.append(_row_count(comparator.rows, len(rows)))
    if comparator.errors is not None:
        share = _share(sum(row.values is None for row in rows), len(rows)) if rows else None
        checks.append(_bounded("error share", share, None, comparator.errors.maximum_share, "no rows"))
    if comparator.expected is not None:
        checks += _against(comparator.expected, wanted, rows)
    checks += [_metric(threshold, wanted, rows) for threshold in comparator.metrics]
    return tuple(checks)


def _row_count(rule: Rows, count: int) -> TestCheck:
    if rule.equals is not None:
        return TestCheck("row count", count == rule.equals, str(rule.equals), str(count))
    return _bounded("row count", count, rule.minimum, rule.maximum)


def _against(rule: Expected, wanted: Sequence[Row], came: Sequence[Row]) -> Iterator[TestCheck]:
    yield TestCheck("rows as many as expected", len(wanted) == len(came), str(len(wanted)), str(len(came)))
    differing = sum(not _same(rule, one, other) for one, other in zip(wanted, came, strict=False))
    share = _share(differing, min(len(wanted), len(came)))
    yield _bounded("share of rows that differ", share, None, rule.maximum_mismatch_share)


def _same(rule: Expected, wanted: Row, came: Row) -> bool:
    if wanted.values is None or came.values is None:
        return wanted.values is came.values
    return wanted.values.keys() == came.values.keys() and all(
        _equal(rule, value, came.values[column]) for column, value in wanted.values.items()
    )


def _equal(rule: Expected, wanted: object, came: object) -> bool:
    one, other = number_of(wanted), number_of(came)
    if one is None or other is None:
        return wanted == came
    return abs(one - other) <= rule.tolerance + rule.relative_tolerance * abs(one)


def _metric(threshold: Threshold, wanted: Sequence[Row], came: Sequence[Row]) -> TestCheck:
    column = column_of(threshold.column)
    name = threshold.name.value + ("" if threshold.column is None else f" of {column}")
    try:
        if threshold.name in AGAINST_EXPECTED:
            measured = _measured_against(threshold.name, column, wanted, came)
        else:
            numbers = [number for row in came if (number := row.number(column)) is not None]
            measured = _measured(threshold.name, numbers)
    except OverflowError:
        measured = math.inf
    if measured is not None and not math.isfinite(measured):
        return _bounded(name, None, threshold.minimum, threshold.maximum, "more than a number can hold")
    return _bounded(name, measured, threshold.minimum, threshold.maximum)


def _measured(metric: Metric, numbers: Sequence[float]) -> float | None:
    if not numbers:
        return None
    if metric is Metric.MEAN:
        return math.fsum(numbers) / len(numbers)
    return min(numbers) if metric is Metric.MINIMUM else max(numbers)


def _measured_against(metric: Metric, column: str, wanted: Sequence[Row], came: Sequence[Row]) -> float | None:
    rows = list(zip(wanted, came, strict=False))
    if metric is Metric.ACCURACY:
        return _share(sum(_agrees(column, one, other) for one, other in rows), len(rows)) if rows else None
    pairs = [
        (one, other)
        for first, second in rows
        if (one := first.number(column)) is not None and (other := second.number(column)) is not None
    ]
    if not pairs:
        return None
    if metric is Metric.MEAN_ABSOLUTE_ERROR:
        return math.fsum(abs(one - other) for one, other in pairs) / len(pairs)
    return math.sqrt(math.fsum((one - other) ** 2 for one, other in pairs) / len(pairs))


def _agrees(column: str, wanted: Row, came: Row) -> bool:
    if wanted.values is None or came.values is None:
        return False
    one, other = wanted.values.get(column), came.values.get(column)
    numbers = number_of(one), number_of(other)
    return one is not None and (one == other or (numbers[0] is not None and numbers[0] == numbers[1]))


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0


def _bounded(
    name: str,
    measured: float | None,
    minimum: float | None,
    maximum: float | None,
    unmeasured: str = "no numbers to measure",
) -> TestCheck:
    """Whether it is within bounds; what could not be measured is not."""
    passed = measured is not None and not (
        (minimum is not None and measured < minimum) or (maximum is not None and measured > maximum)
    )
    bounds = [
        *([] if minimum is None else [f"at least {_shown(minimum)}"]),
        *([] if maximum is None else [f"at most {_shown(maximum)}"]),
    ]
    actual = unmeasured if measured is None else _shown(measured)
    return TestCheck(name, passed, " and ".join(bounds) or None, actual)


def _shown(number: float) -> str:
    """A count in all its digits, a measure in six."""
    return str(number) if isinstance(number, int) else f"{number:g}"
