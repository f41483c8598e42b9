"""Goals of the warm answers: shares of the peers' rates, nothing refused, and no stored answer."""

import json

import pytest

from benchmarks.cases.answers import CLIENTS, LARGE, MERCURIUS, OURS, PAGES, SMALL, YOGA, Contest, load, result
from benchmarks.peers.node_servers import LoadResult


def run(per_second: float, refused: int = 0) -> LoadResult:
    return LoadResult(per_second, 100, refused, 170_000.0, 3.0, 9.0, 12.0)


def contest(own: float, yoga: float, mercurius: float, refused: int = 0, shown: int = 2) -> Contest:
    rates = {OURS: own, YOGA: yoga, MERCURIUS: mercurius}
    runs = {
        (size, clients, name): [run(rate, refused)]
        for size in (LARGE, SMALL)
        for clients in CLIENTS
        for name, rate in rates.items()
    }
    return Contest(runs, changes=2, shown=shown)


@pytest.mark.parametrize(
    ("asked", "met"),
    [
        (contest(300.0, 100.0, 300.0), [True] * 8),
        (contest(299.0, 100.0, 300.0), [False, False, False, False, True, True, True, True]),
        (contest(300.0, 151.0, 300.0), [False, False, True, True, False, False, True, True]),
        (contest(300.0, 100.0, 300.0, refused=1), [True] * 6 + [False, True]),
        (contest(300.0, 100.0, 300.0, shown=1), [True] * 7 + [False]),
    ],
)
def test_a_goal_is_met_only_if_its_share_is_reached(asked: Contest, met: list[bool]) -> None:
    assert [goal.met for goal in result(asked).goals] == met


def test_shares_are_cut_off_and_never_rounded_up() -> None:
    assert result(contest(299.9, 100.0, 300.0)).goals[0].measured == "2.99 times"


def test_neighbouring_requests_differ_in_their_variables() -> None:
    bodies = [json.loads(body)["variables"]["first"] for body in load("http://127.0.0.1:1", LARGE, 1, 1.0).bodies]
    assert bodies == list(PAGES[LARGE])
    assert all(bodies[i] != bodies[i - 1] for i in range(len(bodies)))
