"""Relations of models: snapshots, and the jobs that made and used them."""

from collections.abc import Hashable, Sequence

from aws.kinds.catalog import AnyResource, link_keys
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import JOB_KINDS, Kind
from aws.kinds.models import Model
from aws.kinds.statuses import JobType
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.links.job_matching import Footprint, artifact_query, footprints
from resolvers.lists.connections import PageArguments
from resolvers.lists.filters import JobFilter, check_filter
from resolvers.lists.linked_pages import LinkedList, LinkedLists, linked_pages
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView


async def snapshots(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: the snapshots that name each model in any variant or pool."""
    lists = [
        LinkedList(model.name, ("Model.snapshots", model.name), (Link(LinkType.MODEL_NAME, model.name),))
        for model in models
    ]
    return await linked_pages(view, LinkedLists((Kind.SNAPSHOT,), lists, _names_model), page)


async def _names_model(_view: ResourceView, pairs: Sequence[tuple[Hashable, AnyResource]]) -> Sequence[object | None]:
    return [name in link_keys(resource, LinkType.MODEL_NAME) or None for name, resource in pairs]


async def jobs(view: ResourceView, models: Sequence[Model], page: PageArguments, filter: JobFilter) -> Sequence[object]:
    """A batch function: the jobs that belong to each model, each with the reason why."""
    check_filter(filter)
    whole = await with_detail(view, models)
    result = await footprints(view.inventory, [resource for resource in whole if isinstance(resource, Model)])
    # A package that may not be read counts as unreadable: it might have shown more jobs.
    lists = [
        LinkedList(footprint, ("Model.jobs", footprint.name, filter), tuple(footprint.reasons), len(footprint.refusals))
        for footprint in result
    ]
    answers = iter(
        await linked_pages(
            view,
            LinkedLists(job_kinds(filter.type), lists, _match_reasons, filter, artifact_query(result), True),
            page,
        )
    )
    return [next(answers) if isinstance(described, Model) else described for described in whole]


async def _match_reasons(_view: ResourceView, pairs: Sequence[tuple[Hashable, AnyResource]]) -> Sequence[object | None]:
    return [
        footprint.match(job)
        if isinstance(footprint, Footprint) and isinstance(job, TrainingJob | TransformJob)
        else None
        for footprint, job in pairs
    ]


def job_kinds(job_type: JobType | None) -> tuple[Kind, ...]:
    """The kinds of job to look at."""
    if job_type is None:
        return JOB_KINDS
    return (Kind.TRAINING_JOB,) if job_type is JobType.TRAINING else (Kind.TRANSFORM_JOB,)
