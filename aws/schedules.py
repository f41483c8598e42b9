"""Monitoring schedules: which endpoint each watches, and how its runs went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.inventory.listings import PAGE_SIZE
from aws.kinds.resource import ApiResponse
from aws.kinds.statuses import MonitoringExecutionStatus, parse_status


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
    rows = await read_pages(
        calls,
        "ListMonitoringSchedules",
        key="MonitoringScheduleSummaries",
        MaxResults=PAGE_SIZE,
        SortBy="CreationTime",
        SortOrder="Descending",
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


@dataclass(frozen=True, slots=True)
class MonitoringExecution:
    """A run of a monitoring schedule.

    Attributes:
        scheduled_time: When it was to begin.
        status: How it stands.
        raw_status: SageMaker's own word.
        failure_reason: SageMaker's reason if it failed, or what it found.
        job_name: The processing job that it ran; None before there is one.
    """

    scheduled_time: datetime
    status: MonitoringExecutionStatus
    raw_status: str
    failure_reason: str | None
    job_name: str | None


async def list_executions(
    calls: AwsClient, name: str, most: int, before: datetime | None = None
) -> Sequence[MonitoringExecution]:
    """The runs of a schedule, the last scheduled first, at most `most` of them: one call for each hundred.

    Args:
        calls: The scope's way to AWS.
        name: The schedule.
        most: The most runs to read.
        before: Only those that were scheduled before that moment.

    Raises:
        AWSError: They could not be listed.
    """
    # SageMaker does not say whether the moment itself is before it, so one row more may be needed.
    needed = most if before is None else most + 1
    bounds: dict[str, Any] = {} if before is None else {"ScheduledTimeBefore": before}
    rows = await read_pages(
        calls,
        "ListMonitoringExecutions",
        key="MonitoringExecutionSummaries",
        most=needed,
        MonitoringScheduleName=name,
        SortBy="ScheduledTime",
        SortOrder="Descending",
        MaxResults=min(needed, PAGE_SIZE),
        **bounds,
    )
    executions = map(_execution, rows)
    return [run for run in executions if before is None or run.scheduled_time < before][:most]


def _execution(row: ApiResponse) -> MonitoringExecution:
    word, arn = row["MonitoringExecutionStatus"], row.get("ProcessingJobArn")
    return MonitoringExecution(
        row["ScheduledTime"],
        parse_status(MonitoringExecutionStatus, word),
        word,
        row.get("FailureReason") or None,
        arn.rpartition("/")[2] if arn else None,
    )
