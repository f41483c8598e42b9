"""Training jobs: dataclasses and parsers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from aws.kinds.descriptor import KindDescriptor, Link, LinkType, Revision
from aws.kinds.jobs import SETTLED_JOB, JobDetail, parse_experiment, parse_job_fields, parse_job_input
from aws.kinds.kind import ApiNames, Kind, SearchNames
from aws.kinds.resource import ApiResponse, Provenance, Resource, parse_common_fields, parse_number, sorted_pairs
from aws.kinds.statuses import JobStatus, JobType
from aws.s3_uris import artifact_key, parent_folders

API = ApiNames(
    list_operation="ListTrainingJobs",
    list_key="TrainingJobSummaries",
    describe_operation="DescribeTrainingJob",
    prefix="TrainingJob",
    noun="training job",
    status_key="TrainingJobStatus",
    arn_type="training-job",
    console_path="jobs",
    log_group="/aws/sagemaker/TrainingJobs",
)


@dataclass(frozen=True, slots=True)
class FinalMetric:
    """The last value of a metric that SageMaker found in a training job's log.

    Attributes:
        name: The name of the metric.
        value: The value; None for NaN and infinities.
        at: The time of the value; None if SageMaker gives none.
    """

    name: str
    value: float | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJobDetail(JobDetail):
    """The fields that DescribeTrainingJob adds to a row; None for values that SageMaker does not give.

    Attributes:
        training_image: The address of the image.
        role_arn: The role that it uses.
        model_artifacts_s3_uri: The address of the model artifacts in S3.
        output_model_package_arn: The ARN of the model package that it made.
        billable_seconds: The billed wall-clock time; the bill multiplies it by the number of instances.
        hyper_parameter_values: The hyper-parameters, sorted by name; their values may be secret.
        final_metrics: The last values of its metrics.
        tuning_job_name: The tuning job that started it; None if none did.
    """

    training_image: str | None
    role_arn: str | None
    model_artifacts_s3_uri: str | None
    output_model_package_arn: str | None
    billable_seconds: int | None
    hyper_parameter_values: tuple[tuple[str, str], ...] = field(repr=False)
    final_metrics: tuple[FinalMetric, ...]
    tuning_job_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJob(Resource[TrainingJobDetail]):
    """A job that makes model artifacts.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        end_time: The time at which it ended; None before that.
        last_modified_time: The time of the last change; None if SageMaker gives none.
        secondary_status: The detailed status, such as `Downloading`; None if SageMaker gives none.
    """

    kind = Kind.TRAINING_JOB
    api = API
    type: ClassVar[JobType] = JobType.TRAINING

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None
    secondary_status: str | None


def parse_summary(row: ApiResponse, origin: Provenance, detail: TrainingJobDetail | None = None) -> TrainingJob:
    """Parse a row of ListTrainingJobs."""
    return TrainingJob(
        **parse_common_fields(API, row, origin),
        **parse_job_fields(row, "TrainingJobStatus", "TrainingEndTime"),
        secondary_status=row.get("SecondaryStatus"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> TrainingJob:
    """Parse an answer of DescribeTrainingJob, which has the members of a row, too."""
    algorithm, resources = answer.get("AlgorithmSpecification") or {}, answer.get("ResourceConfig") or {}
    instance_type, instance_count = _instances(resources)
    detail = TrainingJobDetail(
        failure_reason=answer.get("FailureReason"),
        start_time=answer.get("TrainingStartTime"),
        inputs=tuple(
            parse_job_input(channel.get("ChannelName"), channel) for channel in answer.get("InputDataConfig") or ()
        ),
        output_s3_uri=(answer.get("OutputDataConfig") or {}).get("S3OutputPath"),
        instance_type=instance_type,
        instance_count=instance_count,
        training_image=algorithm.get("TrainingImage"),
        role_arn=answer.get("RoleArn"),
        model_artifacts_s3_uri=(answer.get("ModelArtifacts") or {}).get("S3ModelArtifacts") or None,
        output_model_package_arn=answer.get("OutputModelPackageArn"),
        billable_seconds=answer.get("BillableTimeInSeconds"),
        hyper_parameter_values=sorted_pairs(answer.get("HyperParameters")),
        final_metrics=tuple(_final_metrics(answer)),
        tuning_job_name=_tuning_job_name(answer),
        experiment=parse_experiment(answer),
    )
    return parse_summary(answer, origin, detail)


def _tuning_job_name(answer: ApiResponse) -> str | None:
    """The tuning job's name. Its ARN has it in lower case; the names of its training jobs begin with it as it is."""
    in_arn = (answer.get("TuningJobArn") or "").rpartition("/")[2]
    spelled = str(answer["TrainingJobName"])[: len(in_arn)]
    return (spelled if spelled.lower() == in_arn else in_arn) or None


def _instances(resources: ApiResponse) -> tuple[str | None, int | None]:
    """The type and number of instances; of a heterogeneous cluster, the common type, and the sum of its groups."""
    groups = resources.get("InstanceGroups") or ()
    if not groups:
        selected = resources.get("SelectedInstanceType"), resources.get("SelectedInstanceCount")
        return resources.get("InstanceType") or selected[0], resources.get("InstanceCount") or selected[1]
    types = {group["InstanceType"] for group in groups}
    return types.pop() if len(types) == 1 else None, sum(group["InstanceCount"] for group in groups)


def _final_metrics(answer: ApiResponse) -> Iterator[FinalMetric]:
    for metric in answer.get("FinalMetricDataList") or ():
        if name := metric.get("MetricName"):
            yield FinalMetric(name, parse_number(metric.get("Value")), metric.get("Timestamp"))


def _links(job: TrainingJob) -> tuple[Link, ...]:
    if job.detail is None:
        return ()
    artifact, package = artifact_key(job.detail.model_artifacts_s3_uri or ""), job.detail.output_model_package_arn
    return (
        *((Link(LinkType.ARTIFACT, artifact),) if artifact else ()),
        *((Link(LinkType.FOLDER, folder) for folder in parent_folders(artifact)) if artifact else ()),
        *((Link(LinkType.MODEL_PACKAGE, package),) if package else ()),
    )


DESCRIPTOR = KindDescriptor(
    kind=Kind.TRAINING_JOB,
    api=API,
    resource_type=TrainingJob,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
    is_settled=lambda job: job.status in SETTLED_JOB,
    revision=lambda job: Revision(job.raw_status, job.last_modified_time),
    search=SearchNames(
        "TrainingJob",
        ("TrainingJob",),
        ("TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "ResourceConfig", "CreationTime"),
    ),
)
