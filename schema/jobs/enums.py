"""The enums of jobs, with a description for each value."""

from aws.kinds.statuses import JobStatus, JobType
from aws.links.job_matching import MatchReason
from schema.enums import register_enum

__all__ = ["JobStatus", "JobType", "MatchReason"]

register_enum(
    JobStatus,
    "JobStatus",
    "The status of a job, in SageMaker's terms",
    {
        "IN_PROGRESS": "Running, or waiting to run",
        "COMPLETED": "Ended with success",
        "FAILED": "Failed; see `failureReason`",
        "STOPPING": "Being stopped",
        "STOPPED": "Stopped before its end",
        "DELETING": "Being deleted; training and tuning jobs only",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
    },
)
register_enum(
    JobType,
    "JobType",
    "The kinds of job",
    {
        "TRAINING": "A training job",
        "TRANSFORM": "A batch transform job",
        "PROCESSING": "A processing job; listed only if a filter names the type",
        "TUNING": "A hyper-parameter tuning job; listed only if a filter names the type",
    },
)
register_enum(
    MatchReason,
    "MatchReason",
    "The reason for which a job belongs to a model",
    {
        "MODEL_NAME": "The job names the model",
        "EXACT_ARTIFACT": "The job wrote an artifact that the model loads, or is a processing job that reads it",
        "ARTIFACT_PREFIX": (
            "The job wrote below an address that the model loads from, or is a processing job "
            "that reads the folder of the model's artifact"
        ),
        "MODEL_PACKAGE": "The job wrote a model package that the model comes from, or the package's artifact",
        "PIPELINE": "The job (processing, tuning) is a step of the pipeline execution that trained or registered the "
        "model",
        "LINKED": "A person of the group linked the job by hand; see `linkedBy`",
    },
)
