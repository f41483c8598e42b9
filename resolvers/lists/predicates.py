"""Predicates for the part of a filter that a row cannot answer: tags, links, imports."""

from collections.abc import Callable, Collection, Sequence
from typing import Final, Literal

from aws.client.errors import AccessDeniedError
from aws.inventory.describe_cache import Described
from aws.inventory.listings import order_key
from aws.kinds.catalog import JOB_TYPES, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.resource import Tag
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.training_jobs import TrainingJob
from aws.links.component_models import served_models, with_bases
from aws.links.hosted_models import HostedModels, hosted_models
from aws.links.job_matching import Footprint, footprints
from aws.links.related_resources import snapshot_name
from resolvers import serving_runtimes
from resolvers.activity import idle_for
from resolvers.lists.connections import Connection, PageArguments, PageNeeds
from resolvers.lists.filters import (
    InferenceComponentFilter,
    JobFilter,
    ModelFilter,
    ResourceFilter,
    RuntimeFilter,
    SnapshotFilter,
    TagFilter,
)
from resolvers.lists.job_members import CLAIMABLE_KINDS, members_of_models
from resolvers.lists.matching import Match, Predicate, readable_or_denied
from resolvers.lookups import checked_name, with_detail
from resolvers.registrations.model_relations import are_imported
from resolvers.views.resource_view import ResourceView


def predicates(filter: ResourceFilter) -> Sequence[Predicate]:
    """The predicates for the parts of a filter that rows cannot answer; each costs calls for each row.

    Raises:
        BadInputError: A name in the filter is none that SageMaker gives.
    """
    result: list[Predicate] = []
    match filter:
        case ModelFilter(imported=imported, is_served=is_served):
            result += [_imported(wanted=imported)] if imported is not None else []
            result += [_served(wanted=is_served)] if is_served is not None else []
        case SnapshotFilter(model_name=str(name)):
            result.append(_snapshots_of_model(checked_name(Kind.MODEL, name)))
        case RuntimeFilter(snapshot_name=snapshot, model_name=model, idle_for_hours=hours):
            result += [_runtimes_of_snapshot(checked_name(Kind.SNAPSHOT, snapshot))] if snapshot is not None else []
            result += [_runtimes_of_model(checked_name(Kind.MODEL, model))] if model is not None else []
            result += [_idle(hours)] if hours is not None else []
        case InferenceComponentFilter(runtime_name=runtime, model_name=model):
            if runtime is not None:
                checked_name(Kind.RUNTIME, runtime)
            result += [_components_of_model(checked_name(Kind.MODEL, model))] if model is not None else []
        case JobFilter(model_name=str(name)):
            result.append(_jobs_of_model(checked_name(Kind.MODEL, name)))
        case _:
            pass
    return [*result, _tagged(filter.tags)] if filter.tags else result


def _imported(*, wanted: bool) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        return [result is wanted for result in await are_imported(view, rows)]

    return judge


def _served(*, wanted: bool) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        models = [row for row in rows if isinstance(row, Model)]
        try:
            pages = await serving_runtimes.runtimes(view, models, _ANY_RUNTIME)
        except AccessDeniedError:
            return [None] * len(rows)
        return [_is_served(page, wanted=wanted) for page in pages]

    return judge


_ANY_RUNTIME: Final = PageArguments(1, None, PageNeeds(total=False, coverage=True, next=False))


def _is_served(answer: object, *, wanted: bool) -> Match:
    """A model that no known runtime serves is not served only if every runtime is known. Raises AWSError."""
    page = readable_or_denied(answer)
    if not isinstance(page, Connection):
        return None
    if page.nodes:
        return wanted
    return None if page.complete_as_of is None or page.unreadable_count else not wanted


def _tagged(wanted: Sequence[TagFilter]) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        tags = await view.inventory.tags(row.arn for row in rows)
        return [_has_tags(readable_or_denied(tags[row.arn]), wanted) for row in rows]

    return judge


def _has_tags(tags: tuple[Tag, ...] | AccessDeniedError | None, wanted: Sequence[TagFilter]) -> Match:
    if isinstance(tags, AccessDeniedError):
        return None
    values = {tag.key: tag.value for tag in tags or ()}
    return all(entry.key in values and (not entry.values or values[entry.key] in entry.values) for entry in wanted)


def _snapshots_of_model(name: str) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        resources = await view.inventory.describe_rows(rows)
        return [_names_model(resources[row.name], name) for row in rows]

    return judge


def _names_model(described: Described, name: str) -> Match:
    snapshot = readable_or_denied(described)
    if isinstance(snapshot, AccessDeniedError):
        return None
    return isinstance(snapshot, Snapshot) and snapshot.detail is not None and name in snapshot.detail.model_names


def _runtimes_of_snapshot(name: str) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        resources = await view.inventory.describe_rows(rows)
        return [_if_allowed(resources[row.name], lambda resource: snapshot_name(resource) == name) for row in rows]

    return judge


def _runtimes_of_model(name: str) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        resources = await view.inventory.describe_rows(rows)
        names = {row.name: snapshot_name(resources[row.name]) for row in rows}
        snapshots = await view.inventory.describe(Kind.SNAPSHOT, (item for item in names.values() if item))
        runtimes = [resource for resource in resources.values() if isinstance(resource, Runtime)]
        hosted = await hosted_models(view.inventory, runtimes, snapshots)
        return [
            None
            if _denied(resources[row.name])
            else _either(
                _serves(snapshots.get(names[row.name] or "", _NO_SNAPSHOT), name, is_unseen=row.name in hosted.unseen),
                _hosts(hosted, row.name, name),
            )
            for row in rows
        ]

    return judge


def _idle(hours: int) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        runtimes = [row for row in rows if isinstance(row, Runtime)]
        try:
            idle = await idle_for(view, runtimes, hours)
        except AccessDeniedError:
            return [None] * len(rows)
        known = [readable_or_denied(fact) for fact in idle]
        return [None if isinstance(fact, AccessDeniedError) else bool(fact) for fact in known]

    return judge


def _hosts(hosted: HostedModels, runtime_name: str, name: str) -> Match:
    """Tell whether a runtime serves the model through an inference component."""
    if name in hosted.of(runtime_name):
        return True
    return None if runtime_name in hosted.unknown else False


def _either(first: Match, second: Match) -> Match:
    """True if one holds, None if neither is known to hold and one is unknown."""
    if first or second:
        return True
    return None if first is None or second is None else False


_NO_SNAPSHOT: Final = False


def _serves(snapshot: "Described | Literal[False]", name: str, *, is_unseen: bool) -> Match:
    """True if a runtime's snapshot names the model; None for one that is gone, unless components tell the models."""
    if snapshot is False:
        return False
    if snapshot is None:
        return None if is_unseen else False
    return _names_model(snapshot, name)


def _components_of_model(name: str) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        described = await with_bases(view.inventory, rows)
        served = [readable_or_denied(served_models(row.name, described)) for row in rows]
        return [None if isinstance(names, AccessDeniedError) else name in (names or ()) for names in served]

    return judge


def _jobs_of_model(name: str) -> Predicate:
    async def judge(view: ResourceView, rows: Sequence[AnyResource]) -> Sequence[Match]:
        jobs = await with_detail(view, rows)
        footprint = await footprint_of(view, name)
        kinds = {row.kind for row in rows}
        (own,) = (await members_of_models(view, [footprint], kinds, await models_called(view, name))).lists
        if own.failure is not None:
            raise own.failure
        members = {order_key(member.resource) for member in own.members}
        # Of a step, a package or an execution that may not be read, any of these jobs may be.
        open_kinds = own.open_kinds | (CLAIMABLE_KINDS if own.unreadable else frozenset())
        return [
            order_key(row) in members or _matches_footprint(job, footprint, open_kinds=open_kinds)
            for row, job in zip(rows, jobs, strict=True)
        ]

    return judge


async def footprint_of(view: ResourceView, name: str) -> Footprint:
    """The named model's footprint; of a model that is gone, only its name, which its transform jobs still give."""
    resource = readable_or_denied((await view.inventory.describe(Kind.MODEL, [name]))[name])
    if isinstance(resource, AccessDeniedError):
        raise resource
    if isinstance(resource, Model):
        return (await footprints(view.inventory, [resource]))[0]
    return Footprint(name, frozenset(), (), frozenset(), frozenset(), ())


async def models_called(view: ResourceView, name: str) -> Sequence[Model]:
    """The model of this name, described; none if it is gone or refused."""
    model = (await view.inventory.describe(Kind.MODEL, [name]))[name]
    return [model] if isinstance(model, Model) else []


def _matches_footprint(described: Described, footprint: Footprint, *, open_kinds: Collection[Kind]) -> Match:
    job = readable_or_denied(described)
    if isinstance(job, AccessDeniedError):
        return None
    if not isinstance(job, JOB_TYPES):
        return False
    if footprint.match(job) is not None:
        return True
    if job.kind in open_kinds:
        return None
    # A package that may not be read might have shown that this job made it.
    return None if isinstance(job, TrainingJob) and footprint.refusals else False


def _denied(described: Described) -> bool:
    return isinstance(readable_or_denied(described), AccessDeniedError)


def _if_allowed(described: Described, test: Callable[[Described], bool]) -> Match:
    return None if _denied(described) else test(described)
