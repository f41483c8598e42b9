"""Fields and settled states that all kinds of job share."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from aws.kinds.resource import ApiResponse
from aws.kinds.statuses import JobStatus, parse_status

SETTLED_JOB = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class JobInput:
    """An input of a job.

    Attributes:
        channel: The name of the training channel or processing input; None for a transform job.
        s3_uri: Its address in S3; None if it is elsewhere.
        content_type: Its MIME type; None if it is not set.
    """

    channel: str | None
    s3_uri: str | None
    content_type: str | None


@dataclass(frozen=True, slots=True)
class Experiment:
    """The experiment and trial that a job was started under. A pipeline names them after itself and its execution.

    Attributes:
        experiment_name: The name of the experiment.
        trial_name: The name of the trial.
    """

    experiment_name: str
    trial_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """The fields that a describe operation adds to the row of any job.

    Attributes:
        failure_reason: SageMaker's reason for a failure; None without one.
        start_time: The time at which it started to run; None before that.
        inputs: Its inputs.
        output_s3_uri: The address of its output in S3; None if it has none.
        instance_type: The instance type; None if it is not known.
        instance_count: The number of instances; None if it is not known.
        experiment: The experiment and trial; None outside of any trial.
    """

    failure_reason: str | None
    start_time: datetime | None
    inputs: tuple[JobInput, ...]
    output_s3_uri: str | None
    instance_type: str | None
    instance_count: int | None
    experiment: Experiment | None = None


class JobFields(TypedDict):
    """The fields of any job's row, beside those of every resource.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        end_time: The time at which it ended; None before that.
        last_modified_time: The time of the last change; None if SageMaker gives none.
    """

    status: JobStatus
    raw_status: str
    end_time: datetime | None
    last_modified_time: datetime | None


def parse_job_fields(row: ApiResponse, status_key: str, end_key: str) -> JobFields:
    """Parse the fields of all jobs in a row or description.

    Args:
        row: The row or description.
        status_key: The member with the status, which begins with the type of job.
        end_key: The member with the end, which begins with the type of job.
    """
    word = row[status_key]
    return JobFields(
        status=parse_status(JobStatus, word),
        raw_status=word,
        end_time=row.get(end_key),
        last_modified_time=row.get("LastModifiedTime"),
    )


def parse_job_input(channel: str | None, job_input: ApiResponse) -> JobInput:
    """Parse the input of a training job's channel, or of a transform job, whose `channel` is None."""
    source = ((job_input.get("DataSource") or {}).get("S3DataSource")) or {}
    return JobInput(channel, source.get("S3Uri"), job_input.get("ContentType"))


def parse_experiment(answer: ApiResponse) -> Experiment | None:
    """Parse the experiment of a described job; None if it was started outside of any trial."""
    config = answer.get("ExperimentConfig") or {}
    experiment, trial = config.get("ExperimentName"), config.get("TrialName")
    return Experiment(experiment, trial) if experiment and trial else None
