"""benchmarks.cases.relations: calls at each time against those of their rows."""

from typing import Any

import pytest

from benchmarks.answers_by_time import WHENS
from benchmarks.call_bounds import RELATIONS
from benchmarks.cases.relations import expected, result
from benchmarks.lineages import LINEAGES
from benchmarks.processes import TimedResponse

SIZE = LINEAGES["lineages"]


def asked(name: str, *, over: str | None = None, errors: bool = False) -> Any:
    """The answers for a relation, each at its row's calls, or one call over them at one of the times."""
    answer = TimedResponse(0.1, {"errors": [{"message": "late"}]} if errors else {"data": {}})
    bounds = expected(name, SIZE)
    return {when: (answer, {**bounds[when], "ListActions": when == over}) for when in WHENS}


@pytest.mark.parametrize("name", RELATIONS)
def test_calls_are_held_against_the_row_at_each_time(name: str) -> None:
    assert [goal.met for goal in result({name: asked(name)}, SIZE).goals] == [True]
    for when in WHENS:
        assert [goal.met for goal in result({name: asked(name, over=when)}, SIZE).goals] == [False]
    assert [goal.met for goal in result({name: asked(name, errors=True)}, SIZE).goals] == [False]


def test_a_page_of_a_hundred_shows_the_whole_account() -> None:
    assert max(SIZE.models, SIZE.runtimes, SIZE.lineages) <= 100
