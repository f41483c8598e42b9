"""Hyper-parameter tuning jobs: dataclasses and parsers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from aws.ids import TUNING_NAME_PATTERN
from aws.kinds import training_jobs
from aws.kinds.descriptor import KindDescriptor, Revision
from aws.kinds.jobs import SETTLED_JOB, JobDetail, parse_job_fields, parse_job_input
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import ApiResponse, Provenance, Resource, parse_common_fields
from aws.kinds.statuses import JobStatus, JobType

API = ApiNames(
    list_operation="ListHyperParameterTuningJobs",
    list_key="HyperParameterTuningJobSummaries",
    describe_operation="DescribeHyperParameterTuningJob",
    prefix="HyperParameterTuningJob",
    noun="tuning job",
    status_key="HyperParameterTuningJobStatus",
    arn_type="hyper-parameter-tuning-job",
    console_path="hyper-tuning-jobs",
    name_pattern=TUNING_NAME_PATTERN,
    # It writes no logs itself; the streams of its training jobs begin with its name.
    log_group=training_jobs.API.log_group,
    log_streams="{name}-",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningJobDetail(JobDetail):
    """The fields that DescribeHyperParameterTuningJob adds. Values that differ among its definitions are None.

    Attributes:
        objective_metric: The metric that it optimizes; None if it is not known.
        best_training_job_name: The best training job so far; None before one has ended.
    """

    objective_metric: str | None
    best_training_job_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningJob(Resource[TuningJobDetail]):
    """A job that starts training jobs with different hyper-parameters. SageMaker gives no start time.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        end_time: The time at which it ended; None before that.
        last_modified_time: The time of the last change; None if SageMaker gives none.
        strategy: The search strategy, such as `Bayesian`; None if SageMaker gives none.
    """

    kind = Kind.TUNING_JOB
    api = API
    type: ClassVar[JobType] = JobType.TUNING

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None
    strategy: str | None


def parse_summary(row: ApiResponse, origin: Provenance) -> TuningJob:
    """Parse a row of ListHyperParameterTuningJobs."""
    return _tuning_job(row, origin, row.get("Strategy"), None)


def parse_description(answer: ApiResponse, origin: Provenance) -> TuningJob:
    """Parse an answer of DescribeHyperParameterTuningJob."""
    config = answer.get("HyperParameterTuningJobConfig") or {}
    single = answer.get("TrainingJobDefinition")
    definitions = [single] if single else list(answer.get("TrainingJobDefinitions") or ())
    resources = [_resources(definition) for definition in definitions]
    channels = [channel for definition in definitions for channel in definition.get("InputDataConfig") or ()]
    detail = TuningJobDetail(
        failure_reason=answer.get("FailureReason"),
        start_time=None,
        inputs=tuple(dict.fromkeys(parse_job_input(channel.get("ChannelName"), channel) for channel in channels)),
        output_s3_uri=_common((item.get("OutputDataConfig") or {}).get("S3OutputPath") for item in definitions),
        instance_type=_common(item.get("InstanceType") for item in resources),
        instance_count=_common(item.get("InstanceCount") for item in resources),
        objective_metric=_objective(config, definitions),
        best_training_job_name=(answer.get("BestTrainingJob") or {}).get("TrainingJobName"),
    )
    return _tuning_job(answer, origin, config.get("Strategy"), detail)


def _tuning_job(
    row: ApiResponse, origin: Provenance, strategy: str | None, detail: TuningJobDetail | None
) -> TuningJob:
    return TuningJob(
        **parse_common_fields(API, row, origin),
        **parse_job_fields(row, "HyperParameterTuningJobStatus", "HyperParameterTuningEndTime"),
        strategy=strategy,
        detail=detail,
    )


def _resources(definition: ApiResponse) -> ApiResponse:
    """The instances of each training job; empty if SageMaker chooses among several types."""
    return definition.get("ResourceConfig") or definition.get("HyperParameterTuningResourceConfig") or {}


def _objective(config: ApiResponse, definitions: Sequence[ApiResponse]) -> str | None:
    """The metric of the whole job, or the common one of its definitions."""
    whole: str | None = (config.get("HyperParameterTuningJobObjective") or {}).get("MetricName")
    shared: str | None = _common((item.get("TuningObjective") or {}).get("MetricName") for item in definitions)
    return whole or shared


def _common(values: Iterable[Any]) -> Any:
    """The common value; None if the values differ."""
    distinct = list(dict.fromkeys(values))
    return distinct[0] if len(distinct) == 1 else None


DESCRIPTOR = KindDescriptor(
    kind=Kind.TUNING_JOB,
    api=API,
    resource_type=TuningJob,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=lambda _job: (),
    is_settled=lambda job: job.status in SETTLED_JOB,
    revision=lambda job: Revision(job.raw_status, job.last_modified_time),
)
