"""The row for one and two processes: rates beside each other, and no request refused."""

from benchmarks.cases.worker_processes import result
from benchmarks.peers.node_servers import LoadResult


def load(per_second: float, refused: int = 0) -> LoadResult:
    return LoadResult(per_second, 100, refused, 1000.0, 5.0, 9.0, 20.0)


def test_rates_stand_beside_that_of_one_process() -> None:
    measured = result({("small", 1): [load(100), load(120)], ("small", 2): [load(165)]})
    assert measured.tables[0].rows == [
        ["small, 1", "110.0", "1.00 times", "5", "9"],
        ["small, 2", "165.0", "1.50 times", "5", "9"],
    ]
    assert measured.goals[0].met


def test_no_request_may_be_refused() -> None:
    assert not result({("small", 1): [load(100, refused=1)]}).goals[0].met
