"""Training jobs: started, trained through their stages, ended, stopped."""

from typing import Any

from sandbox import faults
from sandbox.sagemaker import inputs, shapes, tags
from sandbox.sagemaker.desk import Answer, Ask, Desk
from sandbox.sagemaker.life import Outcome
from sandbox.sagemaker.store import TRAINING_JOB, Record

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


def create(desk: Desk, ask: Ask) -> Answer:
    """CreateTrainingJob: answers at once; the job is InProgress until it is Completed, Failed or Stopped."""
    name = ask["TrainingJobName"]
    if desk.of(TRAINING_JOB).get(name):
        raise faults.in_use("Training job names must be unique within an AWS account and region, and a training job "
                            f"with this name already exists ({desk.arn(TRAINING_JOB, name)})")  # fmt: skip
    _check(ask)
    for channel in ask.get("InputDataConfig", ()):
        inputs.need(desk, channel["DataSource"], ask["RoleArn"])
    desk.quotas.check_instances(desk.place, TRAINING_JOB, ask)
    facts = {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        **shapes.only(shapes.answer_fields("DescribeTrainingJob"), ask),
        "ModelArtifacts": {"S3ModelArtifacts": artifacts(ask)},
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "SecondaryStatusTransitions": [],
    }
    record = desk.keep(TRAINING_JOB, name, facts, tags.from_list(ask.get("Tags")))
    _enter(record, "Starting", record.created)
    _plan(desk, record, desk.life.outcome(TRAINING_JOB, name))
    return {"TrainingJobArn": record.arn}


def describe(desk: Desk, ask: Ask) -> Answer:
    """DescribeTrainingJob."""
    return need(desk, ask["TrainingJobName"]).facts


def stop(desk: Desk, ask: Ask) -> Answer:
    """StopTrainingJob: a job that runs is Stopping, then Stopped; one that has ended is refused."""
    record = need(desk, ask["TrainingJobName"])
    if record.status == "Stopping":
        return {}
    if record.status != "InProgress":
        raise faults.invalid(f"The request was rejected because the training job is in status {record.status}.")
    record.plan += 1
    record.facts["TrainingJobStatus"] = "Stopping"
    _enter(record, "Stopping", desk.now)
    desk.life.later(record, desk.now + desk.life.pace.stopping, lambda at: _end(record, "Stopped", at))
    return {}


def delete(desk: Desk, ask: Ask) -> Answer:
    """DeleteTrainingJob: one that has ended goes, and its name is free again."""
    record = need(desk, ask["TrainingJobName"])
    if record.status in ("InProgress", "Stopping"):
        raise faults.in_use(f"Training job {record.arn} is in status {record.status} and cannot be deleted.")
    record.plan += 1
    desk.of(TRAINING_JOB).remove(record)
    return {}


def need(desk: Desk, name: str) -> Record:
    """The job of this name."""
    record = desk.of(TRAINING_JOB).get(name)
    if record is None:
        # Documented as ResourceNotFound, answered as ValidationException: aws/aws-sdk issue 165.
        raise faults.invalid("Requested resource not found.")
    return record


def artifacts(ask: dict[str, Any]) -> str:
    """Where a job leaves its model: under the output path, in a folder of the job's name."""
    output = ask["OutputDataConfig"]
    folder = f"{output['S3OutputPath'].rstrip('/')}/{ask['TrainingJobName']}/output"
    return f"{folder}/model/" if output.get("CompressionType") == "NONE" else f"{folder}/model.tar.gz"


def _check(ask: Ask) -> None:
    algorithm = ask.get("AlgorithmSpecification") or {}
    if ask.get("ServerlessJobConfig"):
        return
    for field in ("AlgorithmSpecification", "ResourceConfig", "StoppingCondition"):
        if not ask.get(field):
            raise faults.invalid(f"{field} is required for a training job that is not serverless.")
    if bool(algorithm.get("TrainingImage")) == bool(algorithm.get("AlgorithmName")):
        raise faults.invalid("Exactly one of TrainingImage or AlgorithmName must be specified.")
    if ask.get("EnableManagedSpotTraining") and "MaxWaitTimeInSeconds" not in ask["StoppingCondition"]:
        raise faults.invalid("MaxWaitTimeInSeconds must be specified when EnableManagedSpotTraining is true.")


def _plan(desk: Desk, record: Record, outcome: Outcome) -> None:
    pace = desk.life.pace
    trains = pace.training if outcome.seconds is None else outcome.seconds
    longest = record.facts.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", trains)
    downloads = record.created + pace.job_starting
    begins = downloads + pace.job_downloading
    uploads = begins + min(trains, longest)
    ends = uploads + pace.uploading

    def download(at: float) -> None:
        record.facts["TrainingStartTime"] = at
        _enter(record, "Downloading", at)

    def end(at: float) -> None:
        if outcome.failure:
            record.facts["FailureReason"] = outcome.failure
            _end(record, "Failed", at)
            return
        record.facts["FinalMetricDataList"] = [
            {"MetricName": name, "Value": value, "Timestamp": uploads} for name, value in outcome.metrics.items()
        ]
        # A job that runs longer than it may is stopped, with a secondary status that says so.
        _end(record, "Completed" if trains <= longest else "Stopped", at)
        if trains > longest:
            record.facts["SecondaryStatus"] = "MaxRuntimeExceeded"

    desk.life.later(record, downloads, download)
    desk.life.later(record, begins, lambda at: _enter(record, "Training", at))
    desk.life.later(record, uploads, lambda at: _enter(record, "Uploading", at))
    desk.life.later(record, ends, end)


def _enter(record: Record, stage: str, at: float) -> None:
    transitions = record.facts["SecondaryStatusTransitions"]
    if transitions:
        transitions[-1]["EndTime"] = at
    transitions.append({"Status": stage, "StartTime": at, "StatusMessage": MESSAGES[stage]})
    record.facts["SecondaryStatus"] = stage
    record.facts["LastModifiedTime"] = record.modified = at


def _end(record: Record, status: str, at: float) -> None:
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
        # Spot instances cost about a third; what is billed is what Describe tells.
        spot = record.facts.get("EnableManagedSpotTraining", False)
        record.facts["BillableTimeInSeconds"] = max(1, seconds // 3 if spot else seconds)
