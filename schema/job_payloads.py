"""What mutations of jobs answer with."""

import strawberry

from resolvers import job_changes
from schema.fields import attribute, backed_by
from schema.interfaces import Job
from schema.jobs import TrainingJob, TransformJob
from schema.user_errors import MutationPayload

CREATED_DESCRIPTION = (
    "True where it was made by this call; false where the same call had made it before, or nothing was made"
)


@backed_by(job_changes.TrainingJobResult)
@strawberry.type(description="What came of creating a training job")
class CreateTrainingJobPayload(MutationPayload):
    """See resolvers.job_changes.TrainingJobPayload."""

    training_job: TrainingJob | None = attribute("The job, as it was read after it was made; null where it was not")
    created: bool = attribute(CREATED_DESCRIPTION)


@backed_by(job_changes.TransformJobResult)
@strawberry.type(description="What came of creating a transform job")
class CreateTransformJobPayload(MutationPayload):
    """See resolvers.job_changes.TransformJobPayload."""

    transform_job: TransformJob | None = attribute("The job, as it was read after it was made; null where it was not")
    created: bool = attribute(CREATED_DESCRIPTION)


@backed_by(job_changes.StopJobResult)
@strawberry.type(description="What came of stopping a job")
class StopJobPayload(MutationPayload):
    """See resolvers.job_changes.StopPayload."""

    job: Job | None = attribute("The job as it stops, or as it had ended; null where it was not stopped")
