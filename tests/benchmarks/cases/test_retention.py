"""benchmarks.cases.retention: days pass on a real database, and the growth between the last two marks counts."""

from pathlib import Path

import pytest

from benchmarks.cases import retention
from benchmarks.cases.retention import Measured, result
from gateway.settings.server import RetentionSettings


async def test_days_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is the days' own and the last deployment of each endpoint, once it is the same each day."""
    for name, value in {"DAYS": 45, "PER_DAY": 5, "ENDPOINTS": 4, "MARKS": (31, 40, 45), "BATCH": 3}.items():
        monkeypatch.setattr(retention, name, value)
    days = RetentionSettings.model_validate({"auditDays": 30, "deploymentsDays": 30, "importRunsDays": 10})
    monkeypatch.setattr(retention, "DAYS_KEPT", days)
    marks = await retention._pass_years("SQLite", f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    assert [(each.day, each.rows) for each in marks] == [(31, 155), (40, 155), (45, 155)]
    assert all(each.size > 0 for each in marks)


@pytest.mark.parametrize(("last", "met"), [(110, True), (120, False)])
def test_the_goal(last: int, met: bool) -> None:
    marks = [Measured(400, 10, 50, 0.1), Measured(475, 10, 100, 0.1), Measured(550, 10, last, 0.1)]
    summed = result({"SQLite": marks})
    assert [goal.met for goal in summed.goals] == [met]
    assert [row[0] for row in summed.tables[0].rows] == ["SQLite, day 400", "SQLite, day 475", "SQLite, day 550"]
