"""Jobs: the models of a job; creating and stopping jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.client.errors import AWSError
from aws.kinds.catalog import JOB_TYPES, AnyJob, links
from aws.kinds.jobs import JobDetail
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.processing_jobs import ProcessingJob
from aws.kinds.statuses import JobStatus, JobType
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.kinds.tuning_jobs import TuningJob
from aws.links.job_matching import ModelIndex, footprints
from aws.write.inputs import NewTrainingJob, NewTransformJob
from aws.write.writer import Writer
from registry.errors import RegistryUnavailableError
from resolvers.errors import ScanBoundError, UserError, UserErrorCode, user_fault
from resolvers.lists.linked_jobs import models_linked_to
from resolvers.lookups import models_named, models_or_errors, with_detail
from resolvers.mutations.aws_changes import Targeted, create, take_write_access
from resolvers.mutations.context import MutationContext
from resolvers.tuning_jobs import DescribedJobs, described_tuned_jobs
from resolvers.views.resource_view import ResourceView, Viewed, viewed


async def model_names(view: ResourceView, jobs: Sequence[AnyJob]) -> Sequence[object]:
    """A batch function: the names of the models of each job.

    A transform job names its model. A training job has made those that load its artifact, a tuning job those of the
    training jobs that it has started; a processing job reads or writes the artifact.
    """
    whole = await with_detail(view, jobs)
    tuners = [job for job in whole if isinstance(job, TuningJob)]
    tuned = await described_tuned_jobs(view, tuners) if tuners else {}
    by_artifact = any(isinstance(job, TrainingJob | ProcessingJob | TuningJob) for job in whole)
    produced = await _produced_models(view) if by_artifact else _NO_MODELS
    linked = await models_linked_to(view, [job for job in whole if isinstance(job, JOB_TYPES)])
    return [_with_linked(_model_names_of(described, produced, tuned), described, linked) for described in whole]


async def models(view: ResourceView, jobs: Sequence[AnyJob]) -> Sequence[object]:
    """A batch function: the models of each job, in the order of their names; None for one that is gone."""
    return await models_or_errors(view, await model_names(view, jobs))


async def models_of_transform_jobs(view: ResourceView, jobs: Sequence[TransformJob]) -> Sequence[object]:
    """A batch function: the model that each transform job names; None if that is gone."""
    whole = await with_detail(view, jobs)
    names = [
        resource.detail.model_name if isinstance(resource, TransformJob) and resource.detail else None
        for resource in whole
    ]
    viewed = await models_named(view, names)
    return [
        described if isinstance(described, AWSError) else model for described, model in zip(whole, viewed, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _ProducedModels:
    """The models by the artifacts that training jobs leave.

    Attributes:
        index: The models.
        incomplete: The reason why there may be others; None if these are all.
    """

    index: ModelIndex
    incomplete: Exception | None


_NO_MODELS = _ProducedModels(ModelIndex(()), None)
_LINKS_UNKNOWN = (
    "It is not known whether the job is linked to a model by hand: the registry does not answer. Ask again."
)


async def _produced_models(view: ResourceView) -> _ProducedModels:
    """Transform jobs name their model themselves, so a failure here is reported for training jobs alone."""
    try:
        scan = await view.inventory.scan(Kind.MODEL)
        prints = await footprints(view.inventory, [model for model in scan.resources if isinstance(model, Model)])
    except AWSError as error:
        return _ProducedModels(ModelIndex(()), error)
    doubt: Exception | None = scan.refusal or next(
        (footprint.refusal for footprint in prints if footprint.refusal), None
    )
    if doubt is None and scan.complete_as_of is None:
        doubt = ScanBoundError(
            f"Only the newest {len(scan.resources)} models were checked (`limits.scan`); older ones may "
            "belong to this job."
        )
    return _ProducedModels(ModelIndex(prints), doubt)


def _model_names_of(described: object, produced: _ProducedModels, tuned: Mapping[str, DescribedJobs]) -> object:
    if isinstance(described, TransformJob) and described.detail:
        return (described.detail.model_name,)
    if isinstance(described, TuningJob):
        jobs = tuned[described.name]
        parts = jobs if isinstance(jobs, AWSError) else [_names_by_artifact(job, produced) for job in jobs]
        return parts if isinstance(parts, AWSError) else _joined(parts)
    if isinstance(described, TrainingJob | ProcessingJob):
        return _names_by_artifact(described, produced)
    return described if isinstance(described, AWSError) else None


def _with_linked(names: object, job: object, linked: Mapping[tuple[Kind, str], Sequence[str]] | None) -> object:
    """The names, and those of models that the job is linked to by hand; without any, the error if links are unknown."""
    if not isinstance(job, JOB_TYPES):
        return names
    if linked is None:
        return RegistryUnavailableError(_LINKS_UNKNOWN) if names == () else names
    by_hand = linked.get((job.kind, job.name), ())
    return tuple(sorted({*(names if isinstance(names, tuple) else ()), *by_hand})) if by_hand else names


def _names_by_artifact(job: AnyJob | AWSError, produced: _ProducedModels) -> object:
    """The names; "there is none" can only be said if nothing was hidden, but a job without address has no model."""
    if isinstance(job, AWSError):
        return job
    return produced.index.models_of(job) or (produced.incomplete if links(job) else None) or ()


def _joined(parts: Sequence[object]) -> object:
    """The names of all parts; without any, the first reason why some are unknown."""
    names = dict.fromkeys(name for part in parts if isinstance(part, tuple) for name in part)
    unknown = next((part for part in parts if isinstance(part, Exception)), None)
    return tuple(sorted(names)) or unknown or ()


def execution_seconds(job: AnyJob, detail: JobDetail, now: datetime) -> float | None:
    """Seconds from start to end of a job with this detail, or to `now` while it runs; None before it has started."""
    if detail.start_time is None:
        return None
    running = job.end_time is None and job.status in {JobStatus.IN_PROGRESS, JobStatus.STOPPING}
    end = now if running else job.end_time
    return None if end is None else max(0.0, (end - detail.start_time).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJobResult:
    """The result of `createTrainingJob`.

    Attributes:
        training_job: The job; None if the input is at fault.
        created: True if this call created it; False if it was there, with the same inputs.
        user_errors: The faults of the input.
    """

    training_job: Viewed[TrainingJob] | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJobResult:
    """The result of `createTransformJob`.

    Attributes:
        transform_job: The job; None if the input is at fault.
        created: True if this call created it; False if it was there, with the same inputs.
        user_errors: The faults of the input.
    """

    transform_job: Viewed[TransformJob] | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True)
class StopJob:
    """The job to stop (`StopJobInput`).

    Attributes:
        type: The type of the job; only training and transform jobs can be stopped.
        name: The job's name.
    """

    type: JobType
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopJobResult:
    """The result of `stopJob`.

    Attributes:
        job: The job as it stops; None if the input is at fault.
        user_errors: The faults of the input.
    """

    job: Viewed[AnyJob] | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_training_job(context: MutationContext, targeted: Targeted[NewTrainingJob]) -> TrainingJobResult:
    """Create the training job that the targeted input describes."""
    made = await create(context, targeted, TrainingJob, Writer.create_training_job)
    return TrainingJobResult(training_job=made.resource, created=made.created)


async def create_transform_job(context: MutationContext, targeted: Targeted[NewTransformJob]) -> TransformJobResult:
    """Create the transform job that the targeted input describes."""
    made = await create(context, targeted, TransformJob, Writer.create_transform_job)
    return TransformJobResult(transform_job=made.resource, created=made.created)


async def stop_job(context: MutationContext, targeted: Targeted[StopJob]) -> StopJobResult:
    """Stop the targeted job, and show it as it stops; one that has ended is shown as it is.

    Raises:
        UserFaultError: Jobs of its type cannot be stopped.
    """
    wanted = targeted.value
    if wanted.type not in {JobType.TRAINING, JobType.TRANSFORM}:
        message = f"Jobs of type {wanted.type.name} cannot be stopped here. Stop it in SageMaker."
        raise user_fault(message, UserErrorCode.INVALID, "type")
    job_class = TrainingJob if wanted.type is JobType.TRAINING else TransformJob
    access = await take_write_access(context, targeted, job_class, wanted.name)
    return StopJobResult(job=viewed(access.view, await access.writer.stop_job(wanted.type, wanted.name)))
