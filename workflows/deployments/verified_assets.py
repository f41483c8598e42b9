"""Pin the assets that a deployment is verified with, and compare them before its launch."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aws.client.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from aws.s3_uris import MalformedS3UriError
from aws.storage import ObjectStorage
from registry import deployment_lists, registrations
from registry.assets import text_fingerprint
from registry.deployment_records import VerifiedAsset
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole
from registry.ids import key_of
from registry.records import Asset, Registration
from workflows.deployments.deps import DeploymentDeps

# A prefix with more objects is pinned by the first of them.
_MAX_OBJECTS: Final = 1000
_REHEARSAL_ROLES: Final = frozenset({AssetRole.TEST_DATA, AssetRole.TEST_RESULT_COMPARATOR})
_AssetKey = tuple[str, AssetRole, str]


@dataclass(frozen=True, slots=True)
class AssetChanges:
    """Differences between the assets of now and those that were verified.

    Attributes:
        altered: Assets that were removed or changed, each in a few words.
        unrehearsed: Test data and comparators that were added since, each in a few words.
    """

    altered: Sequence[str]
    unrehearsed: Sequence[str]


async def fingerprints_of(storage: ObjectStorage, known: Sequence[Registration]) -> Sequence[VerifiedAsset]:
    """The assets of registrations as they are now.

    Args:
        storage: S3 as the group's role sees it.
        known: The registrations.

    Raises:
        AWSError: S3 turned calls away, or did not answer. An asset that is gone or refused has no fingerprint.
    """
    return [
        VerifiedAsset(registration.id, asset.role, asset.name, asset.s3_uri, await _current_fingerprint(storage, asset))
        for registration in known
        for asset in registration.assets
    ]


async def asset_changes(deps: DeploymentDeps, storage: ObjectStorage, row: DeploymentRow) -> AssetChanges:
    """Compare the assets of the models of a row's deployment with those that it was verified with. Raises AWSError."""
    async with deps.database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, row.key)
        ids = () if deployment is None else deployment.registration_ids
        keys = [str(key_of(id, "Registration")) for id in ids]
        known = await registrations.by_keys(connection, keys, deps.config.required_assets)
    verified = {_key(asset): asset for asset in (() if deployment is None else deployment.assets)}
    current = {_key(asset): asset for asset in await fingerprints_of(storage, list(known.values()))}
    names = {registration.id: registration.model_name for registration in known.values()}
    altered = [
        f"{_label(asset, names)} was {'removed' if key not in current else 'changed'}"
        for key, asset in verified.items()
        if current.get(key) != asset
    ]
    unrehearsed = [
        f"{_label(asset, names)} was added"
        for key, asset in current.items()
        if row.rehearse and key not in verified and asset.role in _REHEARSAL_ROLES
    ]
    return AssetChanges(altered, unrehearsed)


async def _current_fingerprint(storage: ObjectStorage, asset: Asset) -> str | None:
    if asset.s3_uri is None:
        return None if asset.content is None else text_fingerprint(asset.content)
    try:
        if not asset.s3_uri.endswith("/"):
            try:
                return (await storage.head(asset.s3_uri)).fingerprint
            except NotFoundError:
                pass
        return await _prefix_fingerprint(storage, asset.s3_uri)
    except (AccessDeniedError, NotFoundError, InvalidRequestError, MalformedS3UriError):
        return None


async def _prefix_fingerprint(storage: ObjectStorage, s3_uri: str) -> str | None:
    """A digest of the versions of all that is below a prefix; None if nothing is."""
    listing = await storage.list_objects(s3_uri, _MAX_OBJECTS)
    if not listing.objects:
        return None
    versions = json.dumps([[stored.s3_uri, stored.size_bytes, stored.fingerprint] for stored in listing.objects])
    return f"objects:{hashlib.sha256(versions.encode()).hexdigest()}"


def _key(asset: VerifiedAsset) -> _AssetKey:
    return asset.registration_id, asset.role, asset.name


def _label(asset: VerifiedAsset, model_names: Mapping[str, str]) -> str:
    model = model_names.get(asset.registration_id)
    return f"{asset.role.value} `{asset.name}`" + (f" of `{model}`" if model else "")
