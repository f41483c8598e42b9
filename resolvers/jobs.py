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
from resolvers.lookups import with_detail
from resolvers.sights import ResourceView


async def model_names(view: ResourceView, jobs: Sequence[TrainingJob | TransformJob]) -> Sequence[object]:
    """A batch function: the models of each job: what a transform job names, or what has a training job's artifact."""
    whole = await with_detail(view, jobs)
    makers = await _produced_models(view) if any(isinstance(what, TrainingJob) for what in whole) else _NO_MODELS
    return [_model_names_of(what, makers) for what in whole]


@dataclass(frozen=True, slots=True)
class _ProducedModels:
    """The models by what training jobs leave, and what stands in the way of saying that there are no others."""

    index: ModelIndex
    incomplete: Exception | None


_NO_MODELS = _ProducedModels(ModelIndex(()), None)


async def _produced_models(view: ResourceView) -> _ProducedModels:
    """Transform jobs name their model themselves, so a failure here is told of training jobs alone."""
    try:
        scan = await view.inventory.scan(Kind.MODEL)
        prints = await footprints(view.inventory, [model for model in scan.resources if isinstance(model, Model)])
    except AWSError as error:
        return _ProducedModels(ModelIndex(()), error)
    doubt: Exception | None = scan.refusal or next((each.refusal for each in prints if each.refusal), None)
    if doubt is None and scan.complete_as_of is None:
        doubt = ScanBoundError(
            f"Only the newest {len(scan.resources)} models were looked at (`limits.scan`); others may be of this job."
        )
    return _ProducedModels(ModelIndex(prints), doubt)


def _model_names_of(described: object, produced: _ProducedModels) -> object:
    if isinstance(described, TransformJob) and described.detail:
        return (described.detail.model_name,)
    if isinstance(described, TrainingJob):
        # "There is none" can only be said if nothing was hidden; a job that has left nothing has made no model.
        return produced.index.models_of(described) or (produced.incomplete if _has_output(described) else None) or ()
    return described if isinstance(described, AWSError) else None


def _has_output(job: TrainingJob) -> bool:
    detail = job.detail
    return detail is not None and bool(detail.model_artifacts_s3_uri or detail.output_model_package_arn)


def execution_seconds(job: TrainingJob | TransformJob, detail: JobDetail, now: datetime) -> float | None:
    """Seconds from start to end, or to now while the job runs; None before it has started."""
    if detail.start_time is None:
        return None
    running = job.end_time is None and job.status in {JobStatus.IN_PROGRESS, JobStatus.STOPPING}
    end = now if running else job.end_time
    return None if end is None else max(0.0, (end - detail.start_time).total_seconds())
