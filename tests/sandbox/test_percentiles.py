"""sandbox.percentiles: what CloudWatch answers to `p50` over single values and over sets of them."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.sandbox.conftest import Connect

WHOLE_DAY = {"StartTime": "2026-01-31T00:00:00Z", "EndTime": "2026-02-01T00:00:00Z"}


@pytest.fixture
def cloudwatch(sandbox: Sandbox, connect: Connect) -> Any:
    return connect("cloudwatch")


def _read(cloudwatch: Any, statistic: str) -> list[float]:
    metric = {"Namespace": "AWS/SageMaker", "MetricName": "ModelLatency"}
    query = {"Id": "one", "MetricStat": {"Metric": metric, "Period": 86_400, "Stat": statistic}}
    values: list[float] = cloudwatch.get_metric_data(MetricDataQueries=[query], **WHOLE_DAY)["MetricDataResults"][0][
        "Values"
    ]
    return values


@pytest.mark.parametrize(
    ("statistic", "value"), [("p50", 3.0), ("p0", 1.0), ("p100", 5.0), ("p90", 4.6), ("p99.9", 4.996), ("Average", 3.0)]
)
def test_single_values(cloudwatch: Any, statistic: str, value: float) -> None:
    data = [
        {"MetricName": "ModelLatency", "Timestamp": "2026-01-31T12:00:00Z", "Value": float(number)}
        for number in (5, 1, 3, 2, 4)
    ]
    cloudwatch.put_metric_data(Namespace="AWS/SageMaker", MetricData=data)
    assert _read(cloudwatch, statistic) == [pytest.approx(value)]


def test_no_values(cloudwatch: Any) -> None:
    assert _read(cloudwatch, "p50") == []
