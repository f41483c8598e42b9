"""benchmarks.cases.chaos: a goal for each thing that may go wrong, and the same choices for the same seed."""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks.cases.chaos import CANCEL, SNAPSHOTS, TURNS_PER_START, Chaos, ChaosRun, result


class NotedFleet:
    """A fleet that notes who is killed and paused; every request is answered."""

    def __init__(self) -> None:
        self.done: list[tuple[str, float]] = []
        self.asked: list[tuple[str, str]] = []
        self.members = [NotedMember(name) for name in ("gateway-1", "gateway-2", "worker-1")]

    def kill(self, member: "NotedMember") -> None:
        self.done.append((member.name, 0))

    def pause(self, member: "NotedMember", seconds: float) -> None:
        self.done.append((member.name, seconds))

    def wake_due(self) -> None:
        """Nobody sleeps."""

    def ask(self, query: str, variables: Mapping[str, Any], _user: str) -> dict[str, Any]:
        wanted = variables.get("input", {})
        self.asked.append((query, wanted.get("id", wanted.get("snapshotName", ""))))
        if "deploySnapshot" in query:
            return {"deploySnapshot": {"deployment": {"id": f"of {wanted['snapshotName']}"}}}
        begun = [name for asked, name in self.asked if "deploySnapshot" in asked]
        nodes = [{"id": f"of {name}", "state": "AWAITING_APPROVAL", "snapshotName": name} for name in begun]
        return {"deployments": {"nodes": nodes}}


class NotedMember:
    awake = True

    def __init__(self, name: str) -> None:
        self.name = name


def disturbed(seed: int) -> tuple[list[tuple[str, float]], list[str]]:
    """Who was killed or paused, and which deployments were cancelled."""
    fleet = NotedFleet()
    chaos = Chaos(fleet, 45, random.Random(seed))  # type: ignore[arg-type]  # As a fleet is asked.
    for _ in range((SNAPSHOTS + 1) * TURNS_PER_START):
        chaos._disturb()
        chaos.turn()
    assert chaos.everything_is_begun
    assert len(chaos.begun) == SNAPSHOTS
    return fleet.done, [name for query, name in fleet.asked if query == CANCEL]


def test_a_seed_decides_all() -> None:
    assert disturbed(1) == disturbed(1)
    assert disturbed(1) != disturbed(2)
    done, cancelled = disturbed(1)
    assert {name for name, _ in done} == {"gateway-1", "gateway-2", "worker-1"}
    assert {seconds == 0 for _, seconds in done} == {True, False}
    assert 0 < len(set(cancelled)) < SNAPSHOTS


@pytest.mark.parametrize(
    ("run", "met"),
    [
        (ChaosRun(Counter(DEPLOYED=20)), [True, True, True]),
        (ChaosRun(Counter(DEPLOYED=19, LAUNCHING=1), open=["a"]), [False, True, True]),
        (ChaosRun(Counter(DEPLOYED=20), lost=["a"]), [True, False, True]),
        (ChaosRun(Counter(DEPLOYED=20), doubled=["a"]), [True, True, False]),
    ],
)
def test_the_goals(run: ChaosRun, met: list[bool]) -> None:
    summed = result({"SQLite": run}, 7)
    assert [goal.met for goal in summed.goals] == met
    assert summed.figures["seed"] == 7
