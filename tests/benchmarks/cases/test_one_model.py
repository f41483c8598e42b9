"""What questions about one model come to: the first one, and as the account grows."""

from typing import Any

import pytest

from benchmarks.cases.one_model import SHOWN_JOBS, first_result, growth_result
from benchmarks.processes import TimedResponse

WHENS = ("first", "inside the window", "outside it", "after the authority age")


def answer(jobs: int = SHOWN_JOBS) -> TimedResponse:
    edges = [{"node": {"name": str(n)}} for n in range(jobs)]
    model = {"jobs": {"edges": edges}, "snapshots": {"nodes": [{}]}, "runtimes": {"nodes": [{}]}}
    return TimedResponse(1.0, {"data": {"model": model}})


@pytest.mark.parametrize(
    ("calls", "met"),
    [
        ((400, 0, 8, 21), [True, True, True, True]),
        ((401, 1, 9, 22), [False, False, False, False]),
    ],
)
def test_calls_are_counted_at_each_time(calls: tuple[int, ...], met: list[bool]) -> None:
    asked = {when: (answer(), {"DescribeTransformJob": n}) for when, n in zip(WHENS, calls, strict=True)}
    assert [goal.met for goal in first_result(asked).goals] == met


def test_an_answer_without_its_jobs_counts_for_nothing() -> None:
    asked: Any = dict.fromkeys(WHENS, (answer(9), {}))
    assert [goal.met for goal in first_result(asked).goals] == [False] * 4


SIZE: dict[str, Any] = {"seconds": [0.008], "cpuSeconds": 0.004, "calls": 0, "learnSeconds": 1.0, "errors": []}


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({}, [True, True, True]),
        ({"seconds": [0.0105]}, [False, True, False]),
        ({"cpuSeconds": 0.0053}, [True, False, True]),
        ({"jobs": 49_999}, [False, False, False]),
        ({"calls": 1}, [False, False, False]),
        ({"errors": ["late"]}, [False, False, False]),
    ],
)
def test_what_grows_with_the_account_is_seen(change: dict[str, Any], met: list[bool]) -> None:
    sizes = {200: SIZE | {"jobs": 220}, 50_000: SIZE | {"jobs": 50_020} | change}
    assert [goal.met for goal in growth_result(sizes).goals] == met
