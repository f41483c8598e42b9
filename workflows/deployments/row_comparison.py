"""Compare the output rows of a rehearsal with a comparator."""

import math
from collections.abc import Iterator, Sequence

from registry.deployment_records import TestCheck
from workflows.deployments.comparator_form import (
    AGAINST_EXPECTED,
    Comparator,
    ExpectedRowsRule,
    Metric,
    MetricRule,
    RowCountRule,
)
from workflows.deployments.output_rows import OutputRow, as_number, column_name, parse_rows

NumberPair = tuple[float, float]
"""An expected number and the actual one."""


def compare_rows(comparator: Comparator, actual: str, expected: str | None) -> tuple[TestCheck, ...]:
    """Every check of a rehearsal.

    Args:
        comparator: The rules of the comparison.
        actual: The output.
        expected: The expected rows; None if the comparator names none.

    Raises:
        TooManyValuesError: There are more values than are compared.
    """
    rows = list(parse_rows(actual, comparator.format))
    wanted = [] if expected is None else list(parse_rows(expected, comparator.format))
    checks: list[TestCheck] = []
    if comparator.rows is not None:
        checks.append(_row_count_check(comparator.rows, len(rows)))
    if comparator.errors is not None:
        share = _share(sum(row.values is None for row in rows), len(rows)) if rows else None
        checks.append(_bounds_check("error share", share, None, comparator.errors.maximum_share, "no rows"))
    if comparator.expected is not None:
        checks += _expected_checks(comparator.expected, wanted, rows)
    checks += [_metric_check(threshold, wanted, rows) for threshold in comparator.metrics]
    return tuple(checks)


def _row_count_check(rule: RowCountRule, count: int) -> TestCheck:
    if rule.equals is not None:
        return TestCheck("row count", count == rule.equals, str(rule.equals), str(count))
    return _bounds_check("row count", count, rule.minimum, rule.maximum)


def _expected_checks(
    rule: ExpectedRowsRule, expected: Sequence[OutputRow], actual: Sequence[OutputRow]
) -> Iterator[TestCheck]:
    yield TestCheck("rows as many as expected", len(expected) == len(actual), str(len(expected)), str(len(actual)))
    differing = sum(not _rows_match(rule, one, other) for one, other in zip(expected, actual, strict=False))
    share = _share(differing, min(len(expected), len(actual)))
    yield _bounds_check("share of rows that differ", share, None, rule.maximum_mismatch_share)


def _rows_match(rule: ExpectedRowsRule, expected: OutputRow, actual: OutputRow) -> bool:
    if expected.values is None or actual.values is None:
        return expected.values is actual.values
    return expected.values.keys() == actual.values.keys() and all(
        _values_match(rule, value, actual.values[column]) for column, value in expected.values.items()
    )


def _values_match(rule: ExpectedRowsRule, expected: object, actual: object) -> bool:
    one, other = as_number(expected), as_number(actual)
    if one is None or other is None:
        return expected == actual
    return abs(one - other) <= rule.tolerance + rule.relative_tolerance * abs(one)


def _metric_check(threshold: MetricRule, expected: Sequence[OutputRow], actual: Sequence[OutputRow]) -> TestCheck:
    column = column_name(threshold.column)
    name = threshold.name.value + ("" if threshold.column is None else f" of {column}")
    try:
        if threshold.name in AGAINST_EXPECTED:
            measured = _paired_metric(threshold.name, column, expected, actual)
        else:
            numbers = [number for row in actual if (number := row.number(column)) is not None]
            measured = _column_metric(threshold.name, numbers)
    except OverflowError:
        measured = math.inf
    if measured is not None and not math.isfinite(measured):
        return _bounds_check(name, None, threshold.minimum, threshold.maximum, "more than a number can hold")
    return _bounds_check(name, measured, threshold.minimum, threshold.maximum)


def _column_metric(metric: Metric, numbers: Sequence[float]) -> float | None:
    if not numbers:
        return None
    if metric is Metric.MEAN:
        return math.fsum(numbers) / len(numbers)
    return min(numbers) if metric is Metric.MINIMUM else max(numbers)


def _paired_metric(
    metric: Metric, column: str, expected: Sequence[OutputRow], actual: Sequence[OutputRow]
) -> float | None:
    rows = list(zip(expected, actual, strict=False))
    if metric is Metric.ACCURACY:
        return _share(sum(_is_accurate(column, one, other) for one, other in rows), len(rows)) if rows else None
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


def _is_accurate(column: str, expected: OutputRow, actual: OutputRow) -> bool:
    if expected.values is None or actual.values is None:
        return False
    one, other = expected.values.get(column), actual.values.get(column)
    numbers = as_number(one), as_number(other)
    return one is not None and (one == other or (numbers[0] is not None and numbers[0] == numbers[1]))


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0


def _bounds_check(
    name: str,
    measured: float | None,
    minimum: float | None,
    maximum: float | None,
    unmeasured: str = "no numbers to measure",
) -> TestCheck:
    """Check that a measure is within bounds; one that could not be taken is not."""
    passed = measured is not None and not (
        (minimum is not None and measured < minimum) or (maximum is not None and measured > maximum)
    )
    bounds = [
        *([] if minimum is None else [f"at least {_format_number(minimum)}"]),
        *([] if maximum is None else [f"at most {_format_number(maximum)}"]),
    ]
    actual = unmeasured if measured is None else _format_number(measured)
    return TestCheck(name, passed, " and ".join(bounds) or None, actual)


def _format_number(number: float) -> str:
    """A count in all its digits, a measure in six."""
    return str(number) if isinstance(number, int) else f"{number:g}"
