"""Executions of pipelines: a step begins once the steps on which it depends have succeeded.

Steps of jobs (`Training`, `Processing`, `Transform`, `Tuning`), `Model` and `RegisterModel` call SageMaker's own
operations with their `Arguments` (the pipeline definition's schema 2020-12-01); any other type succeeds at once.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import (
    lists,
    model_packages,
    models,
    pipelines,
    processing_jobs,
    tags,
    training_jobs,
    transform_jobs,
    tuning_jobs,
    validation,
)
from sandbox.sagemaker.context import Handler, OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import PIPELINE_EXECUTION, ResourceRecord

EXECUTING = "Executing"
TICK = 30.0
"""Seconds between two looks of an execution at its steps."""


@dataclass(frozen=True)
class _StepType:
    """A type of steps: its metadata's member, the operations that make and describe its job, and the job's names."""

    member: str
    create: Handler
    prefix: str
    describe: Handler | None
    longest_name: int = 63


_TYPES: Mapping[str, _StepType] = {
    "Training": _StepType("TrainingJob", training_jobs.create, "TrainingJob", training_jobs.describe),
    "Processing": _StepType("ProcessingJob", processing_jobs.create, "ProcessingJob", processing_jobs.describe),
    "Transform": _StepType("TransformJob", transform_jobs.create, "TransformJob", transform_jobs.describe),
    "Tuning": _StepType("TuningJob", tuning_jobs.create, "HyperParameterTuningJob", tuning_jobs.describe, 32),
    "Model": _StepType("Model", models.create, "Model", None),
    "RegisterModel": _StepType("RegisterModel", model_packages.create, "ModelPackage", None),
}
_WITH_EXPERIMENT = ("Training", "Processing", "Transform")
_GIVEN = ("PipelineExecutionDisplayName", "PipelineExecutionDescription")
_JOB_STATES = {"Completed": "Succeeded", "Failed": "Failed", "Stopped": "Stopped"}


def start(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StartPipelineExecution request at once; steps without dependencies begin with it."""
    pipeline = pipelines.require_pipeline(context, request["PipelineName"])
    number = sum(record.name.startswith(f"{pipeline.name}/") for record in context.records(PIPELINE_EXECUTION)) + 1
    execution = execution_id(pipeline.arn, number)
    text = pipeline.facts["PipelineDefinition"]
    requested = {item["Name"]: item["Value"] for item in request.get("PipelineParameters", ())}
    defaults = {item["Name"]: item.get("DefaultValue") for item in json.loads(text).get("Parameters", ())}
    facts: dict[str, Any] = {
        "PipelineArn": pipeline.arn,
        "PipelineExecutionStatus": EXECUTING,
        "StartTime": context.now,
    }
    facts |= {key: request[key] for key in _GIVEN if key in request}
    record = context.add(PIPELINE_EXECUTION, f"{pipeline.name}/execution/{execution}", facts, {})
    record.facts["PipelineExecutionArn"] = record.arn
    record.state = _RunningExecution(pipeline.name, execution, text, {**defaults, **requested})
    _look(context, record, record.created)
    return {"PipelineExecutionArn": record.arn}


def stop(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a StopPipelineExecution request: no further steps begin; an execution that has ended is refused."""
    record = _execution(context, request["PipelineExecutionArn"])
    if record.status != EXECUTING:
        # Airflow's SageMaker hook tells this refusal from others by these words.
        raise service_errors.invalid(
            f"Pipeline execution {record.arn} is {record.status}. "
            "Only pipelines with 'Executing' status can be stopped."
        )
    record.plan += 1
    _set_status(record, "Stopped", context.now)
    return {"PipelineExecutionArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribePipelineExecution request, with the time of creation and without that of the start."""
    facts = _execution(context, request["PipelineExecutionArn"]).facts
    return validation.pick_fields(validation.answer_fields("DescribePipelineExecution"), facts)


def list_executions(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListPipelineExecutions request; a row has the time of the start, and not of the creation."""
    pipeline = pipelines.require_pipeline(context, request["PipelineName"])
    answer = lists.page(
        context,
        PIPELINE_EXECUTION,
        pipelines.with_usual_bounds(request),
        passes=lambda record: record.facts["PipelineArn"] == pipeline.arn,
    )
    fields = validation.shape_fields("PipelineExecutionSummary")
    for row in answer[PIPELINE_EXECUTION.listing]:
        reason = {"PipelineExecutionFailureReason": row["FailureReason"]} if "FailureReason" in row else {}
        kept = validation.pick_fields(fields, row | reason)
        row.clear()
        row.update(kept)
    return answer


def list_steps(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListPipelineExecutionSteps request: all steps that have begun, in order, on one page."""
    steps = list(_execution(context, request["PipelineExecutionArn"]).state.steps.values())
    return {"PipelineExecutionSteps": steps if request.get("SortOrder") == "Ascending" else steps[::-1]}


def describe_definition(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribePipelineDefinitionForExecution request: the definition at the start of the execution."""
    record = _execution(context, request["PipelineExecutionArn"])
    run: _RunningExecution = record.state
    return {"PipelineDefinition": run.text, "CreationTime": record.created}


def list_parameters(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListPipelineParametersForExecution request: values of the start or defaults, on one page."""
    run: _RunningExecution = _execution(context, request["PipelineExecutionArn"]).state
    values = {name: value for name, value in run.parameters.items() if value is not None}
    return {"PipelineParameters": [{"Name": name, "Value": str(value)} for name, value in values.items()]}


def execution_id(pipeline_arn: str, number: int) -> str:
    """The id of an execution: a digest of the pipeline's ARN and the execution's number, from 1."""
    return sha256(f"{pipeline_arn} {number}".encode()).hexdigest()[:12]


class _RunningExecution:
    """One execution under way."""

    def __init__(self, pipeline: str, execution_id: str, text: str, parameters: dict[str, Any]) -> None:
        self.pipeline = pipeline
        self.execution_id = execution_id
        self.text = text
        self.definition: dict[str, Any] = json.loads(text)
        self.parameters = parameters
        self.steps: dict[str, dict[str, Any]] = {}
        self.made: dict[str, Callable[[], dict[str, Any]]] = {}


def _look(context: OperationContext, record: ResourceRecord, at: float) -> None:
    """Update the steps that have ended, and begin the steps whose dependencies have succeeded."""
    run: _RunningExecution = record.state
    for name, step in run.steps.items():
        if step["StepStatus"] == "Executing":
            _update(step, run.made[name](), at)
    failed = [step for step in run.steps.values() if step["StepStatus"] in ("Failed", "Stopped")]
    if not failed:
        for step in run.definition["Steps"]:
            if step["Name"] not in run.steps and all(_succeeded(run, other) for other in _dependencies(step)):
                _begin(context.at(at), record, step)
    running = [step for step in run.steps.values() if step["StepStatus"] == "Executing"]
    done = len(run.steps) == len(run.definition["Steps"])
    if running or not (failed or done):
        context.timeline.schedule(record, at + TICK, lambda later: _look(context, record, later))
    elif failed:
        record.facts["FailureReason"] = f"Step failure: {failed[0].get('FailureReason', 'stopped')}"
        _set_status(record, "Failed", at)
    else:
        _set_status(record, "Succeeded", at)


def _begin(context: OperationContext, record: ResourceRecord, step: dict[str, Any]) -> None:
    run: _RunningExecution = record.state
    row: dict[str, Any] = {"StepName": step["Name"], "StartTime": context.now, "StepStatus": "Executing"}
    run.steps[step["Name"]] = row
    kind = _TYPES.get(step["Type"])
    if kind is None:
        row |= {"StepStatus": "Succeeded", "EndTime": context.now}
        return
    if "CacheHitResult" in step:
        row["CacheHitResult"] = step["CacheHitResult"]
    request = _resolved(run, step.get("Arguments", {}))
    name = f"pipelines-{run.execution_id}-{step['Name']}"[: kind.longest_name]
    if step["Type"] != "RegisterModel":
        request.setdefault(f"{kind.prefix}Name", name)
    if step["Type"] in _WITH_EXPERIMENT and (config := _experiment(run)):
        request.setdefault("ExperimentConfig", config)
    if step["Type"] != "RegisterModel":
        marks = {"sagemaker:pipeline-execution-arn": record.arn, "sagemaker:pipeline-step-name": step["Name"]}
        request["Tags"] = [*request.get("Tags", ()), *tags.to_list(marks)]
    if step["Type"] == "RegisterModel":
        # As in the sample event "SageMaker Model Package State Change" of the developer guide.
        request.setdefault("MetadataProperties", {"GeneratedBy": record.arn})
    arn = kind.create(context, request)[f"{kind.prefix}Arn"]
    row["Metadata"] = {kind.member: {"Arn": arn}}
    describe_job = kind.describe
    if describe_job is None:
        row |= {"StepStatus": "Succeeded", "EndTime": context.now}
        return
    key = f"{kind.prefix}Name"
    run.made[step["Name"]] = lambda: describe_job(context, {key: request[key]})


def _experiment(run: _RunningExecution) -> dict[str, str] | None:
    """The experiment and trial of jobs: by default the pipeline's name and the execution's id."""
    default = {
        "ExperimentName": {"Get": "Execution.PipelineName"},
        "TrialName": {"Get": "Execution.PipelineExecutionId"},
    }
    config = run.definition.get("PipelineExperimentConfig", default)
    return _resolved(run, config) if config else None


def _update(step: dict[str, Any], job: dict[str, Any], at: float) -> None:
    states = [value for key, value in job.items() if key.endswith("JobStatus")]
    ended = _JOB_STATES.get(states[0])
    if ended is not None:
        step |= {"StepStatus": ended, "EndTime": at}
        if "FailureReason" in job:
            step["FailureReason"] = job["FailureReason"]


def _dependencies(step: dict[str, Any]) -> set[str]:
    """The steps that a step waits for: those in DependsOn, and those whose properties it uses."""
    used = re.findall(r'"Get": "Steps\.([^."]+)', json.dumps(step.get("Arguments", {})))
    return {*step.get("DependsOn", ()), *used}


def _succeeded(run: _RunningExecution, name: str) -> bool:
    return run.steps.get(name, {}).get("StepStatus") == "Succeeded"


def _resolved(run: _RunningExecution, value: Any) -> Any:
    """A part of a definition with the value of each reference (`Get`) in its place."""
    if isinstance(value, list):
        return [_resolved(run, item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Get"}:
        return _property(run, value["Get"])
    return {key: _resolved(run, item) for key, item in value.items()}


def _property(run: _RunningExecution, path: str) -> Any:
    root, name, *rest = path.split(".")
    if root == "Parameters":
        return run.parameters[name]
    if root == "Execution":
        return {"PipelineName": run.pipeline, "PipelineExecutionId": run.execution_id}[name]
    result: Any = run.made[name]()
    for part in rest:
        result = result[part]
    return result


def _execution(context: OperationContext, arn: str) -> ResourceRecord:
    record = next((item for item in context.records(PIPELINE_EXECUTION) if item.arn == arn.lower()), None)
    if record is None:
        raise service_errors.not_found(f"Pipeline execution '{arn}' does not exist.")
    return record


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["PipelineExecutionStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at
