"""Pipelines: the definitions from which executions start."""

import re

from sandbox import service_errors
from sandbox.sagemaker import lists, tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import PIPELINE, PIPELINE_EXECUTION, ResourceRecord

_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:[^:]*:[0-9]{12}:pipeline/([^/]+)(?:/execution/(.+))?")
_BOUNDS = {"CreatedAfter": "CreationTimeAfter", "CreatedBefore": "CreationTimeBefore"}


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreatePipeline request, whose definition must be a text and not an object in S3."""
    name = request["PipelineName"]
    if context.records(PIPELINE).get(name):
        raise service_errors.conflict(f"Pipeline {name} already exists.")
    if "PipelineDefinition" not in request:
        raise service_errors.not_in_sandbox("pipeline definitions in S3; give PipelineDefinition")
    facts = validation.pick_fields(validation.answer_fields("DescribePipeline"), request)
    record = context.add(PIPELINE, name, facts | {"PipelineStatus": "Active"}, tags.from_list(request.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    return {"PipelineArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribePipeline request: the definition, and the time of the last execution."""
    record = require_pipeline(context, request["PipelineName"])
    starts = [execution.created for execution in _executions(context, record)]
    return record.facts | ({"LastRunTime": max(starts)} if starts else {})


def list_pipelines(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListPipelines request; rows have the time of the last execution's start, and no status."""
    prefix = request.get("PipelineNamePrefix", "")
    answer = lists.page(
        context, PIPELINE, with_usual_bounds(request), passes=lambda record: record.name.startswith(prefix)
    )
    fields = validation.shape_fields("PipelineSummary")
    for row in answer[PIPELINE.listing]:
        facts = describe(context, {"PipelineName": row["PipelineName"]})
        row.update(validation.pick_fields(fields, facts | {"LastExecutionTime": facts.get("LastRunTime")}))
    return answer


def update(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdatePipeline request; executions that run keep their definition."""
    record = require_pipeline(context, request["PipelineName"])
    if "PipelineDefinitionS3Location" in request:
        raise service_errors.not_in_sandbox("pipeline definitions in S3; give PipelineDefinition")
    changes = {key: value for key, value in request.items() if key != "PipelineName"}
    record.facts.update(validation.pick_fields(validation.answer_fields("DescribePipeline"), changes))
    record.facts["LastModifiedTime"] = record.modified = context.now
    return {"PipelineArn": record.arn}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeletePipeline request, which deletes executions too; refused while an execution runs."""
    record = require_pipeline(context, request["PipelineName"])
    executions = _executions(context, record)
    running = [execution.arn for execution in executions if execution.status == "Executing"]
    if running:
        raise service_errors.conflict(f"Pipeline {record.name} has running executions: {', '.join(running)}.")
    for execution in executions:
        context.records(PIPELINE_EXECUTION).remove(execution)
    context.records(PIPELINE).remove(record)
    return {"PipelineArn": record.arn}


def require_pipeline(context: OperationContext, name_or_arn: str) -> ResourceRecord:
    """The pipeline of this name (in any case) or ARN.

    Raises:
        ServiceError: It does not exist.
    """
    match = _ARN.fullmatch(name_or_arn)
    name = match[1] if match else name_or_arn
    pipelines = context.records(PIPELINE)
    record = pipelines.get(name) or next((item for item in pipelines if item.name.lower() == name.lower()), None)
    if record is None:
        raise service_errors.not_found(f"Pipeline '{name_or_arn}' does not exist.")
    return record


def with_usual_bounds(request: OperationInput) -> OperationInput:
    """A listing's request with its bounds under the names that other listings use."""
    return {_BOUNDS.get(key, key): item for key, item in request.items()}


def _executions(context: OperationContext, pipeline: ResourceRecord) -> list[ResourceRecord]:
    return [item for item in context.records(PIPELINE_EXECUTION) if item.facts["PipelineArn"] == pipeline.arn]
