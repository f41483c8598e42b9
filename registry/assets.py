"""The assets of registrations: one for each registration, role and name."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select

from registry.database import Connection
from registry.enums import AssetRole
from registry.ids import encode_own_id, new_key
from registry.queries import lock_registrations, rows_in
from registry.records import Asset
from registry.storable_text import is_storable, require_storable
from registry.tables import assets
from registry.upserts import chunks, insert

MAX_ASSET_NAME_CHARACTERS = 255
"""The most characters of an asset's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsset:
    """An asset to be kept; see records.Asset."""

    role: AssetRole
    name: str
    s3_uri: str | None = None
    content: str | None = field(default=None, repr=False)
    content_type: str | None = None
    size_bytes: int | None = None
    added_by: str
    added_at: datetime
    fingerprint: str | None = None


def text_fingerprint(content: str) -> str:
    """The fingerprint of an asset that is a text."""
    return f"sha256:{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()}"


async def upsert(connection: Connection, registration_key: str, asset: NewAsset) -> Asset:
    """Keeps an asset, in the place of the one that has its role and name; that one's id stays.

    Who keeps another of the registration's at the same time waits, so that either can be sure how many there are.

    Raises:
        UnstorableTextError: Its name, text, type or address cannot be kept.
        RegistryConflictError: There is no such registration any more; raised when the transaction ends, at the latest.
    """
    values = _validated_values(asset)
    await lock_registrations(connection, [registration_key])
    insertion = insert(connection, assets).values(key=new_key(), registration_key=registration_key, **values)
    replaced = {name: insertion.excluded[name] for name in values}
    written = insertion.on_conflict_do_update(index_elements=["registration_key", "role", "name"], set_=replaced)
    return asset_from_row((await connection.execute(written.returning(*assets.c))).one())


async def remove(connection: Connection, registration_key: str, role: AssetRole, name: str) -> bool:
    """Forgets an asset; whether there was one."""
    # No asset can have such a name, and to be asked for it is an error to a database.
    if not is_storable(name):
        return False
    result = await connection.execute(
        delete(assets).where(
            assets.c.registration_key == registration_key, assets.c.role == role.value, assets.c.name == name
        )
    )
    return result.rowcount > 0


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, Asset]:
    """The assets of these keys that there are, by key."""
    return {row.key: asset_from_row(row) for row in await rows_in(connection, select(assets), assets.c.key, keys)}


async def of_registrations(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[Asset, ...]]:
    """The assets of each of these registrations by its key, the first added first."""
    result: dict[str, list[Asset]] = {key: [] for key in keys}
    for part in chunks(list(keys)):
        statement = select(assets).where(assets.c.registration_key.in_(part)).order_by(assets.c.key)
        for row in await connection.execute(statement):
            result[row.registration_key].append(asset_from_row(row))
    return {key: tuple(rows) for key, rows in result.items()}


def asset_from_row(row: Row[Any]) -> Asset:
    """The asset that a row of the table holds."""
    return Asset(
        id=encode_own_id("Asset", row.key),
        registration_id=encode_own_id("Registration", row.registration_key),
        role=AssetRole(row.role),
        name=row.name,
        s3_uri=row.s3_uri,
        content=row.content,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        added_by=row.added_by,
        added_at=row.added_at,
        fingerprint=row.fingerprint,
    )


def _validated_values(asset: NewAsset) -> dict[str, Any]:
    def text(value: str | None, item: str) -> str | None:
        return None if value is None else require_storable(value, f"The asset's {item}")

    return {
        "role": asset.role.value,
        "name": require_storable(asset.name, "The asset's name", MAX_ASSET_NAME_CHARACTERS),
        "s3_uri": text(asset.s3_uri, "address"),
        "content": text(asset.content, "text"),
        "content_type": text(asset.content_type, "content type"),
        "size_bytes": asset.size_bytes,
        "added_by": asset.added_by,
        "added_at": asset.added_at,
        "fingerprint": text_fingerprint(asset.content) if asset.content is not None else asset.fingerprint,
    }
