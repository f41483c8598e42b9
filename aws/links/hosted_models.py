"""Models on endpoints that no endpoint configuration names, because inference components serve them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.reader_protocol import ReaderProtocol
from aws.inventory.scans import Scan
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, names_no_model
from aws.links.component_models import component_rows, served_models, with_bases


@dataclass(frozen=True, slots=True)
class HostedModels:
    """The models of runtimes that host inference components.

    Attributes:
        by_runtime: The names of these models by the runtime's name.
        unknown: The reason why not all models of a runtime are known, by the runtime's name.
        unseen: Runtimes whose snapshot is gone and that have no component: their models are unknown, too.
        components: The described components of those runtimes, newest first, each with the models that it serves.
    """

    by_runtime: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[str, AWSError] = field(default_factory=dict)
    unseen: frozenset[str] = frozenset()
    components: tuple[tuple[InferenceComponent, tuple[str, ...]], ...] = ()

    def of(self, runtime_name: str) -> tuple[str, ...]:
        """Give the models that a runtime is known to serve through components."""
        return self.by_runtime.get(runtime_name, ())

    @property
    def is_complete(self) -> bool:
        """True if no runtime may serve unknown models."""
        return not self.unknown and not self.unseen

    @property
    def failure(self) -> AWSError | None:
        """The first reason why models are unknown; None if all are known."""
        return next(iter(self.unknown.values()), None)


def hosts_components(runtime: Runtime, snapshots: Mapping[str, Described]) -> bool:
    """True if a described runtime can host inference components: a variant names no model, or its snapshot is gone.

    Args:
        runtime: The runtime, with its detail.
        snapshots: Snapshots by name, with the runtime's own unless it is gone.
    """
    if runtime.detail is None:
        return False
    if runtime.detail.snapshot_name is None:
        return True
    snapshot = snapshots.get(runtime.detail.snapshot_name)
    return names_no_model(snapshot) if isinstance(snapshot, Snapshot) else snapshot is None


def scanned_snapshots(scan: Scan) -> Mapping[str, Described]:
    """Give the snapshots of a scan by name, with the refusal for those that the role may not describe."""
    return {**dict.fromkeys(scan.refused, scan.refusal), **{resource.name: resource for resource in scan.resources}}


async def hosted_models(
    reader: ReaderProtocol, runtimes: Iterable[Runtime], snapshots: Mapping[str, Described]
) -> HostedModels:
    """Read the models of inference components. AWS is called only if a runtime can host any.

    Args:
        reader: The scope to read.
        runtimes: Described runtimes.
        snapshots: Snapshots by name, with those of the runtimes unless they are gone.

    Raises:
        AWSError: AWS did not answer. A refusal is not raised, but makes models unknown.
    """
    hosting = [runtime for runtime in runtimes if hosts_components(runtime, snapshots)]
    hosts = dict.fromkeys(runtime.name for runtime in hosting)
    if not hosts:
        return HostedModels()
    try:
        rows = [row for row in await component_rows(reader) if row.runtime_name in hosts]
    except AccessDeniedError as error:
        return HostedModels(unknown=dict.fromkeys(hosts, error))
    described = await _readable_or_denied(reader, rows)
    names: dict[str, dict[str, None]] = defaultdict(dict)
    unknown: dict[str, AWSError] = {}
    serving: list[tuple[InferenceComponent, tuple[str, ...]]] = []
    for row in rows:
        models = served_models(row.name, described)
        if models is None:
            continue
        if isinstance(models, AWSError):
            unknown.setdefault(row.runtime_name, models)
        elif isinstance(component := described[row.name], InferenceComponent):
            serving.append((component, models))
        names[row.runtime_name] |= dict.fromkeys(() if isinstance(models, AWSError) else models)
    gone = {runtime.name for runtime in hosting if _runs_gone_snapshot(runtime, snapshots)}
    return HostedModels(
        {runtime: tuple(models) for runtime, models in names.items()},
        unknown,
        frozenset(gone - names.keys()),
        tuple(serving),
    )


async def _readable_or_denied(
    reader: ReaderProtocol, components: Sequence[InferenceComponent]
) -> Mapping[str, Described]:
    """The components with their bases; see `with_bases`. Raises any AWSError except access denied."""
    described = await with_bases(reader, components)
    for answer in described.values():
        if isinstance(answer, AWSError) and not isinstance(answer, AccessDeniedError):
            raise answer
    return described


def _runs_gone_snapshot(runtime: Runtime, snapshots: Mapping[str, Described]) -> bool:
    name = None if runtime.detail is None else runtime.detail.snapshot_name
    return name is not None and snapshots.get(name) is None
