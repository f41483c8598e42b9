"""Transform jobs: dataclasses and parsers."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

from aws.kinds.descriptor import KindDescriptor, Link, LinkType, Revision
from aws.kinds.jobs import SETTLED_JOB, JobDetail, parse_experiment, parse_job_fields, parse_job_input
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import ApiResponse, Provenance, Resource, parse_common_fields, sorted_pairs
from aws.kinds.statuses import JobStatus, JobType

API = ApiNames(
    list_operation="ListTransformJobs",
    list_key="TransformJobSummaries",
    describe_operation="DescribeTransformJob",
    prefix="TransformJob",
    noun="transform job",
    status_key="TransformJobStatus",
    arn_type="transform-job",
    console_path="transform-jobs",
    log_group="/aws/sagemaker/TransformJobs",
)


@dataclass(frozen=True, slots=True)
class RecordProcessing:
    """The way from an input's bytes to records, requests and output; None for unset values (service model).

    Attributes:
        accept: The MIME type of the output.
        assemble_with: The separator of output records: `None` or `Line`.
        compression_type: The compression of the input: `None` or `Gzip`.
        input_filter: The JSONPath that selects the part of a record for the model.
        join_source: `Input` to join records with their output, or `None`.
        max_payload_in_mb: The largest request, in MB.
        output_filter: The JSONPath that selects the part of the joined data to write.
        split_type: The separator of input records: `None`, `Line`, `RecordIO` or `TFRecord`.
    """

    accept: str | None = None
    assemble_with: str | None = None
    compression_type: str | None = None
    input_filter: str | None = None
    join_source: str | None = None
    max_payload_in_mb: int | None = None
    output_filter: str | None = None
    split_type: str | None = None


@lru_cache(maxsize=1024)
def _shared(processing: RecordProcessing) -> RecordProcessing:
    """Give one object for equal settings: an account has many jobs and few different settings."""
    return processing


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJobDetail(JobDetail):
    """The fields that DescribeTransformJob adds to a row, above all the model.

    Attributes:
        model_name: The name of the model.
        batch_strategy: `MultiRecord` or `SingleRecord`; None if it is not set.
        max_concurrent_transforms: The most requests to an instance at once; None if it is not set.
        environment_values: The environment variables, sorted by name; their values may be secret.
        record_processing: The way from input to output.
    """

    model_name: str
    batch_strategy: str | None
    max_concurrent_transforms: int | None
    environment_values: tuple[tuple[str, str], ...] = field(repr=False)
    record_processing: RecordProcessing = RecordProcessing()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJob(Resource[TransformJobDetail]):
    """A job that runs a model over a batch of inputs.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        end_time: The time at which it ended; None before that.
        last_modified_time: The time of the last change; None if SageMaker gives none.
        summary_failure_reason: The reason of a failure in a row; None without one.
    """

    kind = Kind.TRANSFORM_JOB
    api = API
    type: ClassVar[JobType] = JobType.TRANSFORM

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None
    summary_failure_reason: str | None = None


def parse_summary(row: ApiResponse, origin: Provenance, detail: TransformJobDetail | None = None) -> TransformJob:
    """Parse a row of ListTransformJobs."""
    return TransformJob(
        **parse_common_fields(API, row, origin),
        **parse_job_fields(row, "TransformJobStatus", "TransformEndTime"),
        summary_failure_reason=row.get("FailureReason"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> TransformJob:
    """Parse an answer of DescribeTransformJob, which has the members of a row except LastModifiedTime."""
    resources = answer.get("TransformResources") or {}
    detail = TransformJobDetail(
        failure_reason=answer.get("FailureReason"),
        start_time=answer.get("TransformStartTime"),
        inputs=(parse_job_input(None, answer.get("TransformInput") or {}),),
        output_s3_uri=(answer.get("TransformOutput") or {}).get("S3OutputPath"),
        instance_type=resources.get("InstanceType"),
        instance_count=resources.get("InstanceCount"),
        model_name=answer["ModelName"],
        batch_strategy=answer.get("BatchStrategy"),
        max_concurrent_transforms=answer.get("MaxConcurrentTransforms"),
        environment_values=sorted_pairs(answer.get("Environment")),
        record_processing=_record_processing(answer),
        experiment=parse_experiment(answer),
    )
    return parse_summary(answer, origin, detail)


def _record_processing(answer: ApiResponse) -> RecordProcessing:
    source, output = answer.get("TransformInput") or {}, answer.get("TransformOutput") or {}
    data = answer.get("DataProcessing") or {}
    return _shared(
        RecordProcessing(
            accept=output.get("Accept"),
            assemble_with=output.get("AssembleWith"),
            compression_type=source.get("CompressionType"),
            input_filter=data.get("InputFilter"),
            join_source=data.get("JoinSource"),
            max_payload_in_mb=answer.get("MaxPayloadInMB"),
            output_filter=data.get("OutputFilter"),
            split_type=source.get("SplitType"),
        )
    )


def _links(job: TransformJob) -> tuple[Link, ...]:
    return (Link(LinkType.MODEL_NAME, job.detail.model_name),) if job.detail else ()


def has_not_started(job: TransformJob) -> bool:
    """Tell whether the job has yet to start. No row shows the start, because the status stays."""
    return job.status not in SETTLED_JOB and (job.detail is None or job.detail.start_time is None)


def _complete(described: TransformJob, row: TransformJob) -> TransformJob:
    return replace(described, last_modified_time=row.last_modified_time)


DESCRIPTOR = KindDescriptor(
    kind=Kind.TRANSFORM_JOB,
    api=API,
    resource_type=TransformJob,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
    is_settled=lambda job: job.status in SETTLED_JOB,
    revision=lambda job: Revision(job.raw_status, job.last_modified_time),
    changes_unseen=has_not_started,
    complete=_complete,
)
