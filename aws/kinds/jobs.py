"""Fields and settled states that all kinds of job share."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from aws.kinds.resource import ApiResponse
from aws.kinds.statuses import JobStatus, parse_status

SETTLED_JOB = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class JobInput:
    """An input of a job; `channel` is the training channel's name."""

    channel: str | None
    s3_uri: str | None
    content_type: str | None


@dataclass(frozen=True, slots=True)
class Experiment:
    """The experiment and trial that a job was started under. A pipeline names them after itself and its execution."""

    experiment_name: str
    trial_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """The fields that describing any job adds to a listing's row."""

    failure_reason: str | None
    start_time: datetime | None
    inputs: tuple[JobInput, ...]
    output_s3_uri: str | None
    instance_type: str | None
    instance_count: int | None
    experiment: Experiment | None = None


class JobFields(TypedDict):
    """The fields of any job's row, beside those of every resource."""

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None


def parse_job_fields(row: ApiResponse, status_key: str, end_key: str) -> JobFields:
    """The fields that rows and descriptions of all jobs have; two of their keys begin with the job's type."""
    word = row[status_key]
    return JobFields(
        status=parse_status(JobStatus, word),
        raw_status=word,
        end_time=row.get(end_key),
        last_modified_time=row.get("LastModifiedTime"),
    )


def parse_job_input(channel: str | None, job_input: ApiResponse) -> JobInput:
    """The input of a training job's channel, or of a transform job, which has no channels."""
    source = ((job_input.get("DataSource") or {}).get("S3DataSource")) or {}
    return JobInput(channel, source.get("S3Uri"), job_input.get("ContentType"))


def parse_experiment(answer: ApiResponse) -> Experiment | None:
    """The experiment of a described job; None if it was started outside of any trial."""
    config = answer.get("ExperimentConfig") or {}
    experiment, trial = config.get("ExperimentName"), config.get("TrialName")
    return Experiment(experiment, trial) if experiment and trial else None
