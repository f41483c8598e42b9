"""aws.schedules: every monitoring schedule for one call a page; how the last run of one went."""

from datetime import timedelta
from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, NotFoundError
from aws.kinds.statuses import MonitoringExecutionStatus
from aws.schedules import (
    MonitoringExecution,
    MonitoringSchedule,
    last_execution_status,
    list_executions,
    list_schedules,
)
from sandbox.sagemaker.store import MONITORING_SCHEDULE
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    EXECUTION_ROLE,
    IMAGE,
    NOON,
    ScriptedClient,
    arn,
    make,
    make_config,
    make_models,
)


def make_schedule(sandbox: Sandbox, name: str, endpoint: str | None, **more: Any) -> None:
    """A schedule that runs each hour, of an endpoint or else of a batch transform's captured data."""
    output = {"S3Output": {"S3Uri": "s3://b/o", "LocalPath": "/opt/ml/processing/output"}}
    watched: dict[str, Any] = (
        {"EndpointInput": {"EndpointName": endpoint, "LocalPath": "/opt/ml/processing/input"}}
        if endpoint
        else {
            "BatchTransformInput": {
                "DataCapturedDestinationS3Uri": "s3://b/c",
                "DatasetFormat": {"Csv": {"Header": True}},
                "LocalPath": "/opt/ml/processing/input",
            }
        }
    )
    definition = {
        "MonitoringInputs": [watched],
        "MonitoringOutputConfig": {"MonitoringOutputs": [output]},
        "MonitoringResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}
        },
        "MonitoringAppSpecification": {"ImageUri": IMAGE},
        "RoleArn": EXECUTION_ROLE,
    }
    config = {
        "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
        "MonitoringJobDefinition": definition,
        **more,
    }
    make(sandbox, "CreateMonitoringSchedule", MonitoringScheduleName=name, MonitoringScheduleConfig=config)
    sandbox.advance(60)


@pytest.fixture
def live(still: Sandbox) -> Sandbox:
    """An endpoint called live."""
    make_models(still, "m")
    make_config(still, "s", "m")
    make(still, "CreateEndpoint", EndpointName="live", EndpointConfigName="s")
    still.advance(600)
    return still


def schedule(name: str, type: str | None, status: str, endpoint: str | None) -> MonitoringSchedule:
    return MonitoringSchedule("scope-1", name, arn("monitoring-schedule", name), type, status, endpoint)


async def test_every_schedule_newest_first(live: Sandbox, calls: AwsClient) -> None:
    make_schedule(live, "quality", "live", MonitoringType="DataQuality")
    make_schedule(live, "of-old", "live")
    make_schedule(live, "of-batches", None, MonitoringType="ModelQuality")
    assert await list_schedules(calls, "scope-1") == [
        schedule("of-batches", "ModelQuality", "Scheduled", None),
        schedule("of-old", None, "Scheduled", "live"),
        schedule("quality", "DataQuality", "Scheduled", "live"),
    ]
    assert live.calls.by_operation() == {"ListMonitoringSchedules": 1}


@pytest.mark.parametrize("rows", [0, 1, 2])
async def test_pages(live: Sandbox, calls: AwsClient, rows: int) -> None:
    """Also short ones, and empty ones that go on."""
    for name in "abc":
        make_schedule(live, name, "live")
    live.faults.shorten("ListMonitoringSchedules", rows, times=None if rows else 2)
    assert [schedule.name for schedule in await list_schedules(calls, "scope-1")] == ["c", "b", "a"]


async def test_none(sandbox: Sandbox, calls: AwsClient) -> None:
    assert await list_schedules(calls, "scope-1") == []
    assert sandbox.calls.count() == 1


async def test_a_refused_list(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.refuse("ListMonitoringSchedules")
    with pytest.raises(AccessDeniedError):
        await list_schedules(calls, "scope-1")


@pytest.mark.parametrize(("failure", "word"), [(None, "Completed"), ("Drift.", "CompletedWithViolations")])
async def test_how_the_last_run_went(live: Sandbox, calls: AwsClient, failure: str | None, word: str) -> None:
    live.timeline.decide_outcome(MONITORING_SCHEDULE, "quality", Outcome(failure=failure))
    make_schedule(live, "quality", "live")
    assert await last_execution_status(calls, "quality") == ""
    live.advance(3600)
    assert await last_execution_status(calls, "quality") == word
    assert live.calls.by_operation() == {"DescribeMonitoringSchedule": 2}


async def test_one_that_is_gone(sandbox: Sandbox, calls: AwsClient) -> None:
    with pytest.raises(NotFoundError):
        await last_execution_status(calls, "gone")
    assert sandbox.calls.count() == 1


async def test_the_runs_of_one_schedule_the_last_first(live: Sandbox, calls: AwsClient) -> None:
    """In pages of a hundred at most, and no more of them than are asked for."""
    live.timeline.decide_outcome(MONITORING_SCHEDULE, "quality", Outcome(failure="Drift."))
    make_schedule(live, "quality", "live", MonitoringType="DataQuality")
    make_schedule(live, "other", "live")
    live.advance(5 * 3600 + 100)
    live.calls.clear()
    runs = await list_executions(calls, "quality", 3)
    assert [(run.status, run.raw_status, run.failure_reason) for run in runs] == [
        (MonitoringExecutionStatus.COMPLETED_WITH_VIOLATIONS, "CompletedWithViolations", "Drift.")
    ] * 3
    assert runs[0].job_name == f"model-monitoring-quality-dataquality-{runs[0].scheduled_time.timestamp():.0f}"
    rest = await list_executions(calls, "quality", 10, runs[-1].scheduled_time)
    times = [run.scheduled_time for run in (*runs, *rest)]
    assert (len(times), times) == (5, sorted(set(times), reverse=True))
    assert live.calls.by_operation() == {"ListMonitoringExecutions": 2}


@pytest.mark.parametrize("rows", [0, 1])
async def test_runs_in_short_pages(live: Sandbox, calls: AwsClient, rows: int) -> None:
    make_schedule(live, "quality", "live")
    live.advance(3 * 3600 + 100)
    live.faults.shorten("ListMonitoringExecutions", rows, times=None if rows else 2)
    assert len(await list_executions(calls, "quality", 2)) == 2


async def test_a_run_of_a_later_word_that_has_no_job_yet() -> None:
    """A row that SageMaker gives again behind its moment is not given twice."""
    row = {"MonitoringScheduleName": "q", "ScheduledTime": NOON, "MonitoringExecutionStatus": "Baking"}
    late = {**row, "ScheduledTime": NOON + timedelta(hours=1)}
    client = ScriptedClient({"MonitoringExecutionSummaries": [late, row]})
    assert await list_executions(client, "q", 5, NOON + timedelta(hours=1)) == [
        MonitoringExecution(NOON, MonitoringExecutionStatus.UNKNOWN, "Baking", None, None)
    ]
