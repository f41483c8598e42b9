"""Processing jobs (evaluation, bias, monitoring, preparation of data): dataclasses and parsers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from aws.kinds.descriptor import KindDescriptor, Link, LinkType, Revision
from aws.kinds.jobs import SETTLED_JOB, JobDetail, JobInput, parse_experiment, parse_job_fields
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import ApiResponse, Provenance, Resource, parse_common_fields, sorted_pairs
from aws.kinds.statuses import JobStatus, JobType
from aws.s3_uris import artifact_key, parent_folders

API = ApiNames(
    list_operation="ListProcessingJobs",
    list_key="ProcessingJobSummaries",
    describe_operation="DescribeProcessingJob",
    prefix="ProcessingJob",
    noun="processing job",
    status_key="ProcessingJobStatus",
    arn_type="processing-job",
    console_path="processing-jobs",
    log_group="/aws/sagemaker/ProcessingJobs",
)


@dataclass(frozen=True, slots=True)
class JobOutput:
    """An output of a processing job.

    Attributes:
        name: Its name; None without one.
        s3_uri: Its address in S3; None if it goes to a feature store.
    """

    name: str | None
    s3_uri: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingJobDetail(JobDetail):
    """The fields that DescribeProcessingJob adds to a row.

    Attributes:
        image: The address of the image; None if it is not known.
        exit_message: The last message of the container; None without one.
        outputs: Its outputs.
        environment_values: The environment variables, sorted by name; their values may be secret.
    """

    image: str | None
    exit_message: str | None
    outputs: tuple[JobOutput, ...]
    environment_values: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingJob(Resource[ProcessingJobDetail]):
    """A job that runs a container over data, which may be a model's artifact.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        end_time: The time at which it ended; None before that.
        last_modified_time: The time of the last change; None if SageMaker gives none.
    """

    kind = Kind.PROCESSING_JOB
    api = API
    type: ClassVar[JobType] = JobType.PROCESSING

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None


def parse_summary(row: ApiResponse, origin: Provenance, detail: ProcessingJobDetail | None = None) -> ProcessingJob:
    """Parse a row of ListProcessingJobs."""
    return ProcessingJob(
        **parse_common_fields(API, row, origin),
        **parse_job_fields(row, "ProcessingJobStatus", "ProcessingEndTime"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> ProcessingJob:
    """Parse an answer of DescribeProcessingJob, which has the members of a row, too."""
    cluster = (answer.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    outputs = tuple(map(_output, (answer.get("ProcessingOutputConfig") or {}).get("Outputs") or ()))
    detail = ProcessingJobDetail(
        failure_reason=answer.get("FailureReason"),
        start_time=answer.get("ProcessingStartTime"),
        inputs=tuple(map(_input, answer.get("ProcessingInputs") or ())),
        output_s3_uri=next((output.s3_uri for output in outputs if output.s3_uri), None),
        instance_type=cluster.get("InstanceType") or cluster.get("SelectedInstanceType"),
        instance_count=cluster.get("InstanceCount") or cluster.get("SelectedInstanceCount"),
        image=(answer.get("AppSpecification") or {}).get("ImageUri"),
        exit_message=answer.get("ExitMessage"),
        outputs=outputs,
        environment_values=sorted_pairs(answer.get("Environment")),
        experiment=parse_experiment(answer),
    )
    return parse_summary(answer, origin, detail)


def _input(entry: ApiResponse) -> JobInput:
    """Parse an input; a dataset definition (Athena, Redshift) has no address."""
    return JobInput(entry.get("InputName"), (entry.get("S3Input") or {}).get("S3Uri"), None)


def _output(entry: ApiResponse) -> JobOutput:
    return JobOutput(entry.get("OutputName"), (entry.get("S3Output") or {}).get("S3Uri"))


def _links(job: ProcessingJob) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(_addresses(job)))


def _addresses(job: ProcessingJob) -> Iterator[Link]:
    """Give the addresses that it reads and writes; the index leaves out folders, which follow from artifacts."""
    if job.detail is None:
        return
    for source in job.detail.inputs:
        if source.s3_uri:
            yield Link(LinkType.INPUT, artifact_key(source.s3_uri))
    for output in job.detail.outputs:
        if output.s3_uri:
            artifact = artifact_key(output.s3_uri)
            yield Link(LinkType.ARTIFACT, artifact)
            yield from (Link(LinkType.FOLDER, folder) for folder in parent_folders(artifact))


DESCRIPTOR = KindDescriptor(
    kind=Kind.PROCESSING_JOB,
    api=API,
    resource_type=ProcessingJob,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
    is_settled=lambda job: job.status in SETTLED_JOB,
    revision=lambda job: Revision(job.raw_status, job.last_modified_time),
)
