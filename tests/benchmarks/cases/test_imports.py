"""What imports come to: speed counts only where everything was kept."""

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks.call_bounds import min_calls_with_describe
from benchmarks.cases.imports import ELEMENTS, SIZE, ImportTiming, result
from benchmarks.databases import POSTGRES, SQLITE
from benchmarks.figures import BenchmarkResult

LISTS: Mapping[str, int] = {
    name: count for name, count in min_calls_with_describe(SIZE).items() if name.startswith("List")
}
WHOLE: dict[str, Any] = {"seconds": 2.0, "calls": min_calls_with_describe(SIZE), "done": ELEMENTS, "changes": ELEMENTS}
AGAIN: dict[str, Any] = {"seconds": 0.5, "calls": LISTS, "done": ELEMENTS, "changes": 0}


def of(whole: Mapping[str, Any] = {}, again: Mapping[str, Any] = {}, script: float = 6.0) -> BenchmarkResult:
    first = {SQLITE: [ImportTiming(**WHOLE | {**whole})], POSTGRES: [ImportTiming(**WHOLE | {"seconds": 3.0})]}
    second = {SQLITE: [ImportTiming(**AGAIN | {**again})], POSTGRES: [ImportTiming(**AGAIN)]}
    return result(first, second, [script], min_calls_with_describe(SIZE, 10))


def test_what_is_just_enough() -> None:
    assert [goal.met for goal in of({"growth": 100_000_000}).goals] == [True] * 5


@pytest.mark.parametrize(
    ("whole", "again", "script", "met"),
    [
        ({"done": ELEMENTS - 1}, {}, 6.0, [False, True, True, True, True]),
        ({"faults": ["refused"]}, {}, 6.0, [False, True, True, True, True]),
        ({}, {"changes": 1}, 6.0, [False, True, True, True, True]),
        ({}, {}, 5.9, [True, False, True, True, True]),
        ({"seconds": 1.9}, {}, 6.0, [True, True, False, True, True]),
        ({"calls": min_calls_with_describe(SIZE) | {"Search": 7}}, {}, 6.0, [True, True, True, False, True]),
        ({}, {"calls": {**LISTS, "DescribeModel": 7}}, 6.0, [True, True, True, False, True]),
        ({"growth": 90_000_000}, {"growth": 10_000_001}, 6.0, [True, True, True, True, False]),
    ],
)
def test_what_is_not(whole: dict[str, Any], again: dict[str, Any], script: float, met: list[bool]) -> None:
    assert [goal.met for goal in of(whole, again, script).goals] == met
