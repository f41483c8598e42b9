"""The share of the executor: the same answer, in less of the processor's time."""

from benchmarks.cases.executors import MODELS, PLANNED, STOCK, ExecutorRuns, result


def runs(planned: float, stock: float, planned_size: int = 7_000) -> ExecutorRuns:
    milliseconds = {(models, name): [each] for models in MODELS for name, each in ((PLANNED, planned), (STOCK, stock))}
    sizes = {
        (models, name): planned_size if name == PLANNED else 7_000 for models in MODELS for name in (PLANNED, STOCK)
    }
    return ExecutorRuns(milliseconds, sizes)


def test_half_the_time_is_enough() -> None:
    assert [goal.met for goal in result(runs(10, 20)).goals] == [True, True]
    assert [goal.met for goal in result(runs(11, 20)).goals] == [False, False]


def test_another_answer_is_none() -> None:
    assert not any(goal.met for goal in result(runs(10, 20, planned_size=6_999)).goals)


def test_each_executor_has_a_row_for_each_answer() -> None:
    (table,) = result(runs(10, 25)).tables
    assert table.rows[1] == ["100 models, graphql-core", "7", "25.0", "25.0", "1.00 times"]
    assert table.rows[0][-1] == "2.50 times"
