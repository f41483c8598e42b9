"""CloudWatch's metrics of endpoints: many series of many endpoints for one call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.kinds.resource import parse_number

QueriedT = TypeVar("QueriedT")
# GetMetricData takes at most 500 queries in a call (service model).
_MAX_QUERIES = 500
_INVOCATIONS = "AWS/SageMaker"
_INSTANCES = "/aws/sagemaker/Endpoints"


class RuntimeMetric(Enum):
    """A metric of an endpoint's variant; the values are CloudWatch's names.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html.
    """

    INVOCATIONS = "Invocations"
    INVOCATION_4XX_ERRORS = "Invocation4XXErrors"
    INVOCATION_5XX_ERRORS = "Invocation5XXErrors"
    MODEL_LATENCY = "ModelLatency"
    OVERHEAD_LATENCY = "OverheadLatency"
    CPU_UTILIZATION = "CPUUtilization"
    MEMORY_UTILIZATION = "MemoryUtilization"
    GPU_UTILIZATION = "GPUUtilization"
    DISK_UTILIZATION = "DiskUtilization"

    @property
    def namespace(self) -> str:
        """The namespace: one for requests, another for the load of instances."""
        return _INSTANCES if self.value.endswith("Utilization") else _INVOCATIONS

    @property
    def unit(self) -> str:
        """CloudWatch's unit; latencies are in microseconds."""
        if self.value.endswith("Utilization"):
            return "Percent"
        return "Microseconds" if self.value.endswith("Latency") else "None"


class MetricStatistic(Enum):
    """Statistics over the values of a period; the values are CloudWatch's names."""

    AVERAGE = "Average"
    SUM = "Sum"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    P50 = "p50"
    P90 = "p90"
    P99 = "p99"


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """A value of a period.

    Attributes:
        at: The beginning of the period.
        value: The value, in the metric's unit.
    """

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class MetricKey:
    """The key of a series.

    Attributes:
        endpoint: The name of the endpoint.
        variant: The name of the variant.
        metric: The metric.
        statistic: The statistic over each period.
    """

    endpoint: str
    variant: str
    metric: RuntimeMetric
    statistic: MetricStatistic


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """A series of points.

    Attributes:
        variant: The name of the variant; None for the whole endpoint.
        metric: The metric.
        statistic: The statistic over each period.
        period_seconds: The length of a period.
        unit: CloudWatch's unit of the values.
        points: The points, oldest first; periods without a value are left out.
    """

    variant: str | None
    metric: RuntimeMetric
    statistic: MetricStatistic
    period_seconds: int
    unit: str
    points: tuple[MetricPoint, ...]


@dataclass(frozen=True, slots=True)
class MetricWindow:
    """A time window, divided into periods.

    Attributes:
        begin: The beginning.
        end: The end.
        period_seconds: The length of a period.
    """

    begin: datetime
    end: datetime
    period_seconds: int


async def read_metrics(
    calls: AwsClient, wanted: Sequence[MetricKey], window: MetricWindow
) -> Mapping[MetricKey, MetricSeries]:
    """Read the points of each wanted series; one call for every 500 of them, and further ones for further pages.

    Raises:
        AWSError: CloudWatch could not be read.
    """
    points: dict[MetricKey, list[MetricPoint]] = {series: [] for series in wanted}
    for chunk in chunks(list(points)):
        queries = {f"s{number}": series for number, series in enumerate(chunk)}
        written = [_query(name, series, window) for name, series in queries.items()]
        for row in await metric_rows(calls, written, window):
            values = map(parse_number, row.get("Values", ()))
            samples = zip(row.get("Timestamps", ()), values, strict=True)
            # NaN and infinities are left out, as periods without a value are.
            points[queries[row["Id"]]] += (MetricPoint(at, value) for at, value in samples if at and value is not None)
    return {series: _series(series, window, metric_points) for series, metric_points in points.items()}


def _series(series: MetricKey, window: MetricWindow, points: Iterable[MetricPoint]) -> MetricSeries:
    ordered = tuple(sorted(points, key=lambda point: point.at))
    metric, statistic = series.metric, series.statistic
    return MetricSeries(series.variant, metric, statistic, window.period_seconds, metric.unit, ordered)


async def metric_rows(
    calls: AwsClient, queries: Sequence[Mapping[str, Any]], window: MetricWindow
) -> Sequence[Mapping[str, Any]]:
    """Read the rows of all pages of GetMetricData for these queries; a query may have several rows. Raises AWSError."""
    return await read_pages(
        calls,
        "GetMetricData",
        key="MetricDataResults",
        MetricDataQueries=queries,
        StartTime=window.begin,
        EndTime=window.end,
        ScanBy="TimestampAscending",
    )


def _query(name: str, series: MetricKey, window: MetricWindow) -> Mapping[str, Any]:
    dimensions = {"EndpointName": series.endpoint, "VariantName": series.variant}
    metric = {
        "Namespace": series.metric.namespace,
        "MetricName": series.metric.value,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    return {
        "Id": name,
        "MetricStat": {"Metric": metric, "Period": window.period_seconds, "Stat": series.statistic.value},
        "ReturnData": True,
    }


def chunks(wanted: Sequence[QueriedT]) -> Iterator[Sequence[QueriedT]]:
    """Split the `wanted` queries into batches that one call takes."""
    return (wanted[start : start + _MAX_QUERIES] for start in range(0, len(wanted), _MAX_QUERIES))
