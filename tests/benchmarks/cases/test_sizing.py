"""benchmarks.cases.sizing: memory that many creations take is measured over what the gateway held before."""

import pytest

from benchmarks.cases.sizing import CREATED, IDLE, KNOWN, WORKER, ProcessState, result


@pytest.mark.parametrize(("most", "met"), [(290_000_000, True), (700_000_000, False)])
def test_the_goal(most: int, met: bool) -> None:
    states = {name: ProcessState(150_000_000, 200_000_000, 0.01) for name in (IDLE, WORKER, KNOWN)}
    summed = result(states | {CREATED: ProcessState(250_000_000, most, 1.5)})
    assert [goal.met for goal in summed.goals] == [met]
    assert [row[0] for row in summed.tables[0].rows] == [IDLE, WORKER, KNOWN, CREATED]
