"""Monitoring schedules: made, run by the hour or the day, shown, listed, deleted."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT, MONITORING_SCHEDULE, ResourceRecord
from sandbox.sagemaker.timeline import Outcome

HOUR, DAY = 3_600.0, 86_400.0


def create(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """CreateMonitoringSchedule: Pending at first, Scheduled soon after."""
    name, config = ask["MonitoringScheduleName"], ask["MonitoringScheduleConfig"]
    if desk.records(MONITORING_SCHEDULE).get(name):
        raise service_errors.in_use(f"Monitoring Schedule {desk.arn(MONITORING_SCHEDULE, name)} already exists.")
    if "MonitoringJobDefinition" not in config:
        raise service_errors.not_in_sandbox(
            "monitoring job definitions by name; give MonitoringJobDefinition, not its name"
        )
    facts: dict[str, Any] = {"MonitoringScheduleStatus": "Pending", "MonitoringScheduleConfig": config}
    endpoint = _endpoint(config)
    if endpoint:
        facts["EndpointName"] = desk.require(ENDPOINT, endpoint).name
    if "MonitoringType" in config:
        facts["MonitoringType"] = config["MonitoringType"]
    record = desk.add(MONITORING_SCHEDULE, name, facts, tags.from_list(ask.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    _plan(desk, record, desk.timeline.outcome(MONITORING_SCHEDULE, name))
    return {"MonitoringScheduleArn": record.arn}


def describe(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """DescribeMonitoringSchedule."""
    return _need(desk, ask["MonitoringScheduleName"]).facts


def delete(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """DeleteMonitoringSchedule."""
    record = _need(desk, ask["MonitoringScheduleName"])
    record.plan += 1
    desk.records(MONITORING_SCHEDULE).remove(record)
    return {}


def _need(desk: OperationContext, name: str) -> ResourceRecord:
    record = desk.records(MONITORING_SCHEDULE).get(name)
    if record is None:
        raise service_errors.not_found(f"Could not find monitoring schedule {desk.arn(MONITORING_SCHEDULE, name)}")
    return record


def _plan(desk: OperationContext, record: ResourceRecord, outcome: Outcome) -> None:
    expression = record.facts["MonitoringScheduleConfig"].get("ScheduleConfig", {}).get("ScheduleExpression", "")
    every = HOUR if expression.startswith("cron(0 * ") else DAY

    def scheduled(at: float) -> None:
        record.facts["MonitoringScheduleStatus"] = "Scheduled"
        record.facts["LastModifiedTime"] = record.modified = at
        desk.timeline.schedule(record, at + every, ran)

    def ran(at: float) -> None:
        record.facts["LastMonitoringExecutionSummary"] = {
            "MonitoringScheduleName": record.name,
            "ScheduledTime": at,
            "CreationTime": at,
            "LastModifiedTime": at,
            "MonitoringExecutionStatus": "CompletedWithViolations" if outcome.failure else "Completed",
            **({"FailureReason": outcome.failure} if outcome.failure else {}),
        }
        desk.timeline.schedule(record, at + every, ran)

    desk.timeline.schedule(record, record.created + desk.timeline.durations.job_starting, scheduled)


def _endpoint(config: dict[str, Any]) -> str | None:
    """The endpoint that the schedule watches, where its definition names one."""
    for monitored in config["MonitoringJobDefinition"].get("MonitoringInputs", ()):
        name = monitored.get("EndpointInput", {}).get("EndpointName")
        if name:
            return str(name)
    return None
