"""Relations of models: snapshots, the runtimes that serve them, and the jobs that made and used them."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from aws.inventory.scans import Scan
from aws.kinds.kind import JOB_KINDS, Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, model_names
from aws.kinds.statuses import JobType
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.links.hosted_models import HostedModels, hosted_models, scanned_snapshots
from aws.links.job_matching import Footprint, JobIndex, artifact_query, footprints
from aws.links.related_resources import snapshot_name, snapshots_by_model
from resolvers.lists.connections import ListCompleteness, PageArguments
from resolvers.lists.filters import JobFilter, check_filter, row_matches
from resolvers.lists.pages import completeness_of, page_of_scan
from resolvers.lists.predicates import match_rows
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView


async def snapshots(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: the snapshots that name each model in any variant or pool."""
    scan = await view.inventory.scan(Kind.SNAPSHOT)
    by_model = snapshots_by_model(scan)
    return [
        page_of_scan(
            view,
            found := by_model.get(model.name, []),
            ("Model.snapshots", model.name),
            page,
            completeness_of(len(found), scan),
        )
        for model in models
    ]


async def runtimes(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: the runtimes that serve each model, by their present snapshot or by an inference component."""
    running, configured = await asyncio.gather(view.inventory.scan(Kind.RUNTIME), view.inventory.scan(Kind.SNAPSHOT))
    by_model: dict[str, list[Runtime]] = defaultdict(list)
    snapshots = {snapshot.name: snapshot for snapshot in configured.resources if isinstance(snapshot, Snapshot)}
    found = [runtime for runtime in running.resources if isinstance(runtime, Runtime)]
    hosted = await hosted_models(view.inventory, found, scanned_snapshots(configured))
    # One whose snapshot is refused is counted as such.
    unknown = len(hosted.unknown) + len(hosted.unseen)
    for runtime in found:
        snapshot = snapshots.get(snapshot_name(runtime) or "")
        named = model_names(snapshot) if snapshot is not None else ()
        for model_name in dict.fromkeys((*named, *hosted.of(runtime.name))):
            by_model[model_name].append(runtime)
    return [
        page_of_scan(
            view,
            served := by_model.get(model.name, []),
            ("Model.runtimes", model.name),
            page,
            _runtimes_completeness(hosted, completeness_of(len(served), running, configured, unreadable=unknown)),
        )
        for model in models
    ]


def _runtimes_completeness(hosted: HostedModels, completeness: ListCompleteness) -> ListCompleteness:
    """No count and no completeness if a runtime's inference components are unknown: any may serve the model."""
    return replace(completeness, total_count=None, complete_as_of=None) if hosted.unknown else completeness


async def jobs(view: ResourceView, models: Sequence[Model], page: PageArguments, filter: JobFilter) -> Sequence[object]:
    """A batch function: the jobs that belong to each model, each with the reason why."""
    check_filter(filter)
    kinds = job_kinds(filter.type)
    whole = await with_detail(view, models)
    found = await footprints(view.inventory, [what for what in whole if isinstance(what, Model)])
    scans = await asyncio.gather(*(_scan(view, kind, found) for kind in kinds))
    index = JobIndex(job for scan in scans for job in scan.resources if isinstance(job, TrainingJob | TransformJob))
    prints = iter(found)
    return [
        await _model_jobs(view, next(prints), index, scans, page, filter) if isinstance(what, Model) else what
        for what in whole
    ]


async def _scan(view: ResourceView, kind: Kind, model_footprints: Sequence[Footprint]) -> Scan:
    if kind is Kind.TRAINING_JOB:
        return await view.inventory.training_jobs(artifact_query(model_footprints))
    return await view.inventory.scan(kind)


async def _model_jobs(
    view: ResourceView,
    footprint: Footprint,
    index: JobIndex,
    scans: Sequence[Scan],
    page: PageArguments,
    filter: JobFilter,
) -> object:
    """One model's page of jobs. A package that may not be read counts as unreadable: it might have shown more jobs."""
    candidates = [pair for pair in index.jobs_of(footprint) if row_matches(filter, pair[0])]
    verdicts = await match_rows(view, [job for job, _ in candidates], filter)
    kept = [pair for pair, verdict in zip(candidates, verdicts, strict=True) if verdict]
    unreadable = len(footprint.refusals) + verdicts.count(None)
    return page_of_scan(
        view,
        [job for job, _ in kept],
        ("Model.jobs", footprint.name, filter),
        page,
        completeness_of(len(kept), *scans, unreadable=unreadable),
        [reason for _, reason in kept],
    )


def job_kinds(job_type: JobType | None) -> Sequence[Kind]:
    """The kinds of job to look at."""
    if job_type is None:
        return JOB_KINDS
    return (Kind.TRAINING_JOB,) if job_type is JobType.TRAINING else (Kind.TRANSFORM_JOB,)
