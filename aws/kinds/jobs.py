"""Fields and settled states that all kinds of job share."""

from dataclasses import dataclass
from datetime import datetime

from aws.kinds.statuses import JobStatus

SETTLED_JOB = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class JobInput:
    """An input of a job; `channel` is the training channel's name."""

    channel: str | None
    s3_uri: str | None
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """The fields that describing any job adds to a listing's row."""

    failure_reason: str | None
    start_time: datetime | None
    inputs: tuple[JobInput, ...]
    output_s3_uri: str | None
    instance_type: str | None
    instance_count: int | None
