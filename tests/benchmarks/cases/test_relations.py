"""benchmarks.cases.relations: calls at each time against those of their rows."""

from typing import Any

import pytest

from benchmarks.answers_by_time import WHENS
from benchmarks.cases.relations import expected, result
from benchmarks.lineages import GROWTH, LINEAGES
from benchmarks.processes import TimedResponse
from benchmarks.relation_calls import ONE_MODELS_EXECUTIONS, RELATIONS

SIZE = LINEAGES["lineages"]


def asked(name: str, *, over: str | None = None, errors: bool = False) -> Any:
    """The answers for a relation, each at its row's calls, or one call over them at one of the times."""
    answer = TimedResponse(0.1, {"errors": [{"message": "late"}]} if errors else {"data": {}})
    bounds = expected(RELATIONS.get(name, ONE_MODELS_EXECUTIONS), SIZE)
    return {when: (answer, {**bounds[when], "ListActions": when == over}) for when in WHENS}


@pytest.mark.parametrize("name", RELATIONS)
def test_calls_are_held_against_the_row_at_each_time(name: str) -> None:
    assert [goal.met for goal in result({name: asked(name)}, SIZE, {}).goals] == [True]
    for when in WHENS:
        assert [goal.met for goal in result({name: asked(name, over=when)}, SIZE, {}).goals] == [False]
    assert [goal.met for goal in result({name: asked(name, errors=True)}, SIZE, {}).goals] == [False]


def test_calls_for_one_model_are_the_same_in_accounts_of_any_size() -> None:
    grown = result(
        {}, SIZE, {estate: asked("", over=when) for estate, when in zip(GROWTH, (None, *WHENS), strict=False)}
    )
    assert [goal.met for goal in grown.goals] == [True, False, False]
    assert [size.training_jobs for size in GROWTH.values()] == [200, 2_000, 50_000]
    assert [row[0].rpartition(", ")[2] for row in grown.tables[0].rows] == [
        f"{count} training jobs" for count in ("200", "2,000", "50,000")
    ]


def test_a_page_of_a_hundred_shows_the_whole_account() -> None:
    assert max(SIZE.models, SIZE.runtimes, SIZE.lineages) <= 100
