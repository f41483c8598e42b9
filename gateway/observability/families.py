"""Metric families as they are put together at a scrape: gauges and counters that other parts keep as plain numbers."""

from collections.abc import Iterable, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

Sample = tuple[Sequence[str], float]
"""The values of the labels, and the number."""


def gauge(name: str, text: str, value: float) -> Metric:
    """Give a gauge without labels.

    Args:
        name: The name, without the prefix `sagegraph_`.
        text: The help text.
        value: The present value.
    """
    return GaugeMetricFamily(f"sagegraph_{name}", text, value=value)


def gauges(name: str, text: str, labels: str, samples: Iterable[Sample]) -> Metric:
    """Give a gauge with labels.

    Args:
        name: The name, without the prefix `sagegraph_`.
        text: The help text.
        labels: The names of the labels, with spaces between them.
        samples: The values of the labels and the present value of each sample.
    """
    family = GaugeMetricFamily(f"sagegraph_{name}", text, labels=labels.split())
    for values, number in samples:
        family.add_metric(values, number)
    return family


def counter(name: str, text: str, value: float) -> Metric:
    """Give a counter without labels.

    Args:
        name: The name, without the prefix `sagegraph_` and the suffix `_total`.
        text: The help text.
        value: The count so far.
    """
    return CounterMetricFamily(f"sagegraph_{name}", text, value=value)


def counters(name: str, text: str, labels: str, samples: Iterable[Sample]) -> Metric:
    """Give a counter with labels.

    Args:
        name: The name, without the prefix `sagegraph_` and the suffix `_total`.
        text: The help text.
        labels: The names of the labels, with spaces between them.
        samples: The values of the labels and the count of each sample.
    """
    family = CounterMetricFamily(f"sagegraph_{name}", text, labels=labels.split())
    for values, number in samples:
        family.add_metric(values, number)
    return family
