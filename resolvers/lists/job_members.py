"""Jobs that belong to models by what other resources tell: tuning jobs, by the training jobs that they start."""

from collections.abc import Collection, Sequence

from aws.client.errors import AccessDeniedError
from aws.inventory.link_queries import LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.tuning_jobs import TuningJob
from aws.links.job_matching import Footprint, MatchReason, artifact_query
from resolvers.lists.matching import readable_or_denied
from resolvers.lists.members import ListMembers, Member, MembersOfLists
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView


async def members_of_models(view: ResourceView, prints: Sequence[Footprint], kinds: Collection[Kind]) -> MembersOfLists:
    """The jobs of these kinds that belong to models, and that no link of theirs tells.

    Raises:
        AWSError: A list, or what tells of a job, could not be read, for another reason than access denied.
    """
    if Kind.TUNING_JOB not in kinds:
        return MembersOfLists([ListMembers()] * len(prints))
    return await _tuning_jobs(view, prints, kinds)


async def _tuning_jobs(view: ResourceView, prints: Sequence[Footprint], kinds: Collection[Kind]) -> MembersOfLists:
    """The tuning jobs that have started the training jobs of each model, for the reasons that those belong to it."""
    queries = tuple(LinkQuery(tuple(footprint.reasons), EVERY_ROW) for footprint in prints)
    marks = artifact_query(prints)
    linked = await view.inventory.linked(LinkedQuery((Kind.TRAINING_JOB,), queries, whole=True, marks=marks))
    tuners = [await _tuners(view, footprint, rows) for footprint, rows in zip(prints, linked.pages, strict=True)]
    names = sorted({name for by_name, _ in tuners for name in by_name})
    described = await view.inventory.describe(Kind.TUNING_JOB, names) if names else {}
    lists = []
    for by_name, unreadable in tuners:
        found = {name: readable_or_denied(described[name]) for name in by_name}
        members = tuple(Member(job, by_name[name]) for name, job in found.items() if isinstance(job, TuningJob))
        denied = sum(isinstance(job, AccessDeniedError) for job in found.values())
        lists.append(ListMembers(members, unreadable + denied))
    return MembersOfLists(lists, None if Kind.TRAINING_JOB in kinds else linked.coverage)


async def _tuners(
    view: ResourceView, footprint: Footprint, rows: Sequence[AnyResource]
) -> tuple[dict[str, MatchReason], int]:
    """The names of the tuning jobs of a model with the reason for each, and how many training jobs are refused."""
    jobs = [readable_or_denied(job) for job in await with_detail(view, rows)]
    tuners: dict[str, MatchReason] = {}
    for job in jobs:
        name = job.detail.tuning_job_name if isinstance(job, TrainingJob) and job.detail else None
        reason = footprint.match(job) if isinstance(job, TrainingJob) else None
        if name and reason:
            tuners.setdefault(name, reason)
    return tuners, sum(isinstance(job, AccessDeniedError) for job in jobs)
