"""Relations of models: snapshots, and the jobs that made and used them."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from aws.kinds.catalog import JOB_TYPES, AnyResource, link_keys
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.job_matching import Footprint, artifact_query, footprints
from resolvers.lists.connections import PageArguments
from resolvers.lists.filters import JobFilter, check_filter, job_kinds
from resolvers.lists.job_members import members_of_models
from resolvers.lists.linked_relations import LinkedRelation, relation_pages
from resolvers.lists.members import MembersOfLists
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView


def _names_model(name: str, resource: AnyResource) -> object | None:
    return name in link_keys(resource, LinkType.MODEL_NAME) or None


_SNAPSHOTS: Final = LinkedRelation(
    "Model.snapshots", (Kind.SNAPSHOT,), lambda name: (Link(LinkType.MODEL_NAME, name),), _names_model
)


async def snapshots(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: a page of the snapshots that name each of the models in any variant or pool."""
    return await relation_pages(view, _SNAPSHOTS, [model.name for model in models], page)


async def jobs(view: ResourceView, models: Sequence[Model], page: PageArguments, filter: JobFilter) -> Sequence[object]:
    """A batch function: a page of the jobs that belong to each of the models, each with its reason; see `JobFilter`."""
    check_filter(filter)
    whole = await with_detail(view, models)
    readable = [resource for resource in whole if isinstance(resource, Model)]
    result = await footprints(view.inventory, readable)
    members = await members_of_models(view, result, job_kinds(filter), readable, whole=page.needs.whole)
    pages = await relation_pages(view, _jobs_of(result, filter, members), result, page)
    if len(readable) == len(whole):
        return pages
    answers = iter(pages)
    return [next(answers) if isinstance(described, Model) else described for described in whole]


def _jobs_of(prints: Sequence[Footprint], filter: JobFilter, members: MembersOfLists) -> LinkedRelation:
    kinds = job_kinds(filter)
    return LinkedRelation(
        "Model.jobs",
        kinds,
        lambda footprint: footprint.links_of(kinds),
        _match_reason,
        parent_name=attrgetter("name"),
        # A package that may not be read counts as unreadable: it might have shown more jobs.
        unreadable=lambda footprint: len(footprint.refusals),
        filter=filter,
        marks=lambda: artifact_query(prints),
        shows_reasons=True,
        members=members,
    )


def _match_reason(footprint: Footprint, job: AnyResource) -> object | None:
    return footprint.match(job) if isinstance(job, JOB_TYPES) else None
