"""Hyper-parameter tuning jobs: each runs training jobs, several at once, until MaxNumberOfTrainingJobs have ended."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import lists, tags, training_jobs, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import TRAINING_JOB, TUNING_JOB, ResourceRecord

TICK = 30.0
"""Seconds between two looks of a tuning job at its training jobs."""
_ENDED = ("Completed", "Failed", "Stopped")


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateHyperParameterTuningJob request at once; the first training jobs start with it."""
    name = request["HyperParameterTuningJobName"]
    if context.records(TUNING_JOB).get(name):
        raise service_errors.in_use(f"Tuning job {context.arn(TUNING_JOB, name)} already exists.")
    if bool(request.get("TrainingJobDefinition")) == bool(request.get("TrainingJobDefinitions")):
        raise service_errors.invalid(
            "Exactly one of TrainingJobDefinition or TrainingJobDefinitions must be specified."
        )
    facts = validation.pick_fields(validation.answer_fields("DescribeHyperParameterTuningJob"), request)
    facts |= {
        "HyperParameterTuningJobStatus": "InProgress",
        "Strategy": request["HyperParameterTuningJobConfig"]["Strategy"],
    }
    record = context.add(TUNING_JOB, name, facts, tags.from_list(request.get("Tags")))
    _look(context, record, record.created)
    return {"HyperParameterTuningJobArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeHyperParameterTuningJob request, with the counts and the best of the training jobs."""
    record = require_job(context, request["HyperParameterTuningJobName"])
    facts = {key: value for key, value in record.facts.items() if key != "Strategy"}
    best = _best(context, record)
    return facts | _counters(context, record) | ({"BestTrainingJob": _summary(record, best)} if best else {})


def list_jobs(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListHyperParameterTuningJobs request; each row has the counts of its training jobs."""
    answer = lists.page(context, TUNING_JOB, request)
    for row in answer[TUNING_JOB.listing]:
        row.update(_counters(context, require_job(context, row["HyperParameterTuningJobName"])))
    return answer


def list_training_jobs(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListTrainingJobsForHyperParameterTuningJob request."""
    record = require_job(context, request["HyperParameterTuningJobName"])
    answer = lists.page(context, TRAINING_JOB, request, passes=lambda job: job.facts.get("TuningJobArn") == record.arn)
    jobs = context.records(TRAINING_JOB)
    rows = [jobs.get(row["TrainingJobName"]) for row in answer[TRAINING_JOB.listing]]
    return answer | {TRAINING_JOB.listing: [_summary(record, job) for job in rows if job]}


def stop(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StopHyperParameterTuningJob request, which stops its training jobs too."""
    record = require_job(context, request["HyperParameterTuningJobName"])
    if record.status != "InProgress":
        raise service_errors.invalid(f"The request was rejected because the tuning job is in status {record.status}.")
    for job in _jobs(context, record):
        if job.status == "InProgress":
            training_jobs.stop(context, {"TrainingJobName": job.name})
    record.plan += 1
    _set_status(record, "Stopping", context.now)
    due = context.now + context.timeline.durations.stopping
    context.timeline.schedule(record, due, lambda at: _end(record, "Stopped", at))
    return {}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteHyperParameterTuningJob request; training jobs stay, and an unknown name is no error."""
    record = context.records(TUNING_JOB).get(request["HyperParameterTuningJobName"])
    if record is not None:
        record.plan += 1
        context.records(TUNING_JOB).remove(record)
    return {}


def require_job(context: OperationContext, name: str) -> ResourceRecord:
    """The job of this name.

    Raises:
        ServiceError: It does not exist.
    """
    record = context.records(TUNING_JOB).get(name)
    if record is None:
        raise service_errors.not_found(f"Could not find tuning job: {name}")
    return record


def training_job_name(arn: str, name: str, number: int) -> str:
    """The name of a training job of a tuning job.

    Args:
        arn: The tuning job's ARN, which makes the suffix unique.
        name: The tuning job's name.
        number: Its number, from 1.
    """
    return f"{name}-{number:03d}-{hashlib.sha256(f'{arn} {number}'.encode()).hexdigest()[:8]}"


def _look(context: OperationContext, record: ResourceRecord, at: float) -> None:
    """Start as many training jobs as may run at once; end once MaxNumberOfTrainingJobs have ended."""
    limits = record.facts["HyperParameterTuningJobConfig"]["ResourceLimits"]
    jobs = _jobs(context, record)
    most = limits.get("MaxNumberOfTrainingJobs", limits["MaxParallelTrainingJobs"])
    running = sum(job.status not in _ENDED for job in jobs)
    for number in range(len(jobs) + 1, min(most, len(jobs) + limits["MaxParallelTrainingJobs"] - running) + 1):
        _start(context.at(at), record, number)
        running += 1
    if running or len(jobs) < most:
        context.timeline.schedule(record, at + TICK, lambda later: _look(context, record, later))
        return
    is_failed = all(job.status == "Failed" for job in jobs)
    if is_failed:
        record.facts["FailureReason"] = "All training jobs of the tuning job have failed."
    _end(record, "Failed" if is_failed else "Completed", at)


def _start(context: OperationContext, record: ResourceRecord, number: int) -> None:
    """Start one training job: its name begins with the tuning job's, and Describe shows the tuning job's ARN."""
    single = record.facts.get("TrainingJobDefinition")
    definitions = [single] if single else record.facts["TrainingJobDefinitions"]
    definition = definitions[(number - 1) % len(definitions)]
    name = training_job_name(record.arn, record.name, number)
    request = validation.pick_fields(validation.answer_fields("DescribeTrainingJob"), definition)
    algorithm = {key: item for key, item in definition["AlgorithmSpecification"].items() if key != "MetricDefinitions"}
    values = {**definition.get("StaticHyperParameters", {}), "_tuning_objective_metric": _metric(record)[0]}
    resources = definition.get("ResourceConfig") or definition.get("HyperParameterTuningResourceConfig")
    training_jobs.create(
        context,
        request
        | {
            "TrainingJobName": name,
            "AlgorithmSpecification": algorithm,
            "HyperParameters": values,
            "ResourceConfig": resources,
        },
    )
    job = training_jobs.require_job(context, name)
    job.facts["TuningJobArn"] = record.arn


def _jobs(context: OperationContext, record: ResourceRecord) -> Sequence[ResourceRecord]:
    return [job for job in context.records(TRAINING_JOB) if job.facts.get("TuningJobArn") == record.arn]


def _metric(record: ResourceRecord) -> tuple[str, str]:
    """The name of the objective metric, and its type (Maximize or Minimize)."""
    config = record.facts["HyperParameterTuningJobConfig"]
    definition = record.facts.get("TrainingJobDefinition") or record.facts["TrainingJobDefinitions"][0]
    objective = config.get("HyperParameterTuningJobObjective") or definition.get("TuningObjective") or {}
    return objective.get("MetricName", "objective"), objective.get("Type", "Maximize")


def _value(record: ResourceRecord, job: ResourceRecord) -> float | None:
    name = _metric(record)[0]
    values = {metric["MetricName"]: metric["Value"] for metric in job.facts.get("FinalMetricDataList", ())}
    return values.get(name)


def _best(context: OperationContext, record: ResourceRecord) -> ResourceRecord | None:
    rated = [(value, job) for job in _jobs(context, record) if (value := _value(record, job)) is not None]
    if not rated:
        return None
    choose = max if _metric(record)[1] == "Maximize" else min
    return choose(rated, key=lambda pair: pair[0])[1]


def _summary(record: ResourceRecord, job: ResourceRecord) -> dict[str, Any]:
    fields = ("CreationTime", "TrainingStartTime", "TrainingEndTime", "TrainingJobStatus", "FailureReason")
    row = {key: job.facts[key] for key in fields if key in job.facts}
    row |= {"TrainingJobName": job.name, "TrainingJobArn": job.arn, "TunedHyperParameters": {}}
    value, (name, kind) = _value(record, job), _metric(record)
    if value is not None:
        row["FinalHyperParameterTuningJobObjectiveMetric"] = {"Type": kind, "MetricName": name, "Value": value}
    return row


def _counters(context: OperationContext, record: ResourceRecord) -> dict[str, Any]:
    states = [job.status for job in _jobs(context, record)]
    done, failed = states.count("Completed"), states.count("Failed")
    return {
        "TrainingJobStatusCounters": {
            "Completed": done,
            "InProgress": len(states) - done - failed - states.count("Stopped"),
            "RetryableError": 0,
            "NonRetryableError": failed,
            "Stopped": states.count("Stopped"),
        },
        "ObjectiveStatusCounters": {"Succeeded": done, "Pending": len(states) - done - failed, "Failed": failed},
    }


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["HyperParameterTuningJobStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at


def _end(record: ResourceRecord, status: str, at: float) -> None:
    _set_status(record, status, at)
    record.facts["HyperParameterTuningEndTime"] = at
