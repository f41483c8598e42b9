"""Which reader belongs to which kind."""

from collections.abc import Callable
from dataclasses import dataclass

from aws.kinds import Kind
from aws.readings import models, runtimes, snapshots, training_jobs, transform_jobs
from aws.readings.origin import Answer, Origin
from aws.resources import AnyResource

Reader = Callable[[Answer, Origin], AnyResource]


@dataclass(frozen=True, slots=True)
class Readers:
    """How a row of a listing and a description of one kind become a resource."""

    summary: Reader
    description: Reader


READERS = {
    Kind.MODEL: Readers(models.summary, models.description),
    Kind.SNAPSHOT: Readers(snapshots.summary, snapshots.description),
    Kind.RUNTIME: Readers(runtimes.summary, runtimes.description),
    Kind.TRAINING_JOB: Readers(training_jobs.summary, training_jobs.description),
    Kind.TRANSFORM_JOB: Readers(transform_jobs.summary, transform_jobs.description),
}
