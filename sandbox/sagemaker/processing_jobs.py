"""Processing jobs: started, run, ended, stopped. They write no outputs."""

from sandbox import service_errors
from sandbox.sagemaker import tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import PROCESSING_JOB, ResourceRecord
from sandbox.sagemaker.timeline import Outcome


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateProcessingJob request at once; the job is InProgress until Completed, Failed or Stopped."""
    name = request["ProcessingJobName"]
    if context.records(PROCESSING_JOB).get(name):
        raise service_errors.in_use(
            "Job name must be unique within an AWS account and region, and a job with this name already exists "
            f"({context.arn(PROCESSING_JOB, name)})"
        )
    facts = validation.pick_fields(validation.answer_fields("DescribeProcessingJob"), request)
    facts["ProcessingJobStatus"] = "InProgress"
    record = context.add(PROCESSING_JOB, name, facts, tags.from_list(request.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    _plan(context, record, context.timeline.outcome(PROCESSING_JOB, name))
    return {"ProcessingJobArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeProcessingJob request."""
    return require_job(context, request["ProcessingJobName"]).facts


def stop(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StopProcessingJob request; a running job is Stopping, then Stopped, an ended one stays as it is."""
    record = require_job(context, request["ProcessingJobName"])
    if record.status != "InProgress":
        return {}
    record.plan += 1
    _set_status(record, "Stopping", context.now)
    due = context.now + context.timeline.durations.stopping
    context.timeline.schedule(record, due, lambda at: _end(record, "Stopped", at))
    return {}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteProcessingJob request; the job must have ended, and its name is free again."""
    record = require_job(context, request["ProcessingJobName"])
    if record.status in ("InProgress", "Stopping"):
        raise service_errors.in_use(f"Processing job {record.arn} is in status {record.status} and cannot be deleted.")
    context.records(PROCESSING_JOB).remove(record)
    return {}


def require_job(context: OperationContext, name: str) -> ResourceRecord:
    """The job of this name.

    Raises:
        ServiceError: It does not exist.
    """
    record = context.records(PROCESSING_JOB).get(name)
    if record is None:
        # Documented as ResourceNotFound; moto, whose users' code takes it so, answers as other jobs are answered for.
        raise service_errors.invalid(f"Could not find requested job with name: {name}")
    return record


def _plan(context: OperationContext, record: ResourceRecord, outcome: Outcome) -> None:
    durations = context.timeline.durations
    begins = record.created + durations.job_starting
    ends = begins + (durations.processing if outcome.seconds is None else outcome.seconds)

    def begin(at: float) -> None:
        record.facts["ProcessingStartTime"] = at
        _set_status(record, "InProgress", at)

    def end(at: float) -> None:
        if outcome.failure:
            # "A string, up to one KB in size, that contains the reason a processing job failed"; the container's own
            # words are ExitMessage (service model).
            record.facts |= {"FailureReason": outcome.failure, "ExitMessage": outcome.failure}
        _end(record, "Failed" if outcome.failure else "Completed", at)

    context.timeline.schedule(record, begins, begin)
    context.timeline.schedule(record, ends, end)


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["ProcessingJobStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at


def _end(record: ResourceRecord, status: str, at: float) -> None:
    _set_status(record, status, at)
    record.facts["ProcessingEndTime"] = at
