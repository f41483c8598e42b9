"""What a job reaches: the models that it made or used."""

from collections.abc import Sequence
from datetime import datetime

from aws.errors import AWSError
from aws.kinds import Kind
from aws.resources import JobDetail, Model, TrainingJob, TransformJob
from aws.statuses import JobStatus
from resolvers.lineage import ModelIndex, footprints
from resolvers.lookups import described
from resolvers.request import View


async def model_names(view: View, jobs: Sequence[TrainingJob | TransformJob]) -> Sequence[object]:
    """A batch function: the models of each job: what a transform job names, or what has a training job's artifact."""
    whole = await described(view, jobs)
    index = ModelIndex(())
    if any(isinstance(what, TrainingJob) for what in whole):
        scan = await view.inventory.scan(Kind.MODEL)
        models = [model for model in scan.resources if isinstance(model, Model)]
        index = ModelIndex(await footprints(view, models))
    return [_names(what, index) for what in whole]


def _names(what: object, index: ModelIndex) -> object:
    if isinstance(what, TransformJob) and what.detail:
        return (what.detail.model_name,)
    if isinstance(what, TrainingJob):
        return index.of(what)
    return what if isinstance(what, AWSError) else None


def execution_seconds(job: TrainingJob | TransformJob, detail: JobDetail, now: datetime) -> float | None:
    """Seconds from start to end, or to now while the job runs; None before it has started."""
    if detail.start_time is None:
        return None
    running = job.end_time is None and job.status in {JobStatus.IN_PROGRESS, JobStatus.STOPPING}
    end = now if running else job.end_time
    return None if end is None else max(0.0, (end - detail.start_time).total_seconds())
