"""Jobs that people of the view's own group have linked to models by hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.link_queries import LinkedQuery
from aws.kinds.catalog import AnyJob, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.job_matching import MatchReason
from registry.enums import ElementKind
from registry.job_links import JobLink, LinkOwner
from resolvers.job_link_cache import NO_LINKS, LinksOfGroup
from resolvers.lists.connections import LinkedByHand
from resolvers.lists.linked_pages import linked_kinds
from resolvers.lists.members import ListMembers, Member
from resolvers.views.resource_view import LiveView, ResourceView


async def links_of_view(view: ResourceView) -> LinksOfGroup | None:
    """The links of the view's own group in its account and region; a caller without groups has none.

    None if the registry does not answer, and nothing was read before.
    """
    if view.group is None:
        return NO_LINKS
    owner = LinkOwner(view.group, view.account_id, view.region)
    return await view.services.job_links.of_group(owner, view.inventory.fresh_since)


async def linked_jobs(
    view: ResourceView, models: Sequence[Model], kinds: Collection[Kind]
) -> Sequence[ListMembers] | None:
    """The jobs of these kinds that are linked to each model; none if nothing is, None if it is not known which are.

    A job that is listed is a member, even if AWS shows other links of it now. One that is not listed so far and that
    AWS does not describe is counted, since it may be gone; if that is no refusal, its list is open.

    Raises:
        AWSError: A list could not be read.
    """
    known = await links_of_view(view) if models else NO_LINKS
    if known is None:
        return None
    if known is NO_LINKS:
        return ()
    own = [
        [link for link in known.of_model(model.name) if Kind[link.kind.name] in kinds and _is_of(link, model)]
        for model in models
    ]
    wanted: dict[Kind, dict[str, None]] = defaultdict(dict)
    for link in chain.from_iterable(own):
        wanted[Kind[link.kind.name]][link.name] = None
    jobs = {kind: await _jobs(view, kind, names) for kind, names in wanted.items()}
    return [_members(links, jobs) for links in own]


async def _jobs(view: ResourceView, kind: Kind, names: Iterable[str]) -> Mapping[str, Described]:
    """The jobs of these names: rows of their list, of which only those that are shown are described.

    A job that is not listed so far is described.
    """
    listed: Mapping[str, AnyResource] = {}
    if isinstance(view, LiveView) and (kinds := linked_kinds((kind,))):
        await view.inventory.linked(LinkedQuery(kinds))
        listed = view.inventory.listed(kind, names)
    described = await view.inventory.describe(kind, [name for name in names if name not in listed])
    return {**listed, **described}


def _members(links: Sequence[JobLink], jobs: Mapping[Kind, Mapping[str, Described]]) -> ListMembers:
    members, unreadable, open_kinds = [], 0, set()
    for link in links:
        job = jobs[Kind[link.kind.name]][link.name]
        if isinstance(job, AWSError):
            unreadable += 1
            open_kinds |= set() if isinstance(job, AccessDeniedError) else {Kind[link.kind.name]}
        elif job is not None and _is_same(job.creation_time, link.job_created_at):
            members.append(Member(job, LinkedByHand(MatchReason.LINKED, link.linked_by)))
    return ListMembers(tuple(members), unreadable, frozenset(open_kinds))


async def models_linked_to(
    view: ResourceView, jobs: Sequence[AnyJob]
) -> Mapping[tuple[Kind, str], Sequence[str]] | None:
    """The names of the models that each job is linked to by hand, by the job's kind and name.

    None if it is not known which are linked.
    """
    links = await links_of_view(view) if jobs else NO_LINKS
    if links is None:
        return None
    own = [
        ((job.kind, job.name), link)
        for job in jobs
        for link in links.of_job(ElementKind[job.kind.name], job.name)
        if _is_same(job.creation_time, link.job_created_at)
    ]
    if not own:
        return {}
    models = await view.inventory.describe(Kind.MODEL, dict.fromkeys(link.model_name for _, link in own))
    names: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for place, link in own:
        model = models[link.model_name]
        if not isinstance(model, Model) or _is_of(link, model):
            names[place].append(link.model_name)
    return names


def _is_of(link: JobLink, model: AnyResource) -> bool:
    return link.model_name == model.name and _is_same(model.creation_time, link.model_created_at)


def _is_same(shown: datetime | None, kept: datetime) -> bool:
    """True if a resource is the one that was linked, and not one made again under its name."""
    return shown is None or shown == kept
