"""The kept numbers: expectations first, every run of a day, nothing that was measured changed."""

import json
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import BenchmarkResult, Goal, Table
from benchmarks.report import Report, as_text, goal_line, markdown_table, text_table

TABLE = Table(["who", "seconds"], [["gateway", "1.000 s"], ["DataHub", "12.000 s"]])
RESULT = BenchmarkResult(
    [TABLE], [Goal("at least 8 times", "7.99 times", met=False)], {"seconds": [0.123456789]}, ["A note."]
)


def report(minute: int) -> Report:
    return Report(
        begun=datetime(2026, 3, 1, 12, minute, tzinfo=UTC),
        setting={"machine": "a laptop", "command": "make bench"},
        predictions={"first-read": "about 3 s"},
        titles={"first-read": "The first read."},
        words={"change": "pages of 100"},
    )


def test_the_expectation_is_written_before_the_measurement(tmp_path: Path) -> None:
    page = report(0).save(tmp_path)
    text = page.read_text()
    assert page.name == "2026-03-01.md"
    assert "- `first-read`: about 3 s" in text
    assert "- change: pages of 100" in text
    assert "Not measured: not yet" in text


def test_a_run_replaces_itself_and_leaves_the_days_others(tmp_path: Path) -> None:
    report(0).save(tmp_path)
    later = report(5)
    later.save(tmp_path)
    later.results["first-read"], later.loads["first-read"] = RESULT, (0.5, 1.25)
    text = later.save(tmp_path).read_text()
    runs = json.loads((tmp_path / "2026-03-01.json").read_text())["runs"]
    assert text.count("# Measured on 2026-03-01\n") == 1
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 12:05:00 UTC: first-read",
        "## 12:00:00 UTC: first-read",
    ]
    assert [run["begun"] for run in runs] == ["2026-03-01T12:05:00+00:00", "2026-03-01T12:00:00+00:00"]
    assert runs[0]["rows"]["first-read"] == {
        "load": [0.5, 1.25],
        "goals": [{"goal": "at least 8 times", "found": "7.99 times", "met": False}],
        "figures": {"seconds": [0.123456789]},
    }
    assert "Load of the machine: 0.50 before, 1.25 after." in text


def test_a_row_that_could_not_be_measured_says_why(tmp_path: Path) -> None:
    run = report(0)
    run.failures["first-read"] = "the sandbox did not start"
    assert "Not measured: the sandbox did not start" in run.save(tmp_path).read_text()


def test_the_verdict_on_a_goal() -> None:
    assert goal_line(Goal("8 times", "9 times", met=True)) == "- met: 8 times; found: 9 times"
    assert goal_line(Goal("8 times", "7 times", met=False)) == "- NOT met: 8 times; found: 7 times"
    assert goal_line(Goal("8 times", "no peer", met=None)) == "- not measured: 8 times; found: no peer"


def test_a_table_in_markdown() -> None:
    assert markdown_table(TABLE) == [
        "| who | seconds |",
        "| --- | --: |",
        "| gateway | 1.000 s |",
        "| DataHub | 12.000 s |",
    ]


def test_a_table_for_a_terminal() -> None:
    assert text_table(TABLE) == "  who       seconds\n  gateway   1.000 s\n  DataHub  12.000 s"


def test_a_row_for_a_terminal() -> None:
    assert as_text("The first read.", RESULT).endswith("  A note.\n\n- NOT met: at least 8 times; found: 7.99 times")
