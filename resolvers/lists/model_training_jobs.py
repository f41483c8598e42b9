"""The training jobs of models, which lead to the models' tuning jobs and pipeline executions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.link_queries import Coverage, LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.kinds.kind import Kind
from aws.kinds.training_jobs import TrainingJob
from aws.links.job_matching import Footprint, MatchReason, artifact_query
from resolvers.lists.matching import first_failure
from resolvers.lookups import with_detail
from resolvers.views.resource_view import LiveView, ResourceView


@dataclass(frozen=True, slots=True)
class OwnTrainingJobs:
    """The training jobs of one model.

    Attributes:
        jobs: Each job that may be read, with its reason.
        unreadable: The number of jobs that the role may not describe.
        failure: Why they are not known, if it is no refusal.
    """

    jobs: tuple[tuple[TrainingJob, MatchReason], ...]
    unreadable: int
    failure: AWSError | None = None


@dataclass(frozen=True, slots=True)
class ModelTrainingJobs:
    """The training jobs of each model.

    Attributes:
        lists: The jobs of each model.
        coverage: How far these are all there are.
    """

    lists: Sequence[OwnTrainingJobs]
    coverage: Coverage


async def training_jobs_of(view: ResourceView, prints: Sequence[Footprint], *, whole: bool = True) -> ModelTrainingJobs:
    """The training jobs of each model.

    Args:
        view: The view that they are read through.
        prints: The footprints of the models.
        whole: True for all, so that the links of every training job of the account are read, once. False for those that
            the addresses of the models' artifacts name, a description each: it stays open whether there are more. Of
            models that load a folder of several jobs, all are read in any case.

    Raises:
        AWSError: A list, or a description with links, could not be read, for another reason than access
            denied.
    """
    if whole or not isinstance(view, LiveView) or any(footprint.loads_many for footprint in prints):
        return await _linked_jobs(view, prints)
    return await _named_jobs(view, prints)


async def _linked_jobs(view: ResourceView, prints: Sequence[Footprint]) -> ModelTrainingJobs:
    queries = tuple(LinkQuery(tuple(footprint.reasons), EVERY_ROW) for footprint in prints)
    marks = artifact_query(prints)
    linked = await view.inventory.linked(LinkedQuery((Kind.TRAINING_JOB,), queries, whole=True, marks=marks))
    rows = {row.name: row for page in linked.pages for row in page}
    found = dict(zip(rows, await with_detail(view, list(rows.values())), strict=True))
    lists = [
        _own(footprint, [found[row.name] for row in page]) for footprint, page in zip(prints, linked.pages, strict=True)
    ]
    return ModelTrainingJobs(lists, linked.coverage)


async def _named_jobs(view: LiveView, prints: Sequence[Footprint]) -> ModelTrainingJobs:
    names = dict.fromkeys(name for footprint in prints for name in footprint.training_job_names)
    found: Mapping[str, Described] = await view.inventory.describe(Kind.TRAINING_JOB, names) if names else {}
    lists = [_own(footprint, [found[name] for name in footprint.training_job_names]) for footprint in prints]
    times = [job.creation_time for own in lists for job, _ in own.jobs if job.creation_time]
    return ModelTrainingJobs(lists, Coverage(None, min(times, default=view.inventory.fresh_since), 0))


def _own(footprint: Footprint, described: Sequence[Described]) -> OwnTrainingJobs:
    jobs = [job for job in described if isinstance(job, TrainingJob)]
    matched = tuple((job, reason) for job in jobs if (reason := footprint.match(job)) is not None)
    denied = sum(isinstance(job, AccessDeniedError) for job in described)
    return OwnTrainingJobs(matched, denied, first_failure(described))
