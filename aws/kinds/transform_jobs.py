"""Transform jobs: dataclasses and parsers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from aws.kinds.jobs import JobDetail, JobInput
from aws.kinds.kind import Kind
from aws.kinds.resource import ApiResponse, Provenance, Resource, parse_common_fields, sorted_pairs
from aws.kinds.statuses import JobStatus, JobType, parse_status


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJobDetail(JobDetail):
    """What DescribeTransformJob adds: the model above all, which no listing shows."""

    model_name: str
    batch_strategy: str | None
    max_concurrent_transforms: int | None
    environment_values: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJob(Resource[TransformJobDetail]):
    """A job that runs a model over a batch of inputs. `summary_failure_reason` is what a listing tells of a failure."""

    kind = Kind.TRANSFORM_JOB
    type: ClassVar[JobType] = JobType.TRANSFORM

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None
    summary_failure_reason: str | None = None


def parse_summary(row: ApiResponse, origin: Provenance, detail: TransformJobDetail | None = None) -> TransformJob:
    """A row of ListTransformJobs."""
    word = row["TransformJobStatus"]
    return TransformJob(
        **parse_common_fields(Kind.TRANSFORM_JOB, row, origin),
        status=parse_status(JobStatus, word),
        raw_status=word,
        end_time=row.get("TransformEndTime"),
        last_modified_time=row.get("LastModifiedTime"),
        summary_failure_reason=row.get("FailureReason"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> TransformJob:
    """An answer of DescribeTransformJob. It has the row's members but LastModifiedTime, which only listings show."""
    resources = answer.get("TransformResources") or {}
    detail = TransformJobDetail(
        failure_reason=answer.get("FailureReason"),
        start_time=answer.get("TransformStartTime"),
        inputs=(_input(answer.get("TransformInput") or {}),),
        output_s3_uri=(answer.get("TransformOutput") or {}).get("S3OutputPath"),
        instance_type=resources.get("InstanceType"),
        instance_count=resources.get("InstanceCount"),
        model_name=answer["ModelName"],
        batch_strategy=answer.get("BatchStrategy"),
        max_concurrent_transforms=answer.get("MaxConcurrentTransforms"),
        environment_values=sorted_pairs(answer.get("Environment")),
    )
    return parse_summary(answer, origin, detail)


def _input(transform_input: ApiResponse) -> JobInput:
    source = ((transform_input.get("DataSource") or {}).get("S3DataSource")) or {}
    return JobInput(None, source.get("S3Uri"), transform_input.get("ContentType"))
