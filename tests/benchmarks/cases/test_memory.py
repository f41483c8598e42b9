"""What memory comes to: it counts only where the jobs are known."""

from typing import Any

import pytest

from benchmarks.cases.memory import result, seen
from benchmarks.processes import TimedResponse

FIGURES: dict[str, Any] = {
    "idleBytes": 80_000_000,
    "fullBytes": 230_000_000,
    "peakBytes": 300_000_000,
    "jobsSeen": 50_000,
    "firstSeconds": 100.0,
    "firstCalls": 50_000,
    "secondSeconds": 1.0,
    "secondCalls": 0,
    "errors": [],
}


def test_a_hundred_and_fifty_megabytes_over_idle_are_enough() -> None:
    assert [goal.met for goal in result(FIGURES).goals] == [True, True]


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({"fullBytes": 230_000_001}, [True, False]),
        ({"jobsSeen": 49_999}, [False, False]),
        ({"secondCalls": 1}, [False, False]),
        ({"errors": ["refused"]}, [False, False]),
    ],
)
def test_a_byte_more_or_what_is_not_known_is_not_enough(change: dict[str, Any], met: list[bool]) -> None:
    assert [goal.met for goal in result(FIGURES | change).goals] == met


def test_jobs_are_counted_over_all_models() -> None:
    models = [
        {"jobs": {"totalCount": 500}},
        {"jobs": None},
        {"jobs": {"totalCount": None}},
        {"jobs": {"totalCount": 2}},
    ]
    assert seen(TimedResponse(1.0, {"data": {"models": {"nodes": models}}})) == 502
    assert seen(TimedResponse(1.0, {"errors": [{"message": "no"}]})) == 0
