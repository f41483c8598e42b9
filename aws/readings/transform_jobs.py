"""Reads transform jobs: ListTransformJobs' rows and DescribeTransformJob's answers."""

from aws.kinds import Kind
from aws.readings.origin import ApiResponse, Provenance, parse_common_fields, sorted_pairs
from aws.resources import JobInput, TransformJob, TransformJobDetail
from aws.statuses import JobStatus, parse_status


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
