"""Monitoring schedules: which endpoint each watches, and how its last run went."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.inventory.listings import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class MonitoringSchedule:
    """A monitoring schedule, as a listing tells it.

    Attributes:
        scope: The key of the scope that has read it.
        name: Its name.
        arn: Its ARN.
        type: DataQuality, ModelQuality, ModelBias or ModelExplainability; None for schedules older than those.
        status: SageMaker's own word.
        endpoint: The endpoint that it watches; None for one that watches batch transforms.
    """

    scope: str
    name: str
    arn: str
    type: str | None
    status: str
    endpoint: str | None


async def list_schedules(calls: AwsClient, scope: str) -> Sequence[MonitoringSchedule]:
    """Every schedule of the account and region, newest first: one call for each hundred.

    Raises:
        AWSError: They could not be listed.
    """
    order = {"SortBy": "CreationTime", "SortOrder": "Descending"}
    rows = await read_pages(
        calls, "ListMonitoringSchedules", key="MonitoringScheduleSummaries", MaxResults=PAGE_SIZE, **order
    )
    return [
        MonitoringSchedule(
            scope,
            row["MonitoringScheduleName"],
            row["MonitoringScheduleArn"],
            row.get("MonitoringType"),
            row["MonitoringScheduleStatus"],
            row.get("EndpointName"),
        )
        for row in rows
    ]


async def last_execution_status(calls: AwsClient, name: str) -> str:
    """SageMaker's word for how the last run of a schedule went; an empty one where it has never run.

    Raises:
        AWSError: It could not be read; NotFoundError where it is gone.
    """
    answer = await calls.call("DescribeMonitoringSchedule", MonitoringScheduleName=name)
    return (answer.get("LastMonitoringExecutionSummary") or {}).get("MonitoringExecutionStatus") or ""
