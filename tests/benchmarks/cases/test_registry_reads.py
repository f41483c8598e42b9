"""What is remembered, asked for in two ways: speed counts only where both show the same, and neither asks AWS."""

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks.cases.registry_reads import AT_ONCE, MODELS, ONE_BY_ONE, RegistryReadRun, result
from benchmarks.databases import POSTGRES, SQLITE

SHOWN = [{"id": number} for number in range(MODELS)]


def met(at_once: Mapping[str, Any], one_by_one: Mapping[str, Any]) -> list[bool | None]:
    fair = {
        AT_ONCE: [RegistryReadRun(**{"seconds": 0.1, "calls": 0, "results": SHOWN, **at_once})],
        ONE_BY_ONE: [RegistryReadRun(**{"seconds": 0.3, "calls": 0, "results": SHOWN, **one_by_one})],
    }
    other = {way: [RegistryReadRun(seconds, 0, SHOWN)] for way, seconds in ((AT_ONCE, 0.1), (ONE_BY_ONE, 0.9))}
    return [goal.met for goal in result({SQLITE: fair, POSTGRES: other}).goals]


@pytest.mark.parametrize(
    ("at_once", "one_by_one", "expected"),
    [
        ({"seconds": 0.09}, {}, [True, True, True]),
        ({"seconds": 0.11}, {}, [True, False, True]),
        ({"seconds": 0.01, "calls": 1}, {}, [False, True, True]),
        ({"seconds": 0.01, "results": SHOWN[1:]}, {"results": SHOWN[1:]}, [False, True, True]),
        ({"seconds": 0.01}, {"results": SHOWN[::-1]}, [False, True, True]),
    ],
)
def test_what_counts(at_once: dict[str, Any], one_by_one: dict[str, Any], expected: list[bool]) -> None:
    assert met(at_once, one_by_one) == expected
