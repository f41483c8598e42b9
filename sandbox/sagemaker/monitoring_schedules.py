"""Monitoring schedules: created, run by the hour or the day, described, listed, deleted."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.lists import DEFAULT_PAGE
from sandbox.sagemaker.store import ENDPOINT, MONITORING_SCHEDULE, PROCESSING_JOB, ResourceRecord
from sandbox.sagemaker.timeline import Outcome

HOUR, DAY = 3_600.0, 86_400.0
_WATCHED = ("EndpointName", "MonitoringType")
_LIST_MEMBERS = {
    "MonitoringScheduleName",
    "EndpointName",
    "SortBy",
    "SortOrder",
    "NextToken",
    "MaxResults",
    "ScheduledTimeBefore",
}


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateMonitoringSchedule request; the schedule is Pending at first, Scheduled soon after."""
    name = request["MonitoringScheduleName"]
    if context.records(MONITORING_SCHEDULE).get(name):
        raise service_errors.in_use(f"Monitoring Schedule {context.arn(MONITORING_SCHEDULE, name)} already exists.")
    config = _checked_config(request["MonitoringScheduleConfig"])
    facts = {"MonitoringScheduleStatus": "Pending", "MonitoringScheduleConfig": config, **_watched(context, config)}
    record = context.add(MONITORING_SCHEDULE, name, facts, tags.from_list(request.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    _plan(context, record, context.timeline.outcome(MONITORING_SCHEDULE, name))
    return {"MonitoringScheduleArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeMonitoringSchedule request."""
    return _need(context, request["MonitoringScheduleName"]).facts


def update(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdateMonitoringSchedule request; the runs are planned anew by the new configuration."""
    record = _need(context, request["MonitoringScheduleName"])
    config = _checked_config(request["MonitoringScheduleConfig"])
    watched = _watched(context, config)
    record.plan += 1
    for name in _WATCHED:
        record.facts.pop(name, None)
    record.facts |= {"MonitoringScheduleConfig": config, **watched}
    _set_status(record, "Pending", context.now)
    _plan(context, record, context.timeline.outcome(MONITORING_SCHEDULE, record.name))
    return {"MonitoringScheduleArn": record.arn}


def stop(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StopMonitoringSchedule request: no further runs until the schedule is started again."""
    record = _need(context, request["MonitoringScheduleName"])
    record.plan += 1
    _set_status(record, "Stopped", context.now)
    return {}


def start(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StartMonitoringSchedule request, which has an effect on a stopped schedule only."""
    record = _need(context, request["MonitoringScheduleName"])
    if record.status == "Stopped":
        _set_status(record, "Pending", context.now)
        _plan(context, record, context.timeline.outcome(MONITORING_SCHEDULE, record.name))
    return {}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteMonitoringSchedule request."""
    record = _need(context, request["MonitoringScheduleName"])
    record.plan += 1
    context.records(MONITORING_SCHEDULE).remove(record)
    return {}


def list_executions(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListMonitoringExecutions request: the runs of one schedule, or of all.

    A run names a processing job, which does not exist in the sandbox.
    """
    if unknown := request.keys() - _LIST_MEMBERS:
        raise service_errors.not_in_sandbox(f"ListMonitoringExecutions with {', '.join(sorted(unknown))}")
    runs = [run for record in context.records(MONITORING_SCHEDULE) for run in record.runs if _is_wanted(run, request)]
    runs.sort(key=lambda run: (run["ScheduledTime"], run["MonitoringScheduleName"]))
    if request.get("SortOrder", "Descending") == "Descending":
        runs.reverse()
    begin, number = map(int, request.get("NextToken", "0:0").split(":"))
    size = request.get("MaxResults", DEFAULT_PAGE)
    end = begin + (size if context.max_rows is None else min(size, context.max_rows))
    # The number distinguishes the token of an empty page from the token before it.
    token = {"NextToken": f"{end}:{number + 1}"} if end < len(runs) else {}
    return {"MonitoringExecutionSummaries": runs[begin:end], **token}


def _is_wanted(run: dict[str, Any], request: OperationInput) -> bool:
    names = ("MonitoringScheduleName", "EndpointName")
    if any(name in request and run.get(name) != request[name] for name in names):
        return False
    return bool(run["ScheduledTime"] < request.get("ScheduledTimeBefore", float("inf")))


def _need(context: OperationContext, name: str) -> ResourceRecord:
    record = context.records(MONITORING_SCHEDULE).get(name)
    if record is None:
        raise service_errors.not_found(f"Could not find monitoring schedule {context.arn(MONITORING_SCHEDULE, name)}")
    return record


def _checked_config(config: dict[str, Any]) -> dict[str, Any]:
    if "MonitoringJobDefinition" not in config:
        raise service_errors.not_in_sandbox(
            "monitoring job definitions by name; give MonitoringJobDefinition, not its name"
        )
    return config


def _watched(context: OperationContext, config: dict[str, Any]) -> dict[str, Any]:
    """The endpoint (which must exist) and the type of monitoring, if the configuration names them."""
    endpoint = _endpoint(config)
    return {
        **({"EndpointName": context.require(ENDPOINT, endpoint).name} if endpoint else {}),
        **({"MonitoringType": config["MonitoringType"]} if "MonitoringType" in config else {}),
    }


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["MonitoringScheduleStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at


def _plan(context: OperationContext, record: ResourceRecord, outcome: Outcome) -> None:
    expression = record.facts["MonitoringScheduleConfig"].get("ScheduleConfig", {}).get("ScheduleExpression", "")
    every = HOUR if expression.startswith("cron(0 * ") else DAY

    def scheduled(at: float) -> None:
        _set_status(record, "Scheduled", at)
        context.timeline.schedule(record, at + every, ran)

    def ran(at: float) -> None:
        word = record.facts.get("MonitoringType", "DataQuality").lower()
        job = context.arn(PROCESSING_JOB, f"model-monitoring-{record.name}-{word}-{at:.0f}"[:63])
        run = record.facts["LastMonitoringExecutionSummary"] = {
            "MonitoringScheduleName": record.name,
            "ScheduledTime": at,
            "CreationTime": at,
            "LastModifiedTime": at,
            "MonitoringExecutionStatus": "CompletedWithViolations" if outcome.failure else "Completed",
            "ProcessingJobArn": job,
            **{name: record.facts[name] for name in _WATCHED if name in record.facts},
            **({"FailureReason": outcome.failure} if outcome.failure else {}),
        }
        record.runs.append(run)
        context.timeline.schedule(record, at + every, ran)

    context.timeline.schedule(record, context.now + context.timeline.durations.job_starting, scheduled)


def _endpoint(config: dict[str, Any]) -> str | None:
    """The endpoint that a definition watches, if it names one."""
    for monitored in config["MonitoringJobDefinition"].get("MonitoringInputs", ()):
        name = monitored.get("EndpointInput", {}).get("EndpointName")
        if name:
            return str(name)
    return None
