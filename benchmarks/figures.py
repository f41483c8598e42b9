"""Results of a measurement: medians, ratios, goals, tables. Nothing here measures."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A goal and its figure.

    Attributes:
        text: The goal, in words.
        measured: The figure, in words.
        met: Whether it is met; None if that is unknown.
    """

    text: str
    measured: str
    met: bool | None


@dataclass(frozen=True)
class Table:
    """Rows of text under a header.

    Attributes:
        header: The names of the columns.
        rows: The cells of each row; the first names the row.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class BenchmarkResult:
    """The result of one benchmark case.

    Attributes:
        tables: Tables for people.
        goals: The goals, with their figures.
        figures: Everything as measured, for later calculations; JSON can hold it.
        notes: Sentences that a reader of the tables needs.
    """

    tables: Sequence[Table]
    goals: Sequence[Goal]
    figures: Mapping[str, Any]
    notes: Sequence[str] = field(default=())


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """Divide the median of the slower values by that of the faster ones."""
    return median(slower) / median(faster)


def alternating_order(names: Sequence[str], rounds: int) -> list[str]:
    """Give the names in the order of turns over all rounds: forwards, then backwards, and so on.

    No contestant is first in every round.
    """
    return [name for i in range(rounds) for name in (names if i % 2 == 0 else reversed(names))]


def format_ratio(value: float) -> str:
    """Format a ratio's value with two decimals, cut off and never rounded up."""
    return f"{math.floor(value * 100) / 100:.2f} times"


def format_seconds(values: Sequence[float]) -> str:
    """Format the median of values in seconds, and the extremes if there are several, to the millisecond."""
    if not values:
        return "-"
    middle = f"{median(values):.3f} s"
    return middle if len(values) == 1 else f"{middle} ({min(values):.3f} to {max(values):.3f})"


def format_megabytes(size: int) -> str:
    """Format a size in bytes as megabytes of a million, with one decimal, rounded up: memory is never understated."""
    return f"{math.ceil(size / 100_000) / 10:.1f} MB"


def calls_table(columns: Mapping[str, Mapping[str, int]]) -> Table:
    """Calls per operation, a column for each caller, and their sums."""
    operations = sorted({operation for calls in columns.values() for operation in calls})
    rows = [[operation, *(str(calls.get(operation, 0)) for calls in columns.values())] for operation in operations]
    rows.append(["all", *(str(sum(calls.values())) for calls in columns.values())])
    return Table(["calls", *columns], rows)
