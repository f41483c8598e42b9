"""Monitoring schedules: made, run by the hour or the day, shown, listed, deleted."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT, MONITORING_SCHEDULE, ResourceRecord
from sandbox.sagemaker.timeline import Outcome

HOUR, DAY = 3_600.0, 86_400.0


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """CreateMonitoringSchedule: Pending at first, Scheduled soon after."""
    name, config = request["MonitoringScheduleName"], request["MonitoringScheduleConfig"]
    if context.records(MONITORING_SCHEDULE).get(name):
        raise service_errors.in_use(f"Monitoring Schedule {context.arn(MONITORING_SCHEDULE, name)} already exists.")
    if "MonitoringJobDefinition" not in config:
        raise service_errors.not_in_sandbox(
            "monitoring job definitions by name; give MonitoringJobDefinition, not its name"
        )
    facts: dict[str, Any] = {"MonitoringScheduleStatus": "Pending", "MonitoringScheduleConfig": config}
    endpoint = _endpoint(config)
    if endpoint:
        facts["EndpointName"] = context.require(ENDPOINT, endpoint).name
    if "MonitoringType" in config:
        facts["MonitoringType"] = config["MonitoringType"]
    record = context.add(MONITORING_SCHEDULE, name, facts, tags.from_list(request.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    _plan(context, record, context.timeline.outcome(MONITORING_SCHEDULE, name))
    return {"MonitoringScheduleArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """DescribeMonitoringSchedule."""
    return _need(context, request["MonitoringScheduleName"]).facts


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """DeleteMonitoringSchedule."""
    record = _need(context, request["MonitoringScheduleName"])
    record.plan += 1
    context.records(MONITORING_SCHEDULE).remove(record)
    return {}


def _need(context: OperationContext, name: str) -> ResourceRecord:
    record = context.records(MONITORING_SCHEDULE).get(name)
    if record is None:
        raise service_errors.not_found(f"Could not find monitoring schedule {context.arn(MONITORING_SCHEDULE, name)}")
    return record


def _plan(context: OperationContext, record: ResourceRecord, outcome: Outcome) -> None:
    expression = record.facts["MonitoringScheduleConfig"].get("ScheduleConfig", {}).get("ScheduleExpression", "")
    every = HOUR if expression.startswith("cron(0 * ") else DAY

    def scheduled(at: float) -> None:
        record.facts["MonitoringScheduleStatus"] = "Scheduled"
        record.facts["LastModifiedTime"] = record.modified = at
        context.timeline.schedule(record, at + every, ran)

    def ran(at: float) -> None:
        record.facts["LastMonitoringExecutionSummary"] = {
            "MonitoringScheduleName": record.name,
            "ScheduledTime": at,
            "CreationTime": at,
            "LastModifiedTime": at,
            "MonitoringExecutionStatus": "CompletedWithViolations" if outcome.failure else "Completed",
            **({"FailureReason": outcome.failure} if outcome.failure else {}),
        }
        context.timeline.schedule(record, at + every, ran)

    context.timeline.schedule(record, record.created + context.timeline.durations.job_starting, scheduled)


def _endpoint(config: dict[str, Any]) -> str | None:
    """The endpoint that the schedule watches, if its definition names one."""
    for monitored in config["MonitoringJobDefinition"].get("MonitoringInputs", ()):
        name = monitored.get("EndpointInput", {}).get("EndpointName")
        if name:
            return str(name)
    return None
