"""The training jobs of models, whole: what tells of a model's tuning jobs and of its pipeline executions."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws.client.errors import AccessDeniedError
from aws.inventory.link_queries import Coverage, LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.kinds.kind import Kind
from aws.kinds.training_jobs import TrainingJob
from aws.links.job_matching import Footprint, MatchReason, artifact_query
from resolvers.lists.matching import readable_or_denied
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class OwnTrainingJobs:
    """The described training jobs of one model with the reason for each, and how many the role may not describe."""

    jobs: tuple[tuple[TrainingJob, MatchReason], ...]
    unreadable: int


@dataclass(frozen=True, slots=True)
class ModelTrainingJobs:
    """The training jobs of each model, and how far these are all there are."""

    lists: Sequence[OwnTrainingJobs]
    coverage: Coverage


async def training_jobs_of(view: ResourceView, prints: Sequence[Footprint]) -> ModelTrainingJobs:
    """Every training job of each model.

    Raises:
        AWSError: A list or a description could not be read, for another reason than access denied.
    """
    queries = tuple(LinkQuery(tuple(footprint.reasons), EVERY_ROW) for footprint in prints)
    marks = artifact_query(prints)
    linked = await view.inventory.linked(LinkedQuery((Kind.TRAINING_JOB,), queries, whole=True, marks=marks))
    lists = []
    for footprint, rows in zip(prints, linked.pages, strict=True):
        read = [readable_or_denied(job) for job in await with_detail(view, rows)]
        jobs = [job for job in read if isinstance(job, TrainingJob)]
        matched = tuple((job, reason) for job in jobs if (reason := footprint.match(job)) is not None)
        denied = sum(isinstance(job, AccessDeniedError) for job in read)
        lists.append(OwnTrainingJobs(matched, denied))
    return ModelTrainingJobs(lists, linked.coverage)
