"""Jobs: created, each once, and stopped."""

from dataclasses import dataclass

from aws.resources import AnyJob, TrainingJob, TransformJob
from aws.statuses import JobType
from aws.writing.inputs import NewTrainingJob, NewTransformJob
from aws.writing.writer import Writer
from resolvers.acts import MutationContext
from resolvers.making import Targeted, create, take_write_access
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJobResult:
    """What `createTrainingJob` answers with."""

    training_job: TrainingJob | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJobResult:
    """What `createTransformJob` answers with."""

    transform_job: TransformJob | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True)
class StopJob:
    """Which job to stop (`StopJobInput`)."""

    type: JobType
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopJobResult:
    """What `stopJob` answers with."""

    job: AnyJob | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_training_job(context: MutationContext, targeted: Targeted[NewTrainingJob]) -> TrainingJobResult:
    """Creates a training job."""
    made = await create(context, targeted, TrainingJob, Writer.create_training_job)
    return TrainingJobResult(training_job=made.resource, created=made.created)


async def create_transform_job(context: MutationContext, targeted: Targeted[NewTransformJob]) -> TransformJobResult:
    """Creates a transform job."""
    made = await create(context, targeted, TransformJob, Writer.create_transform_job)
    return TransformJobResult(transform_job=made.resource, created=made.created)


async def stop_job(context: MutationContext, targeted: Targeted[StopJob]) -> StopJobResult:
    """Stops a job, and shows it as it stops; one that has ended is shown as it is."""
    what = targeted.value
    sort = TrainingJob if what.type is JobType.TRAINING else TransformJob
    hand = await take_write_access(context, targeted, sort, what.name)
    return StopJobResult(job=await hand.writer.stop_job(what.type, what.name))
