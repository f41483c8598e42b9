"""benchmarks.cases.idle_traffic: the worst window counts, for each gateway."""

import pytest

from benchmarks.cases.idle_traffic import result


@pytest.mark.parametrize(
    ("counted", "worst", "met"),
    [({1: [1.5, 2.0], 2: [2.5, 3.0]}, "2.00", True), ({1: [2.0], 2: [3.0, 6.2]}, "3.10", False)],
)
def test_the_goal(counted: dict[int, list[float]], worst: str, met: bool) -> None:
    summed = result(counted)
    (goal,) = summed.goals
    assert (goal.measured, goal.met) == (worst, met)
    assert [row[0] for row in summed.tables[0].rows] == ["1", "2"]
    assert summed.figures == {str(gateways): counts for gateways, counts in counted.items()}
