"""Steps of pipeline executions, with the resource that each has made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.kinds.catalog import kind_and_name
from aws.kinds.kind import Kind
from aws.kinds.statuses import PipelineStepStatus, parse_status

_PAGE_SIZE: Final = 100
# The members of a step's metadata with the ARN of the resource that the step has made.
_ARN_KEYS: Final = ("Arn", "CheckJobArn")


@dataclass(frozen=True, slots=True)
class PipelineStep:
    """A step of an execution.

    Attributes:
        name: Its name; empty if SageMaker gives none.
        status: The status.
        raw_status: SageMaker's word for the status.
        start_time: The time at which it started; None before that.
        end_time: The time at which it ended; None before that.
        failure_reason: SageMaker's reason for a failure; None without one.
        resource_arn: The job, model, model package, … that it has made; None if that has no ARN, or does not exist yet.
        is_reused: True if an earlier execution made that resource: after a cache hit, or in a selective execution.
    """

    name: str
    status: PipelineStepStatus
    raw_status: str
    start_time: datetime | None
    end_time: datetime | None
    failure_reason: str | None
    resource_arn: str | None
    is_reused: bool


@dataclass(frozen=True, slots=True)
class ExecutionSteps:
    """The steps of an execution.

    Attributes:
        steps: The steps, in order of their start.
        as_of: The time of the read.
    """

    steps: tuple[PipelineStep, ...]
    as_of: datetime

    def started(self, arn: str) -> bool:
        """Tell whether a step of this execution, and not of an earlier one, made the resource `arn`."""
        return arn.lower() in self.started_arns()

    def started_arns(self) -> frozenset[str]:
        """Give the ARNs, in lower case, of the resources that the execution itself has made."""
        arns = (step.resource_arn for step in self.steps if not step.is_reused)
        return frozenset(arn.lower() for arn in arns if arn)

    def started_resources(self) -> Sequence[tuple[Kind, str]]:
        """Give the kind and name of each resource that the execution itself has made, with the name in its ARN."""
        arns = (step.resource_arn for step in self.steps if step.resource_arn and not step.is_reused)
        return [place for arn in arns if (place := kind_and_name(arn)) is not None]


async def read_steps(calls: AwsClient, execution_arn: str, as_of: datetime) -> ExecutionSteps:
    """Read the steps of an execution in order of their start, as read at `as_of`: one call for each hundred.

    Raises:
        AWSError: They could not be listed; NotFoundError if there is no such execution.
    """
    rows = await read_pages(
        calls,
        "ListPipelineExecutionSteps",
        key="PipelineExecutionSteps",
        PipelineExecutionArn=execution_arn,
        MaxResults=_PAGE_SIZE,
        SortOrder="Ascending",
    )
    return ExecutionSteps(tuple(map(_parse_step, rows)), as_of)


def _parse_step(row: Mapping[str, Any]) -> PipelineStep:
    word = row.get("StepStatus") or "unknown"
    return PipelineStep(
        name=row.get("StepName") or "",
        status=parse_status(PipelineStepStatus, word),
        raw_status=word,
        start_time=row.get("StartTime"),
        end_time=row.get("EndTime"),
        failure_reason=row.get("FailureReason"),
        resource_arn=_resource_arn(row.get("Metadata") or {}),
        is_reused=bool(row.get("CacheHitResult") or row.get("SelectiveExecutionResult")),
    )


def _resource_arn(metadata: Mapping[str, Any]) -> str | None:
    parts = [part for part in metadata.values() if isinstance(part, Mapping)]
    arns = (part[key] for part in parts for key in _ARN_KEYS if isinstance(part.get(key), str))
    return next(arns, None)
