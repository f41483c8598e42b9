"""Transform jobs: a model's predictions for the objects under a prefix, written as ``<key>.out``."""

from functools import lru_cache
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import job_inputs, tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.models import containers
from sandbox.sagemaker.store import MODEL, TRANSFORM_JOB, ResourceRecord
from sandbox.sagemaker.timeline import Outcome


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateTransformJob request at once; the job is InProgress until Completed, Failed or Stopped."""
    name = request["TransformJobName"]
    if context.records(TRANSFORM_JOB).get(name):
        raise service_errors.in_use(
            "Job name must be unique within an AWS account and region, and a job with this name "
            f"already exists ({context.arn(TRANSFORM_JOB, name)})"
        )
    model = context.require(MODEL, request["ModelName"])
    if any(container.get("ModelDataSource") for container in containers(model.facts)):
        # "Currently you cannot use ModelDataSource in conjunction with SageMaker batch transform": the service model.
        raise service_errors.invalid(
            f"Model {model.arn} has a ModelDataSource, with which batch transform cannot be used."
        )
    job_inputs.require_input(context, request["TransformInput"]["DataSource"], model.facts.get("ExecutionRoleArn"))
    context.quotas.check_instances(context.account_region, TRANSFORM_JOB, request)
    facts = validation.pick_fields(validation.answer_fields("DescribeTransformJob"), request)
    facts["TransformJobStatus"] = "InProgress"
    record = context.add(TRANSFORM_JOB, name, facts, tags.from_list(request.get("Tags")))
    _plan(context, record, context.timeline.outcome(TRANSFORM_JOB, name))
    return {"TransformJobArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeTransformJob request, with the defaults of missing members."""
    facts = dict(require_job(context, request["TransformJobName"]).facts)
    facts["TransformInput"] = {"CompressionType": "None", "SplitType": "None", **facts["TransformInput"]}
    facts["TransformOutput"] = {"AssembleWith": "None", "KmsKeyId": "", **facts["TransformOutput"]}
    return facts


def stop(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StopTransformJob request; a running job is Stopping, then Stopped, an ended one is refused."""
    name = request["TransformJobName"]
    record = context.records(TRANSFORM_JOB).get(name)
    if record is None:
        raise service_errors.invalid(f"Could not find job to update with name: {name}")
    if record.status == "Stopping":
        return {}
    if record.status != "InProgress":
        raise service_errors.invalid(
            f"The request was rejected because the transform job is in status {record.status}."
        )
    record.plan += 1
    _set_status(record, "Stopping", context.now)
    context.timeline.schedule(
        record, context.now + context.timeline.durations.stopping, lambda at: _end(record, "Stopped", at)
    )
    return {}


def require_job(context: OperationContext, name: str) -> ResourceRecord:
    """The job of this name.

    Raises:
        ServiceError: It does not exist.
    """
    record = context.records(TRANSFORM_JOB).get(name)
    if record is None:
        # Documented as ResourceNotFound; Airflow's operator and moto take a ValidationException.
        raise service_errors.invalid(f"Could not find requested job with name: {name}")
    return record


def _plan(context: OperationContext, record: ResourceRecord, outcome: Outcome) -> None:
    durations = context.timeline.durations
    begins = record.created + durations.job_starting
    ends = begins + (durations.transforming if outcome.seconds is None else outcome.seconds)

    def begin(at: float) -> None:
        record.facts["TransformStartTime"] = at
        record.modified = at

    def end(at: float) -> None:
        failure = outcome.failure or _transform(context, record)
        if failure:
            record.facts["FailureReason"] = failure
        _end(record, "Failed" if failure else "Completed", at)

    context.timeline.schedule(record, begins, begin)
    context.timeline.schedule(record, ends, end)


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["TransformJobStatus"] = status
    record.modified = at


def _end(record: ResourceRecord, status: str, at: float) -> None:
    _set_status(record, status, at)
    record.facts["TransformEndTime"] = at


def _transform(context: OperationContext, record: ResourceRecord) -> str | None:
    """Write an output object for each input object; gives the FailureReason if that is impossible.

    The sandbox cannot run containers. The prediction for a line is a number made of the line and the model's name, so
    that equal inputs have equal outputs, and different inputs different ones.
    """
    target = record.facts["TransformOutput"]["S3OutputPath"].rstrip("/")
    source = record.facts["TransformInput"]["DataSource"]["S3DataSource"]
    for uri, name in job_inputs.relative_names(context.objects, source).items():
        content = context.objects.read(uri)
        if content is None:
            return f"ClientError: {uri} given in the manifest does not exist"
        try:
            # An output object is named after its input, with .out appended (TransformOutput.S3OutputPath).
            context.objects.write(f"{target}/{name}.out", fake_predictions(content, record.facts))
        except KeyError as missing:
            return f"ClientError: The specified bucket does not exist: {missing.args[0]}"
    return None


def fake_predictions(content: bytes, facts: dict[str, Any]) -> bytes:
    """The predictions of the sandbox's stand-in model for the content of an input object: one line per line.

    Args:
        content: Text in UTF-8.
        facts: Describe's members of the job.
    """
    lines = content.decode("utf-8", "replace").splitlines() or [""]
    scored = [f"{_score(line, facts['ModelName']):.6f}" for line in lines]
    if facts.get("DataProcessing", {}).get("JoinSource") == "Input":
        scored = [f"{line},{score}" for line, score in zip(lines, scored, strict=True)]
    return ("\n".join(scored) + "\n").encode()


@lru_cache(maxsize=4096)
def _score(line: str, model: str) -> float:
    number = 0
    for char in f"{model}\n{line}":
        number = (number * 31 + ord(char)) % 1_000_003
    return number / 1_000_003
