"""Artifacts of model packages, from the cached descriptions of packages."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aws.client.errors import AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.horizon import Horizon
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage, describe_key, package_artifacts
from aws.kinds.models import Artifact

ArtifactsResult = tuple[Artifact, ...] | AWSError | None
"""The artifacts of a package; None if it is gone, or the error."""


async def artifacts_of_packages(
    inventory: Inventory, horizon: Horizon, names: Iterable[str], until: float | None
) -> Mapping[str, ArtifactsResult]:
    """Give the artifacts of each package, by its name.

    A decision about a version does not change its artifacts: a description is valid for the authority age, a refusal or
    an absence for the deletion age.

    Args:
        inventory: The scope's inventory.
        horizon: The oldest reads that are fresh enough.
        names: Names or ARNs of packages.
        until: The event loop's time at which pending packages get a LateError; None waits for all.
    """
    scope, packages = inventory.scope_id, inventory.descriptions[Kind.MODEL_PACKAGE]
    keys = {name: describe_key(name, scope.account_id, scope.region) for name in names}
    if not keys:
        return {}
    described = {key for key in keys.values() if _is_described(packages.peek(key))}
    results = {
        **await packages.get_many(described, replace(horizon, fresh=horizon.authority), until),
        **await packages.get_many(set(keys.values()) - described, replace(horizon, fresh=horizon.deletion), until),
    }
    return {name: _artifacts(results[key]) for name, key in keys.items()}


def _is_described(kept: tuple[Described, object] | None) -> bool:
    return kept is not None and isinstance(kept[0], ModelPackage)


def _artifacts(package: Described) -> ArtifactsResult:
    if package is None or isinstance(package, AWSError):
        return package
    return package_artifacts(package) if isinstance(package, ModelPackage) else None
