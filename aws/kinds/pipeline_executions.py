"""Executions of SageMaker pipelines: dataclasses and parsers. SageMaker lists those of one pipeline at a time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from aws.ids import EXECUTION_NAME_PATTERN
from aws.kinds.descriptor import KindDescriptor, Revision
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import ApiResponse, Provenance, Resource, name_in_arn, parse_common_fields
from aws.kinds.statuses import PipelineExecutionStatus, parse_status

API = ApiNames(
    list_operation="ListPipelineExecutions",
    list_key="PipelineExecutionSummaries",
    describe_operation="DescribePipelineExecution",
    prefix="PipelineExecution",
    noun="pipeline execution",
    status_key="PipelineExecutionStatus",
    arn_type="pipeline",
    # Only Studio shows them, on pages of its domain.
    console_path=None,
    described_by_arn=True,
    describe_key="PipelineExecutionArn",
    name_pattern=EXECUTION_NAME_PATTERN,
    parent_key="PipelineName",
    bound_keys=("CreatedAfter", "CreatedBefore"),
)

_EXECUTION: Final = "/execution/"


@dataclass(frozen=True, slots=True)
class PipelineExecutionDetail:
    """The fields that DescribePipelineExecution adds to a row.

    Attributes:
        failure_reason: SageMaker's reason for a failure; None without one.
        last_modified_time: The time of the last change; None if SageMaker gives none.
    """

    failure_reason: str | None
    last_modified_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineExecution(Resource[PipelineExecutionDetail]):
    """One execution of a pipeline.

    Its name is the resource part of its ARN, `<pipeline>/execution/<id>`, which is unique among all pipelines.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        display_name: Its name for people; None without one.
        start_time: The time at which it started; None if SageMaker gives none.
    """

    kind = Kind.PIPELINE_EXECUTION
    api = API

    status: PipelineExecutionStatus
    raw_status: str
    display_name: str | None
    start_time: datetime | None

    @property
    def pipeline_name(self) -> str:
        """The pipeline's name in the form of ARNs, in lower case."""
        return self.name.partition(_EXECUTION)[0]

    @property
    def execution_id(self) -> str:
        """The id of the execution, from SageMaker."""
        return self.name.partition(_EXECUTION)[2]


def execution_name(pipeline: str, execution_id: str) -> str:
    """Give the name of an execution from the name of its pipeline, which ARNs have in lower case, and its id."""
    return f"{pipeline.lower()}{_EXECUTION}{execution_id}"


def parse_summary(
    row: ApiResponse, origin: Provenance, detail: PipelineExecutionDetail | None = None
) -> PipelineExecution:
    """Parse a row of ListPipelineExecutions, which has a start but no creation, and requires no member."""
    word = row.get("PipelineExecutionStatus") or "unknown"
    started = row.get("StartTime") or row.get("CreationTime")
    timed = {**row, "CreationTime": row.get("CreationTime") or started}
    return PipelineExecution(
        **parse_common_fields(API, timed, origin, name_in_arn(row["PipelineExecutionArn"])),
        status=parse_status(PipelineExecutionStatus, word),
        raw_status=word,
        display_name=row.get("PipelineExecutionDisplayName"),
        start_time=started,
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> PipelineExecution:
    """Parse an answer of DescribePipelineExecution, which has a creation instead of a start: both are one time."""
    detail = PipelineExecutionDetail(answer.get("FailureReason"), answer.get("LastModifiedTime"))
    return parse_summary(answer, origin, detail)


DESCRIPTOR = KindDescriptor(
    kind=Kind.PIPELINE_EXECUTION,
    api=API,
    resource_type=PipelineExecution,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=lambda _execution: (),
    # A failed or stopped execution can be retried (RetryPipelineExecution).
    is_settled=lambda execution: execution.status is PipelineExecutionStatus.SUCCEEDED,
    revision=lambda execution: Revision(execution.raw_status),
    complete=lambda described, row: replace(described, start_time=row.start_time),
)
