"""Monitoring schedules: the endpoint that each watches, and its runs."""

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
    """A monitoring schedule, from a row of a list call.

    Attributes:
        scope: The key of the scope that has read it.
        name: Its name.
        arn: Its ARN.
        type: DataQuality, ModelQuality, ModelBias or ModelExplainability; None for schedules older than these types.
        status: SageMaker's word for its status.
        endpoint: The endpoint that it watches; None if it watches batch transforms.
    """

    scope: str
    name: str
    arn: str
    type: str | None
    status: str
    endpoint: str | None


async def list_schedules(calls: AwsClient, scope: str) -> Sequence[MonitoringSchedule]:
    """List the schedules of the account and region, newest first: one call for each hundred.

    Args:
        calls: The client of the scope.
        scope: The key of the scope.

    Raises:
        AWSError: A page could not be read.
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
    """Give SageMaker's word for the status of the last run of the schedule `name`; empty if it has never run.

    Raises:
        AWSError: It could not be read; NotFoundError if there is no such schedule.
    """
    answer = await calls.call("DescribeMonitoringSchedule", MonitoringScheduleName=name)
    return (answer.get("LastMonitoringExecutionSummary") or {}).get("MonitoringExecutionStatus") or ""


@dataclass(frozen=True, slots=True)
class MonitoringExecution:
    """A run of a monitoring schedule.

    Attributes:
        scheduled_time: The time for which it was scheduled.
        status: The status.
        raw_status: SageMaker's word for the status.
        failure_reason: The reason of a failure, or the findings; None without either.
        job_name: The processing job that it ran; None before that.
    """

    scheduled_time: datetime
    status: MonitoringExecutionStatus
    raw_status: str
    failure_reason: str | None
    job_name: str | None


async def list_executions(
    calls: AwsClient, name: str, most: int, before: datetime | None = None
) -> Sequence[MonitoringExecution]:
    """List the runs of a schedule, the last scheduled first: one call for each hundred.

    Args:
        calls: The client of the scope.
        name: The name of the schedule.
        most: The most runs.
        before: The moment before which the runs were scheduled; None for any.

    Raises:
        AWSError: A page could not be read.
    """
    # SageMaker does not document whether the bound is inclusive, so one row more may be needed.
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
