"""What a crowd comes to: the calls of one, and no error."""

from collections.abc import Mapping

from benchmarks.cases.concurrent_clients import MANY, ONE, ONE_PERSON, ConcurrentRun, result

ALONE = {"ListModels": 1, "AssumeRole": 1}


def rushes(
    one_person: Mapping[str, int], many: Mapping[str, int], errors: Mapping[str, int], graphs: int = 1
) -> dict[str, ConcurrentRun]:
    return {
        ONE: ConcurrentRun([3.0], ALONE, {}, 1),
        ONE_PERSON: ConcurrentRun([3.0, 4.0], one_person, {}, graphs),
        MANY: ConcurrentRun([3.0, 4.0], many, errors, 1),
    }


def test_other_people_cost_a_session_each_and_nothing_else() -> None:
    benchmark_result = result(rushes(ALONE, {"ListModels": 1, "AssumeRole": 50}, {}))
    assert [goal.met for goal in benchmark_result.goals] == [True, True, True]


def test_one_persons_clients_cost_nothing_more_at_all() -> None:
    benchmark_result = result(rushes({"ListModels": 1, "AssumeRole": 2}, {"ListModels": 2, "AssumeRole": 50}, {}))
    assert [(goal.met, goal.measured) for goal in benchmark_result.goals[:2]] == [
        (False, "3 against 2"),
        (False, "2 against 1"),
    ]


def test_an_error_or_another_answer_is_not_enough() -> None:
    assert result(rushes(ALONE, ALONE, {"Rate exceeded": 2})).goals[2].met is False
    assert result(rushes(ALONE, ALONE, {}, graphs=2)).goals[2].met is False
