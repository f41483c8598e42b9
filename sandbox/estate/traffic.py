"""The traffic of the estate's endpoints, as CloudWatch counts it, for a page of metrics."""

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
"""An endpoint without requests."""
_IDLE_SINCE: Final = timedelta(days=5)


def write_traffic(sandbox: Sandbox, estate: Estate, now: datetime | None = None) -> None:
    """Give each endpoint in service an hour of requests until `now`, and another hour that comes as time goes on.

    One endpoint has been idle for five days. Requests to an inference component count for the component, and not for
    its variant.

    Args:
        sandbox: An AWS that holds the estate.
        estate: The accounts whose endpoints get traffic.
        now: The present in UTC; the real time, unless given.
    """
    # moto compares moments without a zone, which are in UTC.
    begin = (now or datetime.now(UTC)).replace(tzinfo=None) - _PERIODS_BEFORE * PERIOD
    for group in estate.groups:
        backend = cloudwatch_backends[group.account][group.region]
        for place in _served(sandbox, group):
            dimensions = [{"Name": name, "Value": value} for name, value in place.items()]
            data = list(_data(begin - _IDLE_SINCE if place.get("EndpointName") == _IDLE else begin, dimensions))
            backend.put_metric_data(_NAMESPACE, data)


def _served(sandbox: Sandbox, group: Group) -> Iterator[dict[str, str]]:
    """The dimensions of each variant of the endpoints in service, or of the components that they host."""
    hosted = sandbox.call("ListInferenceComponents", group.account, group.region, MaxResults=100)["InferenceComponents"]
    hosts = {component["EndpointName"] for component in hosted}
    yield from ({"InferenceComponentName": component["InferenceComponentName"]} for component in hosted)
    listed = sandbox.call("ListEndpoints", group.account, group.region, StatusEquals="InService", MaxResults=100)
    for name in (summary["EndpointName"] for summary in listed["Endpoints"] if summary["EndpointName"] not in hosts):
        described = sandbox.call("DescribeEndpoint", group.account, group.region, EndpointName=name)
        for variant in described["ProductionVariants"]:
            yield {"EndpointName": name, "VariantName": variant["VariantName"]}


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
