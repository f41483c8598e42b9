"""Settled states: whether a resource stays as it is until somebody changes it."""

from aws.kinds.catalog import AnyResource
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import JobStatus, RuntimeStatus
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob

_UNSETTLED_JOB = frozenset({JobStatus.IN_PROGRESS, JobStatus.STOPPING, JobStatus.DELETING, JobStatus.UNKNOWN})


def is_unsettled_job(row: AnyResource) -> bool:
    """Tell whether this is a job that may still change by itself."""
    return isinstance(row, TrainingJob | TransformJob) and row.status in _UNSETTLED_JOB


# Only in these does a runtime stay as it is until somebody changes it.
_SETTLED_RUNTIME = frozenset({RuntimeStatus.IN_SERVICE, RuntimeStatus.OUT_OF_SERVICE, RuntimeStatus.FAILED})
_SETTLED_JOB = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})


def is_settled(what: AnyResource) -> bool:
    """Whether it stays as it is until somebody changes it."""
    if isinstance(what, Runtime):
        return what.status in _SETTLED_RUNTIME
    return isinstance(what, Model | Snapshot) or what.status in _SETTLED_JOB


def has_not_started(job: TransformJob) -> bool:
    """Whether it has yet to begin, of which no row tells: the status stays, and descriptions have no time of change."""
    return not is_settled(job) and (job.detail is None or job.detail.start_time is None)
