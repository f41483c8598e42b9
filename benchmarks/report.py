"""Reports the measured figures: as text for people, as Markdown and JSON for later comparison."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import BenchmarkResult, Goal, Table

_SECTION = re.compile(r"^(?=## )", re.MULTILINE)


@dataclass
class Report:
    """One run of the benchmarks, written down as it goes on.

    Attributes:
        begun: The time of its beginning.
        setting: The machine, the versions, the commit and the command, in words.
        predictions: The expected outcome of each row by its name, written before anything was measured.
        titles: The measured question of each row.
        words: Remarks on the run: the change since the last one, and its expected effect.
        results: The results so far.
        loads: The machine's load before and after each row.
        failures: The reason of each row that could not be measured.
    """

    begun: datetime
    setting: Mapping[str, str]
    predictions: Mapping[str, str]
    titles: Mapping[str, str]
    words: Mapping[str, str]
    results: dict[str, BenchmarkResult] = field(default_factory=dict)
    loads: dict[str, tuple[float, float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def save(self, folder: Path) -> Path:
        """Write the day's two files into a folder, with this run beside the day's others.

        Args:
            folder: The folder, which may have the files of earlier runs.

        Returns:
            The path of the page in Markdown.
        """
        figures, page = (folder / f"{self.begun:%Y-%m-%d}.{ending}" for ending in ("json", "md"))
        runs = json.loads(_text(figures))["runs"] if figures.is_file() else []
        rest = [run for run in runs if run["begun"] != self.begun.isoformat()]
        figures.write_text(json.dumps({"runs": [self.as_json(), *rest]}, indent=1) + "\n", encoding="utf-8")
        sections = _SECTION.split(_text(page))[1:] if page.is_file() else []
        stored = [section for section in sections if not section.startswith(f"{self.heading}\n")]
        text = "".join([f"# Measured on {self.begun:%Y-%m-%d}\n\n", self.as_markdown(), *stored])
        page.write_text(text, encoding="utf-8")
        return page

    @property
    def heading(self) -> str:
        """The heading of the run's section, which no other run of the day has."""
        return f"## {self.begun:%H:%M:%S} UTC: {', '.join(self.predictions)}"

    def as_json(self) -> dict[str, Any]:
        """The run's figures as measured."""
        return {
            "begun": self.begun.isoformat(),
            **self.setting,
            **self.words,
            "predictions": dict(self.predictions),
            "rows": {name: self._row_as_json(name) for name in self.predictions},
        }

    def _row_as_json(self, name: str) -> dict[str, Any]:
        if name not in self.results:
            return {"failure": self.failures.get(name, "not measured yet")}
        result = self.results[name]
        goals = [{"goal": goal.text, "found": goal.measured, "met": goal.met} for goal in result.goals]
        return {"load": self.loads[name], "goals": goals, "figures": result.figures}

    def as_markdown(self) -> str:
        """Write the run as a section of the day's page: first the predictions, then the results."""
        lines = [self.heading, ""]
        lines += [f"- {word}: {text}" for word, text in {**self.setting, **self.words}.items()]
        lines += ["", "Expected, before anything was measured:", ""]
        lines += [f"- `{name}`: {expected}" for name, expected in self.predictions.items()]
        for name, title in self.titles.items():
            lines += ["", f"### `{name}`", "", title, "", *self._row_as_markdown(name)]
        return "\n".join([*lines, "", ""])

    def _row_as_markdown(self, name: str) -> list[str]:
        if name not in self.results:
            return [f"Not measured: {self.failures.get(name, 'not yet')}"]
        before, after = self.loads[name]
        lines = [goal_line(goal) for goal in self.results[name].goals]
        for table in self.results[name].tables:
            lines += ["", *markdown_table(table)]
        lines += ["", *self.results[name].notes, f"Load of the machine: {before:.2f} before, {after:.2f} after."]
        return lines


def goal_line(goal: Goal) -> str:
    """Tell in one line whether a goal is met."""
    verdict = {True: "met", False: "NOT met", None: "not measured"}[goal.met]
    return f"- {verdict}: {goal.text}; found: {goal.measured}"


def markdown_table(table: Table) -> list[str]:
    """A table's lines in Markdown: the first column to the left, all others to the right."""
    ruler = ["---", *(["--:"] * (len(table.header) - 1))]
    return ["| " + " | ".join(cells) + " |" for cells in (table.header, ruler, *table.rows)]


def text_table(table: Table) -> str:
    """A table for a terminal, its columns under each other."""
    lines = [table.header, *table.rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(table.header))]
    return "\n".join("  " + _aligned(line, widths) for line in lines)


def as_text(title: str, result: BenchmarkResult) -> str:
    """Write a row's result under its title for a terminal."""
    parts = [title, *(text_table(table) for table in result.tables), *(f"  {note}" for note in result.notes)]
    return "\n\n".join([*parts, "\n".join(goal_line(goal) for goal in result.goals)])


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()
