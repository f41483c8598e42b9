"""Which reader belongs to which kind."""

from collections.abc import Callable
from dataclasses import dataclass

from aws.kinds import Kind
from aws.readings import models, runtimes, snapshots, training_jobs, transform_jobs
from aws.readings.origin import ApiResponse, Provenance
from aws.resources import AnyResource

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
