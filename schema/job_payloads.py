"""What mutations of jobs answer with."""

import strawberry

from resolvers import job_changes
from schema.fields import shown, shows
from schema.interfaces import Job
from schema.jobs import TrainingJob, TransformJob
from schema.user_errors import Answer

CREATED = "True where it was made by this call; false where the same call had made it before, or nothing was made"


@shows(job_changes.TrainingJobPayload)
@strawberry.type(description="What came of creating a training job")
class CreateTrainingJobPayload(Answer):
    """See resolvers.job_changes.TrainingJobPayload."""

    training_job: TrainingJob | None = shown("The job, as it was read after it was made; null where it was not")
    created: bool = shown(CREATED)


@shows(job_changes.TransformJobPayload)
@strawberry.type(description="What came of creating a transform job")
class CreateTransformJobPayload(Answer):
    """See resolvers.job_changes.TransformJobPayload."""

    transform_job: TransformJob | None = shown("The job, as it was read after it was made; null where it was not")
    created: bool = shown(CREATED)


@shows(job_changes.StopPayload)
@strawberry.type(description="What came of stopping a job")
class StopJobPayload(Answer):
    """See resolvers.job_changes.StopPayload."""

    job: Job | None = shown("The job as it stops, or as it had ended; null where it was not stopped")
