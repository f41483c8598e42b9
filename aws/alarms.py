"""CloudWatch alarms on endpoints: the metric of each, and its state."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.kinds.resource import ApiResponse

_PAGE_SIZE: Final = 100
_NAMESPACES: Final = frozenset({"AWS/SageMaker", "/aws/sagemaker/Endpoints", "/aws/sagemaker/InferenceComponents"})


class AlarmStatus(Enum):
    """The state of an alarm; the values are CloudWatch's words."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric alarm, from a row of a list call.

    Attributes:
        name: Its name.
        arn: Its ARN.
        status: Its state.
        metric_name: The metric that it watches; None for an expression over several.
        endpoints: The endpoints whose metrics it watches, each with its variant; None for all or several variants.
        components: The inference components whose metrics it watches.
        status_changed_time: The last change of its state; None if CloudWatch gives none.
    """

    name: str
    arn: str
    status: AlarmStatus
    metric_name: str | None
    endpoints: Mapping[str, str | None]
    components: frozenset[str]
    status_changed_time: datetime | None


async def list_alarms(calls: AwsClient) -> Sequence[Alarm]:
    """List the alarms of the account and region that watch endpoints: one call for each hundred of all alarms.

    DescribeAlarms has no filter by dimension. Composite alarms, and queries of Metrics Insights, name no endpoint and
    are left out.

    Raises:
        AWSError: A page of them could not be read.
    """
    rows = await read_pages(
        calls, "DescribeAlarms", key="MetricAlarms", MaxRecords=_PAGE_SIZE, AlarmTypes=["MetricAlarm"]
    )
    return [alarm for alarm in map(_alarm, rows) if alarm.endpoints or alarm.components]


async def find_alarms(calls: AwsClient, names: Sequence[str]) -> Mapping[str, Alarm]:
    """Read the alarms with these names, by name, of any metric: one call, for at most a hundred names.

    Raises:
        AWSError: They could not be read.
    """
    kinds = ["MetricAlarm", "CompositeAlarm"]
    answer = await calls.call("DescribeAlarms", AlarmNames=list(names), AlarmTypes=kinds, MaxRecords=_PAGE_SIZE)
    rows = [*(answer.get("MetricAlarms") or ()), *(answer.get("CompositeAlarms") or ())]
    return {row["AlarmName"]: _alarm(row) for row in rows}


def _alarm(row: ApiResponse) -> Alarm:
    dimensions = list(_dimensions(row))
    endpoints: dict[str, str | None] = {}
    for item in dimensions:
        if endpoint := item.get("EndpointName"):
            variant = item.get("VariantName")
            endpoints[endpoint] = variant if endpoints.get(endpoint, variant) == variant else None
    return Alarm(
        name=row["AlarmName"],
        arn=row["AlarmArn"],
        status=_status(row.get("StateValue")),
        metric_name=row.get("MetricName"),
        endpoints=endpoints,
        components=frozenset(name for item in dimensions if (name := item.get("InferenceComponentName"))),
        status_changed_time=row.get("StateTransitionedTimestamp") or row.get("StateUpdatedTimestamp"),
    )


def _dimensions(row: ApiResponse) -> Iterator[Mapping[str, str]]:
    """The dimensions of each SageMaker metric behind an alarm: its own, or those of its metric math."""
    for metric in (row, *(_metric_of(query) for query in row.get("Metrics") or ())):
        if metric.get("Namespace") in _NAMESPACES:
            yield {item["Name"]: item["Value"] for item in metric.get("Dimensions") or ()}


def _metric_of(query: ApiResponse) -> ApiResponse:
    metric: ApiResponse = (query.get("MetricStat") or {}).get("Metric") or {}
    return metric


def _status(word: str | None) -> AlarmStatus:
    return AlarmStatus(word) if word in {status.value for status in AlarmStatus} else AlarmStatus.UNKNOWN
