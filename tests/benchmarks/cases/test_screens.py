"""What the questions of screens come to: calls and seconds at each time against their bounds."""

from typing import Any

import pytest

from benchmarks.answers_by_time import WHENS
from benchmarks.cases.screens import SCREENS, result
from benchmarks.processes import TimedResponse


def asked(name: str, *, over: str | None = None, seconds: float = 0.1, errors: bool = False) -> Any:
    """The answers of a question, each at its bound, or one call over it at one of the times."""
    bounds = zip(WHENS, (SCREENS[name].cold, 0, SCREENS[name].later), strict=True)
    answer = TimedResponse(seconds, {"errors": [{"message": "late"}]} if errors else {"data": {}})
    return {when: (answer, {"ListModels": most + (when == over)}) for when, most in bounds}


@pytest.mark.parametrize("name", SCREENS)
def test_calls_are_counted_at_each_time(name: str) -> None:
    assert [goal.met for goal in result({name: asked(name)}).goals] == [True]
    for when in WHENS:
        assert [goal.met for goal in result({name: asked(name, over=when)}).goals] == [False]
    assert [goal.met for goal in result({name: asked(name, errors=True)}).goals] == [False]


def test_a_search_has_two_seconds() -> None:
    late = {name: asked(name, seconds=2.2) for name in SCREENS}
    met = [goal.met for goal in result(late).goals]
    assert met == [name != "search" for name in SCREENS]
