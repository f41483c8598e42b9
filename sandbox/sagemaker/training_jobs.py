"""Training jobs: started, trained through their stages, ended, stopped."""

import math
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import job_inputs, tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import TRAINING_JOB, ResourceRecord
from sandbox.sagemaker.timeline import Outcome

MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading the training image",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Stopping": "Stopping the training job",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
}


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateTrainingJob request at once; the job is InProgress until Completed, Failed or Stopped."""
    name = request["TrainingJobName"]
    if context.records(TRAINING_JOB).get(name):
        raise service_errors.in_use(
            "Training job names must be unique within an AWS account and region, and a training job "
            f"with this name already exists ({context.arn(TRAINING_JOB, name)})"
        )
    _check(request)
    for channel in request.get("InputDataConfig", ()):
        job_inputs.require_input(context, channel["DataSource"], request["RoleArn"])
    context.quotas.check_instances(context.account_region, TRAINING_JOB, request)
    facts = {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        **validation.pick_fields(validation.answer_fields("DescribeTrainingJob"), request),
        "ModelArtifacts": {"S3ModelArtifacts": artifact_uri(request)},
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "SecondaryStatusTransitions": [],
    }
    record = context.add(TRAINING_JOB, name, facts, tags.from_list(request.get("Tags")))
    _enter(record, "Starting", record.created)
    _plan(context, record, context.timeline.outcome(TRAINING_JOB, name))
    return {"TrainingJobArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeTrainingJob request; a missing KmsKeyId is an empty text, which the SDK needs."""
    facts = require_job(context, request["TrainingJobName"]).facts
    return {**facts, "OutputDataConfig": {"KmsKeyId": "", **facts["OutputDataConfig"]}}


def stop(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StopTrainingJob request; a running job is Stopping, then Stopped, an ended one is refused."""
    record = require_job(context, request["TrainingJobName"])
    if record.status == "Stopping":
        return {}
    if record.status != "InProgress":
        raise service_errors.invalid(f"The request was rejected because the training job is in status {record.status}.")
    record.plan += 1
    record.facts["TrainingJobStatus"] = "Stopping"
    _enter(record, "Stopping", context.now)
    context.timeline.schedule(
        record, context.now + context.timeline.durations.stopping, lambda at: _end(record, "Stopped", at)
    )
    return {}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteTrainingJob request; the job must have ended, and its name is free again."""
    record = require_job(context, request["TrainingJobName"])
    if record.status in ("InProgress", "Stopping"):
        raise service_errors.in_use(f"Training job {record.arn} is in status {record.status} and cannot be deleted.")
    record.plan += 1
    context.records(TRAINING_JOB).remove(record)
    return {}


def require_job(context: OperationContext, name: str) -> ResourceRecord:
    """The job of this name.

    Raises:
        ServiceError: It does not exist.
    """
    record = context.records(TRAINING_JOB).get(name)
    if record is None:
        # Documented as ResourceNotFound, answered as ValidationException: aws/aws-sdk issue 165.
        raise service_errors.invalid("Requested resource not found.")
    return record


def artifact_uri(request: dict[str, Any]) -> str:
    """The URI of the artifact of a CreateTrainingJob request: below the output path, in a folder of its name."""
    output = request["OutputDataConfig"]
    folder = f"{output['S3OutputPath'].rstrip('/')}/{request['TrainingJobName']}/output"
    return f"{folder}/model/" if output.get("CompressionType") == "NONE" else f"{folder}/model.tar.gz"


def _check(request: OperationInput) -> None:
    algorithm = request.get("AlgorithmSpecification") or {}
    if request.get("ServerlessJobConfig"):
        return
    for field in ("AlgorithmSpecification", "ResourceConfig", "StoppingCondition"):
        if not request.get(field):
            raise service_errors.invalid(f"{field} is required for a training job that is not serverless.")
    if bool(algorithm.get("TrainingImage")) == bool(algorithm.get("AlgorithmName")):
        raise service_errors.invalid("Exactly one of TrainingImage or AlgorithmName must be specified.")
    if request.get("EnableManagedSpotTraining") and "MaxWaitTimeInSeconds" not in request["StoppingCondition"]:
        raise service_errors.invalid("MaxWaitTimeInSeconds must be specified when EnableManagedSpotTraining is true.")


def _plan(context: OperationContext, record: ResourceRecord, outcome: Outcome) -> None:
    durations = context.timeline.durations
    trains = durations.training if outcome.seconds is None else outcome.seconds
    longest = record.facts.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", trains)
    downloads = record.created + durations.job_starting
    begins = downloads + durations.job_downloading
    uploads = begins + min(trains, longest)
    ends = uploads + durations.uploading

    def download(at: float) -> None:
        record.facts["TrainingStartTime"] = at
        _enter(record, "Downloading", at)

    def end(at: float) -> None:
        if outcome.failure:
            record.facts["FailureReason"] = outcome.failure
            _end(record, "Failed", at)
            return
        record.facts["FinalMetricDataList"] = [
            {"MetricName": name, "Value": _spelled(value), "Timestamp": uploads}
            for name, value in outcome.metrics.items()
        ]
        # SageMaker stops a job after MaxRuntimeInSeconds, with this secondary status.
        _end(record, "Completed" if trains <= longest else "Stopped", at)
        if trains > longest:
            record.facts["SecondaryStatus"] = "MaxRuntimeExceeded"

    context.timeline.schedule(record, downloads, download)
    context.timeline.schedule(record, begins, lambda at: _enter(record, "Training", at))
    context.timeline.schedule(record, uploads, lambda at: _enter(record, "Uploading", at))
    context.timeline.schedule(record, ends, end)


def _spelled(value: float) -> float | str:
    """A number in the JSON protocol: `NaN`, `Infinity` and `-Infinity` are texts (smithy issue 812)."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"


def _enter(record: ResourceRecord, stage: str, at: float) -> None:
    transitions = record.facts["SecondaryStatusTransitions"]
    if transitions:
        transitions[-1]["EndTime"] = at
    transitions.append({"Status": stage, "StartTime": at, "StatusMessage": MESSAGES[stage]})
    record.facts["SecondaryStatus"] = stage
    record.facts["LastModifiedTime"] = record.modified = at


def _end(record: ResourceRecord, status: str, at: float) -> None:
    _enter(record, status, at)
    record.facts["SecondaryStatusTransitions"][-1]["EndTime"] = at
    if status == "Failed":
        record.facts["SecondaryStatusTransitions"][-1]["StatusMessage"] = record.facts["FailureReason"]
    record.facts["TrainingJobStatus"] = status
    record.facts["TrainingEndTime"] = at
    started = record.facts.get("TrainingStartTime")
    if started is not None:
        seconds = max(1, round(at - started))
        record.facts["TrainingTimeInSeconds"] = seconds
        # The billed time of a spot job, about a third, stands for its lower price.
        spot = record.facts.get("EnableManagedSpotTraining", False)
        record.facts["BillableTimeInSeconds"] = max(1, seconds // 3 if spot else seconds)
