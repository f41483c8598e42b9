"""The goal of the liveness probe: its 99th percentile beside answered questions."""

from benchmarks.cases.liveness import result
from benchmarks.peers.node_servers import LoadResult


def probe(p99: float, answers: int = 500) -> LoadResult:
    return LoadResult(50.0, answers, 0, 100.0, 1.0, p99, p99 + 10)


def test_fifty_milliseconds_are_enough() -> None:
    assert result([probe(2)], [(probe(50), probe(900))]).goals[0].met
    assert not result([probe(2)], [(probe(51), probe(900))]).goals[0].met


def test_a_probe_beside_nothing_proves_nothing() -> None:
    assert not result([probe(2)], [(probe(2), probe(900, answers=0))]).goals[0].met


def test_the_median_round_counts() -> None:
    assert result([probe(2)], [(probe(p99), probe(900)) for p99 in (10, 40, 400)]).goals[0].measured.startswith("40 ms")
