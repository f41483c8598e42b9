"""What asking again comes to: nothing inside the window, and little outside it."""

import pytest

from benchmarks.cases.warm_queries import COLD, INSIDE, OLD, OUTSIDE, WarmRun, result


def asked(inside: int = 0, outside: int = 8, old: int = 8, errors: tuple[str, ...] = ()) -> dict[str, WarmRun]:
    costs = {COLD: 1011, INSIDE: inside, OUTSIDE: outside, OLD: old}
    return {when: WarmRun(0.1, {"ListModels": n}, {"ListModels": n}, errors) for when, n in costs.items()}


def test_nothing_inside_and_eight_outside_are_enough() -> None:
    assert [goal.met for goal in result({"100 models": asked()}).goals] == [True, True, True]


@pytest.mark.parametrize(
    ("costs", "met"),
    [
        (asked(inside=1), [False, True, True]),
        (asked(outside=9), [True, False, True]),
        (asked(old=9), [True, True, False]),
        (asked(errors=("refused",)), [False, False, False]),
    ],
)
def test_one_call_too_many_or_an_error_is_not_enough(costs: dict[str, WarmRun], met: list[bool]) -> None:
    assert [goal.met for goal in result({"100 models": costs}).goals] == met


def test_the_response_and_the_sandbox_are_held_against_each_other() -> None:
    untrue = {when: WarmRun(0.1, {"ListModels": 2, "AssumeRole": 1}, {"ListModels": 1}, ()) for when in asked()}
    honest = {when: WarmRun(0.1, {"ListModels": 2, "AssumeRole": 1}, {"ListModels": 2}, ()) for when in asked()}
    assert [row[3] for row in result({"a": untrue}).tables[0].rows] == ["1 calls"] * 4
    assert [row[3] for row in result({"a": honest}).tables[0].rows] == ["the same"] * 4
