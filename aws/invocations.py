"""The last invocation of endpoints, from CloudWatch: by variant, or by inference component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws.client.client import AwsClient
from aws.kinds.resource import parse_number
from aws.metrics import MetricWindow, RuntimeMetric, chunks, metric_rows


@dataclass(frozen=True, slots=True)
class InvocationTarget:
    """A variant of an endpoint, or an inference component, by which CloudWatch counts requests.

    Source: "Endpoint invocation metrics", https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html:
    the dimensions are EndpointName and VariantName, or InferenceComponentName.

    Attributes:
        endpoint: The name of the endpoint.
        variant: The name of the variant; None for a component.
        component: The name of the inference component; None for a variant.
    """

    endpoint: str
    variant: str | None = None
    component: str | None = None

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions of the target's metrics in CloudWatch."""
        if self.component is not None:
            return {"InferenceComponentName": self.component}
        return {"EndpointName": self.endpoint, "VariantName": self.variant or ""}


async def last_invocations(
    calls: AwsClient, targets: Sequence[InvocationTarget], window: MetricWindow
) -> Mapping[InvocationTarget, datetime]:
    """Give the end of the last period of the window in which each target was invoked; no entry for one that was not.

    It makes one call for every 500 targets, and further ones if an answer has more pages.

    Raises:
        AWSError: CloudWatch could not be read.
    """
    period = timedelta(seconds=window.period_seconds)
    last: dict[InvocationTarget, datetime] = {}
    for chunk in chunks(targets):
        by_id = {f"s{number}": target for number, target in enumerate(chunk)}
        queries = [_query(name, target, window) for name, target in by_id.items()]
        for row in await metric_rows(calls, queries, window):
            target = by_id[row["Id"]]
            for at, value in zip(row.get("Timestamps", ()), row.get("Values", ()), strict=True):
                if parse_number(value):
                    last[target] = max(last.get(target, at + period), at + period)
    return last


def _query(name: str, target: InvocationTarget, window: MetricWindow) -> Mapping[str, Any]:
    invocations = RuntimeMetric.INVOCATIONS
    metric = {
        "Namespace": invocations.namespace,
        "MetricName": invocations.value,
        "Dimensions": [{"Name": key, "Value": value} for key, value in target.dimensions.items()],
    }
    return {
        "Id": name,
        "MetricStat": {"Metric": metric, "Period": window.period_seconds, "Stat": "Sum"},
        "ReturnData": True,
    }
