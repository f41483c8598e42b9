"""Transform jobs: a model's answers to the objects under a prefix, written beside it as ``<key>.out``."""

from typing import Any

from sandbox import faults
from sandbox.sagemaker import inputs, shapes, tags
from sandbox.sagemaker.desk import Answer, Ask, Desk
from sandbox.sagemaker.life import Outcome
from sandbox.sagemaker.models import containers
from sandbox.sagemaker.store import MODEL, TRANSFORM_JOB, Record


def create(desk: Desk, ask: Ask) -> Answer:
    """CreateTransformJob: answers at once; the job is InProgress until it is Completed, Failed or Stopped."""
    name = ask["TransformJobName"]
    if desk.of(TRANSFORM_JOB).get(name):
        raise faults.in_use("Job name must be unique within an AWS account and region, and a job with this name "
                            f"already exists ({desk.arn(TRANSFORM_JOB, name)})")  # fmt: skip
    model = desk.need(MODEL, ask["ModelName"])
    if any(container.get("ModelDataSource") for container in containers(model.facts)):
        # "Currently you cannot use ModelDataSource in conjunction with SageMaker batch transform": the service model.
        raise faults.invalid(f"Model {model.arn} has a ModelDataSource, with which batch transform cannot be used.")
    inputs.need(desk, ask["TransformInput"]["DataSource"], model.facts.get("ExecutionRoleArn"))
    desk.quotas.check_instances(desk.place, TRANSFORM_JOB, ask)
    facts = shapes.only(shapes.answer_fields("DescribeTransformJob"), ask)
    facts["TransformJobStatus"] = "InProgress"
    record = desk.keep(TRANSFORM_JOB, name, facts, tags.from_list(ask.get("Tags")))
    _plan(desk, record, desk.life.outcome(TRANSFORM_JOB, name))
    return {"TransformJobArn": record.arn}


def describe(desk: Desk, ask: Ask) -> Answer:
    """DescribeTransformJob."""
    return need(desk, ask["TransformJobName"]).facts


def stop(desk: Desk, ask: Ask) -> Answer:
    """StopTransformJob: a job that runs is Stopping, then Stopped; one that has ended is refused."""
    name = ask["TransformJobName"]
    record = desk.of(TRANSFORM_JOB).get(name)
    if record is None:
        raise faults.not_found(f"Could not find job to update with name: {name}")
    if record.status == "Stopping":
        return {}
    if record.status != "InProgress":
        raise faults.invalid(f"The request was rejected because the transform job is in status {record.status}.")
    record.plan += 1
    _turn(record, "Stopping", desk.now)
    desk.life.later(record, desk.now + desk.life.pace.stopping, lambda at: _end(record, "Stopped", at))
    return {}


def need(desk: Desk, name: str) -> Record:
    """The job of this name."""
    record = desk.of(TRANSFORM_JOB).get(name)
    if record is None:
        raise faults.not_found(f"Could not find requested job with name: {name}")
    return record


def _plan(desk: Desk, record: Record, outcome: Outcome) -> None:
    pace = desk.life.pace
    begins = record.created + pace.job_starting
    ends = begins + (pace.transforming if outcome.seconds is None else outcome.seconds)

    def begin(at: float) -> None:
        record.facts["TransformStartTime"] = at
        record.modified = at

    def end(at: float) -> None:
        failure = outcome.failure or _transform(desk, record)
        if failure:
            record.facts["FailureReason"] = failure
        _end(record, "Failed" if failure else "Completed", at)

    desk.life.later(record, begins, begin)
    desk.life.later(record, ends, end)


def _turn(record: Record, status: str, at: float) -> None:
    record.facts["TransformJobStatus"] = status
    record.modified = at


def _end(record: Record, status: str, at: float) -> None:
    _turn(record, status, at)
    record.facts["TransformEndTime"] = at


def _transform(desk: Desk, record: Record) -> str | None:
    """Write an output object for each input object; gives the FailureReason where that is impossible.

    A container that the sandbox cannot run answers each line with a number made of it and the model's name, so that
    the same input gives the same output, and another input another.
    """
    target = record.facts["TransformOutput"]["S3OutputPath"].rstrip("/")
    source = record.facts["TransformInput"]["DataSource"]["S3DataSource"]
    for uri, name in inputs.named(desk.objects, source).items():
        content = desk.objects.read(uri)
        if content is None:
            return f"ClientError: {uri} given in the manifest does not exist"
        try:
            # An output object is named after its input, with .out appended (TransformOutput.S3OutputPath).
            desk.objects.write(f"{target}/{name}.out", answers(content, record.facts))
        except KeyError as missing:
            return f"ClientError: The specified bucket does not exist: {missing.args[0]}"
    return None


def answers(content: bytes, facts: dict[str, Any]) -> bytes:
    """What the sandbox's stand-in for a model says to an input: one line for each."""
    lines = content.decode("utf-8", "replace").splitlines() or [""]
    scored = [f"{_score(line, facts['ModelName']):.6f}" for line in lines]
    if facts.get("DataProcessing", {}).get("JoinSource") == "Input":
        scored = [f"{line},{score}" for line, score in zip(lines, scored, strict=True)]
    return ("\n".join(scored) + "\n").encode()


def _score(line: str, model: str) -> float:
    number = 0
    for char in f"{model}\n{line}":
        number = (number * 31 + ord(char)) % 1_000_003
    return number / 1_000_003
