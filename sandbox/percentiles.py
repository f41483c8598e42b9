"""Percentiles of CloudWatch, which moto lacks: it fails on `p50` over existing points."""

import math
import re
from collections.abc import Callable
from typing import SupportsFloat

from moto.cloudwatch.models import Statistics

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")


def add_percentiles() -> None:
    """Add percentiles to moto's statistics; a second call changes nothing."""
    known: Callable[[Statistics, str], SupportsFloat | None] = Statistics.get_statistics_for_type
    if hasattr(known, "knows_percentiles"):
        return

    def get_statistics_for_type(statistics: Statistics, stat: str) -> SupportsFloat | None:
        match = _PERCENTILE.fullmatch(stat)
        return known(statistics, stat) if match is None else _percentile(_values(statistics), float(match[1]))

    get_statistics_for_type.knows_percentiles = True  # type: ignore[attr-defined]  # Functions may have attributes.
    Statistics.get_statistics_for_type = get_statistics_for_type  # type: ignore[assignment,method-assign]


def _values(statistics: Statistics) -> list[float]:
    """The single values in order; of a set that was put as a summary, only its ends are known."""
    ends = [end for data in statistics.metric_aggregated_list for end in (data.min, data.max)]
    return sorted([*statistics.metric_single_values_list, *ends])


def _percentile(values: list[float], share: float) -> float:
    """The value below which a share (in per cent) of the sorted values lies, interpolated between two of them."""
    place = share / 100 * (len(values) - 1)
    below, above = values[math.floor(place)], values[math.ceil(place)]
    return below + (above - below) * (place - math.floor(place))
