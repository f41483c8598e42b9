"""The traffic of the estate's endpoints, as CloudWatch counts it: what a page of metrics has to show."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from moto.cloudwatch.models import cloudwatch_backends

from sandbox.estate.groups import Estate, Group
from sandbox.server import Sandbox

PERIOD: Final = timedelta(minutes=5)
"""The time between two points."""

_PERIODS_BEFORE: Final = 12
_PERIODS_AFTER: Final = 12
_NAMESPACE: Final = "AWS/SageMaker"
_IDLE: Final = "credit-risk-scorer-staging"
"""An endpoint that nobody asks any more."""
_IDLE_SINCE: Final = timedelta(days=5)


def write_traffic(sandbox: Sandbox, estate: Estate, now: datetime | None = None) -> None:
    """Give each endpoint in service an hour of requests until `now`, and another that comes as time goes on.

    One has been idle for five days.

    Args:
        sandbox: An AWS that holds the estate.
        estate: The estate.
        now: The present in UTC; the real time, unless given.
    """
    # moto compares moments without a zone, which are in UTC.
    begin = (now or datetime.now(UTC)).replace(tzinfo=None) - _PERIODS_BEFORE * PERIOD
    for group in estate.groups:
        backend = cloudwatch_backends[group.account][group.region]
        for endpoint, variant in _served(sandbox, group):
            dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
            data = list(_data(begin - _IDLE_SINCE if endpoint == _IDLE else begin, dimensions))
            backend.put_metric_data(_NAMESPACE, data)


def _served(sandbox: Sandbox, group: Group) -> Iterator[tuple[str, str]]:
    """The name and the variants of each endpoint in service."""
    listed = sandbox.call("ListEndpoints", group.account, group.region, StatusEquals="InService", MaxResults=100)
    for summary in listed["Endpoints"]:
        name = summary["EndpointName"]
        described = sandbox.call("DescribeEndpoint", group.account, group.region, EndpointName=name)
        for variant in described["ProductionVariants"]:
            yield name, variant["VariantName"]


def _data(begin: datetime, dimensions: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    """A wave of requests; one in seven periods has an error, and latency follows the load."""
    for number in range(_PERIODS_BEFORE + _PERIODS_AFTER):
        invocations = round(60 + 40 * math.sin(number / 3))
        values = {
            "Invocations": (invocations, "None"),
            "Invocation5XXErrors": (1 if number % 7 == 3 else 0, "None"),
            "ModelLatency": (9_000 + 120 * invocations, "Microseconds"),
        }
        for name, (value, unit) in values.items():
            yield {
                "MetricName": name,
                "Dimensions": dimensions,
                "Timestamp": begin + number * PERIOD,
                "Value": value,
                "Unit": unit,
            }
