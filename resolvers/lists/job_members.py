"""Jobs that belong to models by other resources or by people: by tuning jobs, by steps of pipelines, by links."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.job_matching import Footprint, MatchReason
from aws.links.origins import described_in_arns
from aws.pipeline_steps import ExecutionSteps
from resolvers.lists.linked_jobs import linked_jobs
from resolvers.lists.matching import first_failure
from resolvers.lists.members import NO_MEMBERS, ListMembers, Member, MembersOfLists
from resolvers.lists.model_executions import ModelExecutions, executions_of_models
from resolvers.lists.model_training_jobs import ModelTrainingJobs, OwnTrainingJobs, training_jobs_of
from resolvers.views.resource_view import ResourceView

CLAIMABLE_KINDS: Final = frozenset({Kind.PROCESSING_JOB, Kind.TUNING_JOB})
"""Kinds of job that may belong to a model by other resources; nothing is read for a list without them."""

_Claims = Mapping[tuple[Kind, str], MatchReason]
"""The reason of each job, by its kind and its name as its ARN or another job has it."""


@dataclass(frozen=True, slots=True)
class _JobsOfSteps:
    """The jobs that are steps of one model's executions.

    Attributes:
        claims: The jobs.
        unreadable: How many steps, packages and executions may not be read.
        is_whole: False if SageMaker does not tell each execution of the model, so that there may be more jobs.
        failure: Why some of it is not known, if it is no refusal.
    """

    claims: _Claims = field(default_factory=dict)
    unreadable: int = 0
    is_whole: bool = True
    failure: AWSError | None = None


async def members_of_models(
    view: ResourceView,
    prints: Sequence[Footprint],
    kinds: Collection[Kind],
    models: Sequence[Model] = (),
    *,
    whole: bool = True,
) -> MembersOfLists:
    """The jobs of these kinds that belong to models, and that no link of theirs tells.

    Args:
        view: The view that they are read through.
        prints: The footprints of the models.
        kinds: The kinds of job.
        models: The models; without them, neither steps of pipelines nor links by hand are looked at.
        whole: See `training_jobs_of`, whose jobs lead to others.

    Raises:
        AWSError: A list, or a description with links, could not be read, for another reason than access denied.
    """
    linked = await linked_jobs(view, models, kinds)
    claimed = await _claimed_members(view, prints, kinds, models, whole=whole)
    if linked is None:
        unknown = ListMembers(open_kinds=frozenset(kinds))
        return replace(claimed, lists=[own.and_also(unknown) for own in claimed.lists])
    if not linked:
        return claimed
    return replace(claimed, lists=[own.and_also(other) for own, other in zip(claimed.lists, linked, strict=True)])


async def _claimed_members(
    view: ResourceView,
    prints: Sequence[Footprint],
    kinds: Collection[Kind],
    models: Sequence[Model],
    *,
    whole: bool,
) -> MembersOfLists:
    """The jobs of these kinds that belong to models by other resources. Raises AWSError."""
    wanted = CLAIMABLE_KINDS.intersection(kinds)
    if not wanted:
        return MembersOfLists([NO_MEMBERS] * len(prints))
    training = await training_jobs_of(view, prints, whole=whole)
    tuners = [_tuners(own) if Kind.TUNING_JOB in wanted else {} for own in training.lists]
    of_steps = await _jobs_of_steps(view, prints, models, training, wanted)
    claims: list[_Claims] = [{**steps.claims, **own} for steps, own in zip(of_steps, tuners, strict=True)]
    jobs = {kind: await _described(view, kind, claims) for kind in wanted}
    lists = [
        replace(
            _members(claimed, jobs, own.unreadable + steps.unreadable),
            open_kinds=frozenset() if steps.is_whole else wanted,
            failure=own.failure or steps.failure or first_failure(jobs[kind][name] for kind, name in claimed),
        )
        for claimed, own, steps in zip(claims, training.lists, of_steps, strict=True)
    ]
    return MembersOfLists(lists, None if Kind.TRAINING_JOB in kinds else training.coverage)


def _tuners(own: OwnTrainingJobs) -> _Claims:
    """The tuning jobs that have started a model's training jobs, for the reasons that those belong to it."""
    tuned = [(job.detail.tuning_job_name, reason) for job, reason in reversed(own.jobs) if job.detail]
    return {(Kind.TUNING_JOB, name): reason for name, reason in tuned if name}


async def _jobs_of_steps(
    view: ResourceView,
    prints: Sequence[Footprint],
    models: Sequence[Model],
    training: ModelTrainingJobs,
    kinds: Collection[Kind],
) -> Sequence[_JobsOfSteps]:
    """The jobs of these kinds that are steps of each model's executions."""
    if not models:
        return [_JobsOfSteps()] * len(prints)
    executions = await executions_of_models(view, list(zip(models, prints, strict=True)), training)
    every = {item.name: item for own in executions for item in own.executions}
    steps = await view.inventory.job_facts.steps(list(every.values()))
    return [_jobs_of(own, steps, kinds) for own in executions]


def _jobs_of(
    own: ModelExecutions, steps: Mapping[str, ExecutionSteps | AWSError | None], kinds: Collection[Kind]
) -> _JobsOfSteps:
    read = [steps[item.name] for item in own.executions]
    refused = own.refused + sum(isinstance(answer, AccessDeniedError) for answer in read)
    return _JobsOfSteps(_claims(read, kinds), refused, own.are_traceable, own.failure or first_failure(read))


def _claims(read: Sequence[object], kinds: Collection[Kind]) -> _Claims:
    places = [place for steps in read if isinstance(steps, ExecutionSteps) for place in steps.started_resources()]
    return {(kind, name): MatchReason.PIPELINE for kind, name in places if kind in kinds}


async def _described(view: ResourceView, kind: Kind, claims: Sequence[_Claims]) -> Mapping[str, Described]:
    names = {name for of_model in claims for claimed, name in of_model if claimed is kind}
    return await described_in_arns(view.inventory, kind, sorted(names)) if names else {}


def _members(claims: _Claims, jobs: Mapping[Kind, Mapping[str, Described]], unreadable: int) -> ListMembers:
    read = [(jobs[kind][name], reason) for (kind, name), reason in claims.items()]
    denied = sum(isinstance(job, AccessDeniedError) for job, _ in read)
    members = {}
    for job, reason in read:
        if job is not None and not isinstance(job, AWSError):
            members[job.kind, job.name] = Member(job, reason)
    return ListMembers(tuple(members.values()), unreadable + denied)
