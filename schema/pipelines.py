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
        "FAILED": "Failed; see `failureReason`",
        "SUCCEEDED": "Ended with success",
        "COMPLETED_WITH_FAILURES": "Ended, with steps that failed",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
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
        "FAILED": "Failed; see `failureReason`",
        "SUCCEEDED": "Ended with success",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
    },
)


@strawberry.input(description="Filter of a list of pipeline executions; all entries apply")
class PipelineExecutionFilter:
    """See resolvers.lists.filters.PipelineExecutionFilter."""

    status: list[PipelineExecutionStatus] | None = optional("In any of these statuses")
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
    status: PipelineStepStatus = attribute("The status of the step")
    raw_status: str = attribute("SageMaker's own word for the status")
    start_time: datetime | None = attribute("The time at which the step began; null before that")
    end_time: datetime | None = attribute("The time at which the step ended; null before that")
    failure_reason: str | None = attribute("The reason of the failure, in SageMaker's words; null for none")
    resource_arn: str | None = attribute(
        "The ARN of the step's result, such as a job, a model or a package; of an earlier "
        "execution's result if SageMaker reused it; null for none"
    )
    resource: LazyOptionalResource = relation(
        pipelines.resources_of_steps,
        "The step's result. Null if there is none, if it is gone or in another account, or if "
        "this schema lacks its kind",
    )


@represents(aws_pipeline_executions.PipelineExecution)
@strawberry.type(description="An execution of a SageMaker pipeline. Its `name` is the execution id from its ARN")
class PipelineExecution(Resource, Node):
    """See aws.kinds.pipeline_executions.PipelineExecution."""

    name: str = computed(_execution_id, "The execution id that SageMaker assigned")
    pipeline_name: str = attribute("The name of the pipeline, in lower case as ARNs have it")
    display_name: str | None = attribute("The display name of the execution; null for none")
    status: PipelineExecutionStatus = attribute("The status of the execution")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail(
        "failure_reason", "The reason of the failure, in SageMaker's words; null for none"
    )
    start_time: datetime | None = attribute("The time at which the execution started")
    last_modified_time: datetime | None = detail("last_modified_time", "The time of the execution's last change")
    steps: list[PipelineStep] | None = relation(
        pipelines.steps, "The steps, in the order in which they began. Costs a listing for each execution"
    )
