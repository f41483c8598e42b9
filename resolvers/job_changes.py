"""Jobs: created, each once, and stopped."""

from dataclasses import dataclass

from aws.resources import AnyJob, TrainingJob, TransformJob
from aws.statuses import JobType
from aws.writing.inputs import NewTrainingJob, NewTransformJob
from aws.writing.writer import Writer
from resolvers.acts import Act
from resolvers.making import Asked, make, take
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJobPayload:
    """What `createTrainingJob` answers with."""

    training_job: TrainingJob | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformJobPayload:
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
class StopPayload:
    """What `stopJob` answers with."""

    job: AnyJob | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_training_job(act: Act, asked: Asked[NewTrainingJob]) -> TrainingJobPayload:
    """Creates a training job."""
    made = await make(act, asked, TrainingJob, Writer.create_training_job)
    return TrainingJobPayload(training_job=made.resource, created=made.created)


async def create_transform_job(act: Act, asked: Asked[NewTransformJob]) -> TransformJobPayload:
    """Creates a transform job."""
    made = await make(act, asked, TransformJob, Writer.create_transform_job)
    return TransformJobPayload(transform_job=made.resource, created=made.created)


async def stop_job(act: Act, asked: Asked[StopJob]) -> StopPayload:
    """Stops a job, and shows it as it stops; one that has ended is shown as it is."""
    what = asked.what
    sort = TrainingJob if what.type is JobType.TRAINING else TransformJob
    hand = await take(act, asked, sort, what.name)
    return StopPayload(job=await hand.writer.stop_job(what.type, what.name))
