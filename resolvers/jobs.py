"""What a job reaches: the models that it made or used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.errors import AWSError
from aws.kinds import Kind
from aws.lineage import ModelIndex, footprints
from aws.resources import JobDetail, Model, TrainingJob, TransformJob
from aws.statuses import JobStatus
from resolvers.errors import ScanBoundError
from resolvers.lookups import described
from resolvers.sights import Sight


async def model_names(view: Sight, jobs: Sequence[TrainingJob | TransformJob]) -> Sequence[object]:
    """A batch function: the models of each job: what a transform job names, or what has a training job's artifact."""
    whole = await described(view, jobs)
    makers = await _makers(view) if any(isinstance(what, TrainingJob) for what in whole) else _NO_MAKERS
    return [_names(what, makers) for what in whole]


@dataclass(frozen=True, slots=True)
class _Makers:
    """The models by what training jobs leave, and what stands in the way of saying that there are no others."""

    index: ModelIndex
    doubt: Exception | None


_NO_MAKERS = _Makers(ModelIndex(()), None)


async def _makers(view: Sight) -> _Makers:
    """Transform jobs name their model themselves, so a failure here is told of training jobs alone."""
    try:
        scan = await view.inventory.scan(Kind.MODEL)
        prints = await footprints(view.inventory, [model for model in scan.resources if isinstance(model, Model)])
    except AWSError as error:
        return _Makers(ModelIndex(()), error)
    doubt: Exception | None = scan.refusal or next((each.refusal for each in prints if each.refusal), None)
    if doubt is None and scan.complete_as_of is None:
        doubt = ScanBoundError(
            f"Only the newest {len(scan.resources)} models were looked at (`limits.scan`); others may be of this job."
        )
    return _Makers(ModelIndex(prints), doubt)


def _names(what: object, makers: _Makers) -> object:
    if isinstance(what, TransformJob) and what.detail:
        return (what.detail.model_name,)
    if isinstance(what, TrainingJob):
        # "There is none" can only be said if nothing was hidden; a job that has left nothing has made no model.
        return makers.index.of(what) or (makers.doubt if _has_left_something(what) else None) or ()
    return what if isinstance(what, AWSError) else None


def _has_left_something(job: TrainingJob) -> bool:
    detail = job.detail
    return detail is not None and bool(detail.model_artifacts_s3_uri or detail.output_model_package_arn)


def execution_seconds(job: TrainingJob | TransformJob, detail: JobDetail, now: datetime) -> float | None:
    """Seconds from start to end, or to now while the job runs; None before it has started."""
    if detail.start_time is None:
        return None
    running = job.end_time is None and job.status in {JobStatus.IN_PROGRESS, JobStatus.STOPPING}
    end = now if running else job.end_time
    return None if end is None else max(0.0, (end - detail.start_time).total_seconds())
