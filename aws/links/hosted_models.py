"""Models that endpoints serve through inference components, which no endpoint configuration names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.reader_protocol import ReaderProtocol
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class HostedModels:
    """The models of runtimes that host inference components.

    Attributes:
        by_runtime: The names of the models that each runtime serves so, by the runtime's name.
        unknown: Why not all models of a runtime are known, by the runtime's name.
    """

    by_runtime: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[str, AWSError] = field(default_factory=dict)

    def of(self, runtime_name: str) -> tuple[str, ...]:
        """The models that a runtime is known to serve through components."""
        return self.by_runtime.get(runtime_name, ())

    @property
    def failure(self) -> AWSError | None:
        """The first reason why something is unknown; None if all is known."""
        return next(iter(self.unknown.values()), None)


def names_no_model(snapshot: Snapshot) -> bool:
    """True if a variant of a described snapshot names no model, and so hosts inference components."""
    return snapshot.detail is not None and any(
        variant.model_name is None and not any(pool.model_name for pool in variant.instance_pools)
        for variant in snapshot.detail.variants
    )


def hosts_components(runtime: Runtime, snapshots: Mapping[str, Described]) -> bool:
    """True if a described runtime can host inference components.

    Args:
        runtime: The runtime, with its detail.
        snapshots: Snapshots by name, the one that the runtime runs among them if it could be read.
    """
    if runtime.detail is None:
        return False
    if runtime.detail.snapshot_name is None:
        return True
    snapshot = snapshots.get(runtime.detail.snapshot_name)
    return isinstance(snapshot, Snapshot) and names_no_model(snapshot)


async def hosted_models(
    reader: ReaderProtocol, runtimes: Iterable[Runtime], snapshots: Mapping[str, Described]
) -> HostedModels:
    """Read the models behind inference components. AWS is asked only if a runtime can host any.

    Args:
        reader: The scope to read.
        runtimes: Described runtimes.
        snapshots: See `hosts_components`.

    Raises:
        AWSError: AWS did not answer; a refusal is not raised, but makes models unknown.
    """
    hosts = [runtime.name for runtime in runtimes if hosts_components(runtime, snapshots)]
    if not hosts:
        return HostedModels()
    try:
        components = await reader.inference_components()
    except AccessDeniedError as error:
        return HostedModels(unknown=dict.fromkeys(hosts, error))
    names: dict[str, dict[str, None]] = defaultdict(dict)
    unknown: dict[str, AWSError] = {}
    for component in components:
        if component.endpoint_name not in hosts:
            continue
        if component.failure is not None:
            unknown.setdefault(component.endpoint_name, component.failure)
        names[component.endpoint_name] |= dict.fromkeys(component.model_names)
    return HostedModels({runtime: tuple(models) for runtime, models in names.items()}, unknown)
