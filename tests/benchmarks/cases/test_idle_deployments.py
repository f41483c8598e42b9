"""Deployments that wait: what they cost counts only where they wait, and where AWS is not asked about them."""

from collections.abc import Mapping, Sequence

import pytest

from benchmarks.cases.idle_deployments import MANY, NONE, WAITING, IdleRun, result
from benchmarks.databases import POSTGRES, SQLITE

COUNTED = {NONE: 0, MANY: WAITING}


@pytest.mark.parametrize(
    ("none", "many", "counted", "calls", "expected"),
    [
        ([0.65, 0.66], [0.77, 0.95], COUNTED, 0, [True, True, True]),
        ([0.65, 0.66], [0.77, 0.96], COUNTED, 0, [True, False, True]),
        ([0.66], [0.60], {NONE: 0, MANY: WAITING - 1}, 0, [False, True, True]),
        ([0.66], [0.60], {NONE: 1, MANY: WAITING}, 0, [False, True, True]),
        ([0.66], [0.60], COUNTED, 1, [False, True, True]),
    ],
)
def test_what_counts(
    none: Sequence[float], many: Sequence[float], counted: Mapping[str, int], calls: int, expected: list[bool]
) -> None:
    benchmark_result = result(
        {
            SQLITE: IdleRun({NONE: none, MANY: many}, counted, calls),
            POSTGRES: IdleRun({NONE: [1], MANY: [1]}, COUNTED, 0),
        }
    )
    assert [goal.met for goal in benchmark_result.goals] == expected
