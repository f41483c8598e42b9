"""Results of a measurement: medians, ratios, goals, tables. Nothing here measures."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A goal, the figure, and whether it is met; None if that is unknown."""

    text: str
    measured: str
    met: bool | None


@dataclass(frozen=True)
class Table:
    """Rows of text under a header; the first column names the row."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class BenchmarkResult:
    """The result of one benchmark case.

    Attributes:
        tables: What people read.
        goals: What was to be reached.
        figures: Everything as measured, for later calculations; JSON can hold it.
        notes: Sentences that a reader of the tables needs.
    """

    tables: Sequence[Table]
    goals: Sequence[Goal]
    figures: Mapping[str, Any]
    notes: Sequence[str] = field(default=())


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """Divide the median of the first by the median of the second."""
    return median(slower) / median(faster)


def alternating_order(names: Sequence[str], rounds: int) -> list[str]:
    """Whose turn it is, over all rounds: forwards, then backwards, so that nobody always goes first."""
    return [name for i in range(rounds) for name in (names if i % 2 == 0 else reversed(names))]


def format_ratio(value: float) -> str:
    """A ratio with two decimals, cut off and never rounded up."""
    return f"{math.floor(value * 100) / 100:.2f} times"


def format_seconds(values: Sequence[float]) -> str:
    """The median and, where there are several, the extremes, to the millisecond."""
    if not values:
        return "-"
    middle = f"{median(values):.3f} s"
    return middle if len(values) == 1 else f"{middle} ({min(values):.3f} to {max(values):.3f})"


def format_megabytes(size: int) -> str:
    """Bytes as megabytes of a million, with one decimal, cut up: memory is never told smaller than it is."""
    return f"{math.ceil(size / 100_000) / 10:.1f} MB"


def calls_table(columns: Mapping[str, Mapping[str, int]]) -> Table:
    """Calls per operation, a column for each caller, and their sums."""
    operations = sorted({operation for calls in columns.values() for operation in calls})
    rows = [[operation, *(str(calls.get(operation, 0)) for calls in columns.values())] for operation in operations]
    rows.append(["all", *(str(sum(calls.values())) for calls in columns.values())])
    return Table(["calls", *columns], rows)
