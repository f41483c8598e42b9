"""The snapshots, runtimes, components, jobs and origins of one model, and the gaps that could not be read."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aws.client.errors import AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.reader import Reader
from aws.inventory.scans import Scan
from aws.kinds.catalog import link_keys
from aws.kinds.descriptor import LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, model_names
from aws.kinds.training_jobs import TrainingJob
from aws.links.hosted_models import hosted_models, scanned_snapshots
from aws.links.job_matching import JobIndex, MatchReason, artifact_query, footprints
from aws.links.origins import find_origins
from aws.links.relations import Gap, RelatedAndGaps, RelatedResource


@dataclass(frozen=True, slots=True)
class RelatedResources:
    """The resources that belong to a model, as far as the role may see them.

    Attributes:
        model: The model, described.
        related: The resources that belong to it, each kind newest first, without the model itself.
        gaps: The resources that could not be seen.
    """

    model: Model
    related: tuple[RelatedResource, ...]
    gaps: tuple[Gap, ...]


ProgressCallback = Callable[[Kind, int], Awaitable[None]]
"""Called with each kind that was searched, and the number of its resources that belong to the model."""


async def ignore_progress(_kind: Kind, _count: int) -> None:
    """Ignore the kind and count of a ProgressCallback."""


async def find_related(
    reader: Reader, model: Model, on_progress: ProgressCallback = ignore_progress
) -> RelatedResources:
    """Find all resources of a described model. A kind that cannot be read leaves a gap, and the others stand.

    Args:
        reader: The scope to read.
        model: The model, with its detail.
        on_progress: Called after the search of each kind.
    """
    looks = {
        Kind.SNAPSHOT: _snapshots,
        Kind.RUNTIME: _runtimes,
        Kind.INFERENCE_COMPONENT: _components,
        Kind.TRAINING_JOB: _training_jobs,
        Kind.TRANSFORM_JOB: _transform_jobs,
    }
    resources: list[RelatedResource] = []
    gaps: list[Gap] = []
    for kind, look in looks.items():
        try:
            relatives, seen = await look(reader, model)
        except AWSError as error:
            gaps.append(Gap(kind, error))
            relatives = ()
        else:
            gaps += seen
        resources += relatives
        await on_progress(kind, len(relatives))
    trained = [(one.resource, one.match) for one in resources if isinstance(one.resource, TrainingJob)]
    origins, unseen = await find_origins(reader, model, trained)
    return RelatedResources(model, (*resources, *origins), (*gaps, *unseen))


async def _snapshots(reader: Reader, model: Model) -> RelatedAndGaps:
    scan = await reader.scan(Kind.SNAPSHOT)
    return [RelatedResource(snapshot) for snapshot in snapshots_by_model(scan).get(model.name, ())], _gaps_of(
        Kind.SNAPSHOT, scan
    )


async def _components(reader: Reader, model: Model) -> RelatedAndGaps:
    """The components that serve the model; AWS is called only if an endpoint can host any."""
    running, configured = await reader.scan(Kind.RUNTIME), await reader.scan(Kind.SNAPSHOT)
    hosted = await hosted_models(reader, _described(running), scanned_snapshots(configured))
    resources = [RelatedResource(component) for component, models in hosted.components if model.name in models]
    hidden = not hosted.is_complete or running.complete_as_of is None or running.refused
    return resources, [Gap(Kind.INFERENCE_COMPONENT, hosted.failure or running.refusal)] if hidden else []


def _described(scan: Scan) -> Sequence[Runtime]:
    return [resource for resource in scan.resources if isinstance(resource, Runtime)]


async def _runtimes(reader: Reader, model: Model) -> RelatedAndGaps:
    running, configured = await reader.scan(Kind.RUNTIME), await reader.scan(Kind.SNAPSHOT)
    names = {snapshot.name for snapshot in snapshots_by_model(configured).get(model.name, ())}
    runtimes = _described(running)
    hosted = await hosted_models(reader, runtimes, scanned_snapshots(configured))
    resources = [
        RelatedResource(runtime)
        for runtime in runtimes
        if snapshot_name(runtime) in names or model.name in hosted.of(runtime.name)
    ]
    unknown = [Gap(Kind.RUNTIME, hosted.failure, tuple(hosted.unknown))] if hosted.unknown else []
    return resources, [*_gaps_of(Kind.RUNTIME, running), *unknown]


async def _training_jobs(reader: Reader, model: Model) -> RelatedAndGaps:
    prints = await footprints(reader, [model])
    scan = await reader.training_jobs(artifact_query(prints))
    index = JobIndex(job for job in scan.resources if isinstance(job, TrainingJob))
    gaps = [*_gaps_of(Kind.TRAINING_JOB, scan), *(Gap(Kind.TRAINING_JOB, refusal) for refusal in prints[0].refusals)]
    return [RelatedResource(job, reason) for job, reason in index.jobs_of(prints[0])], gaps


async def _transform_jobs(reader: Reader, model: Model) -> RelatedAndGaps:
    scan = await reader.scan(Kind.TRANSFORM_JOB)
    resources = [
        RelatedResource(job, MatchReason.MODEL_NAME)
        for job in scan.resources
        if model.name in link_keys(job, LinkType.MODEL_NAME)
    ]
    return resources, _gaps_of(Kind.TRANSFORM_JOB, scan)


def _gaps_of(kind: Kind, scan: Scan) -> Sequence[Gap]:
    bounded = [Gap(kind, None, since=scan.looked_back_to)] if scan.complete_as_of is None else []
    return [*bounded, *([Gap(kind, scan.refusal, scan.refused)] if scan.refused else [])]


def snapshots_by_model(scan: Scan) -> Mapping[str, Sequence[Snapshot]]:
    """Give the snapshots of a scan under each model name in them, newest first."""
    by_model: dict[str, list[Snapshot]] = defaultdict(list)
    for snapshot in scan.resources:
        if isinstance(snapshot, Snapshot):
            for name in model_names(snapshot):
                by_model[name].append(snapshot)
    return by_model


def snapshot_name(resource: Described) -> str | None:
    """Give the snapshot that a described runtime runs; None for any other result."""
    if resource is None or isinstance(resource, AWSError):
        return None
    return next(iter(link_keys(resource, LinkType.SNAPSHOT_NAME)), None)
