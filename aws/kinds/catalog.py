"""Catalog of all kinds: the union of their types, and their parsers."""

from collections.abc import Callable
from dataclasses import dataclass

from aws.kinds import models, runtimes, snapshots, training_jobs, transform_jobs
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.resource import ApiResponse, Provenance
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob

AnyResource = Model | Snapshot | Runtime | TrainingJob | TransformJob
AnyJob = TrainingJob | TransformJob

Parser = Callable[[ApiResponse, Provenance], AnyResource]


@dataclass(frozen=True, slots=True)
class KindParsers:
    """How a row of a listing and a description of one kind become a resource."""

    summary: Parser
    description: Parser


PARSERS = {
    Kind.MODEL: KindParsers(models.parse_summary, models.parse_description),
    Kind.SNAPSHOT: KindParsers(snapshots.parse_summary, snapshots.parse_description),
    Kind.RUNTIME: KindParsers(runtimes.parse_summary, runtimes.parse_description),
    Kind.TRAINING_JOB: KindParsers(training_jobs.parse_summary, training_jobs.parse_description),
    Kind.TRANSFORM_JOB: KindParsers(transform_jobs.parse_summary, transform_jobs.parse_description),
}
