"""Pipeline executions and their steps: types and filter."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from aws.kinds import pipeline_executions as aws_pipeline_executions
from aws.kinds.statuses import PipelineExecutionStatus, PipelineStepStatus
from resolvers import pipelines
from resolvers.lists import filters
from schema.enums import register_enum
from schema.fields import Info, attribute, computed, detail, relation, represents
from schema.filters import tuple_or_none
from schema.inputs import optional
from schema.interfaces import Node, Resource

register_enum(
    PipelineExecutionStatus,
    "PipelineExecutionStatus",
    "The status of a pipeline execution, in SageMaker's terms",
    {
        "EXECUTING": "Running",
        "STOPPING": "Being stopped",
        "STOPPED": "Stopped before its end",
        "FAILED": "Failed; see failureReason",
        "SUCCEEDED": "Done",
        "COMPLETED_WITH_FAILURES": "Done, but for steps that failed",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)
register_enum(
    PipelineStepStatus,
    "PipelineStepStatus",
    "The status of a step of a pipeline execution, in SageMaker's terms",
    {
        "STARTING": "Being started",
        "EXECUTING": "Running",
        "STOPPING": "Being stopped",
        "STOPPED": "Stopped before its end",
        "FAILED": "Failed; see failureReason",
        "SUCCEEDED": "Done",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)


@strawberry.input(description="Filter of a list of pipeline executions")
class PipelineExecutionFilter:
    """See resolvers.lists.filters.PipelineExecutionFilter."""

    status: list[PipelineExecutionStatus] | None = optional("Any of these statuses")
    started_after: datetime | None = optional("Started after this moment")
    started_before: datetime | None = optional("Started before this moment")

    def value(self, pipeline_name: str) -> filters.PipelineExecutionFilter:
        """The filter's value for the executions of a pipeline."""
        return filters.PipelineExecutionFilter(
            pipeline_name=pipeline_name,
            status=tuple_or_none(self.status),
            created_after=self.started_after,
            created_before=self.started_before,
        )


def _execution_id(root: Any, info: Info) -> Any:
    return root.execution_id


LazyOptionalResource = Annotated["Resource", strawberry.lazy("schema.interfaces")] | None


@strawberry.type(description="A step of a pipeline execution")
class PipelineStep:
    """See aws.pipeline_steps.PipelineStep."""

    name: str = attribute("The step's name")
    status: PipelineStepStatus = attribute("The step's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    start_time: datetime | None = attribute("The time at which it began")
    end_time: datetime | None = attribute("The time at which it ended")
    failure_reason: str | None = attribute("The reason why it failed, in SageMaker's words")
    resource_arn: str | None = attribute(
        "The ARN of its result: a job, a model, a package, …; that of an earlier execution if SageMaker reused it"
    )
    resource: LazyOptionalResource = relation(
        pipelines.resources_of_steps,
        "Its result; null if it is gone, in another account, or of a kind that this schema lacks",
    )


@represents(aws_pipeline_executions.PipelineExecution)
@strawberry.type(description="One execution of a SageMaker pipeline. Its name is the execution id from its ARN")
class PipelineExecution(Resource, Node):
    """See aws.kinds.pipeline_executions.PipelineExecution."""

    name: str = computed(_execution_id, "The execution id that SageMaker assigned")
    pipeline_name: str = attribute("The pipeline's name as ARNs have it, in lower case")
    display_name: str | None = attribute("The name that the execution was given")
    status: PipelineExecutionStatus = attribute("The execution's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "The reason why it failed, in SageMaker's words")
    start_time: datetime | None = attribute("The time at which it started")
    last_modified_time: datetime | None = detail("last_modified_time", "The time at which it last changed")
    steps: list[PipelineStep] | None = relation(pipelines.steps, "Its steps, in the order in which they began")
