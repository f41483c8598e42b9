"""The assets that each deployment was verified with; a later attempt replaces them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, insert, select

from registry.database import Connection
from registry.deployment_records import VerifiedAsset
from registry.deployment_tables import deployment_assets
from registry.enums import AssetRole
from registry.ids import encode_own_id, key_of
from registry.upserts import chunks

_COLUMNS = deployment_assets.c


async def replace(connection: Connection, deployment_key: str, assets: Sequence[VerifiedAsset]) -> None:
    """Keep the assets that a deployment was verified with, in place of those of earlier attempts."""
    await connection.execute(delete(deployment_assets).where(_COLUMNS.deployment_key == deployment_key))
    if assets:
        rows = [
            {
                "deployment_key": deployment_key,
                "registration_key": key_of(asset.registration_id, "Registration"),
                "role": asset.role.value,
                "name": asset.name,
                "s3_uri": asset.s3_uri,
                "fingerprint": asset.fingerprint,
            }
            for asset in assets
        ]
        await connection.execute(insert(deployment_assets), rows)


async def of_deployments(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[VerifiedAsset, ...]]:
    """The assets that each of these deployments was verified with, by the key of the deployment."""
    verified_assets: dict[str, list[VerifiedAsset]] = {key: [] for key in keys}
    order = (_COLUMNS.registration_key, _COLUMNS.role, _COLUMNS.name)
    for part in chunks(list(keys)):
        rows = await connection.execute(
            select(deployment_assets).where(_COLUMNS.deployment_key.in_(part)).order_by(*order)
        )
        for row in rows:
            registration_id = encode_own_id("Registration", row.registration_key)
            asset = VerifiedAsset(registration_id, AssetRole(row.role), row.name, row.s3_uri, row.fingerprint)
            verified_assets[row.deployment_key].append(asset)
    return {key: tuple(assets) for key, assets in verified_assets.items()}
