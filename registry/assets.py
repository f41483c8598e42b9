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
    """An asset to be kept.

    Attributes:
        role: Its role for the model.
        name: Its name, unique within registration and role; at most `MAX_ASSET_NAME_CHARACTERS`.
        s3_uri: Its address in S3; None for a text.
        content: The text; None for an object in S3.
        content_type: Its MIME type; None if it is not known.
        size_bytes: Its size; None if it is not known.
        added_by: The person who adds it.
        added_at: The time of that.
        fingerprint: The version of the object in S3; ignored for a text, whose digest is computed.
    """

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
    """The fingerprint of an asset whose text is `content`: its SHA-256."""
    return f"sha256:{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()}"


async def upsert(connection: Connection, registration_key: str, asset: NewAsset) -> Asset:
    """Add an asset, or replace the one that has its role and name; that one's id stays.

    Concurrent calls for one registration wait for each other, so that each can be sure of the number of its assets.

    Raises:
        UnstorableTextError: Its name, text, type or address cannot be stored.
        RegistryConflictError: The registration was removed; raised at the end of the transaction at the latest.
    """
    values = _validated_values(asset)
    await lock_registrations(connection, [registration_key])
    insertion = insert(connection, assets).values(key=new_key(), registration_key=registration_key, **values)
    replaced = {name: insertion.excluded[name] for name in values}
    written = insertion.on_conflict_do_update(index_elements=["registration_key", "role", "name"], set_=replaced)
    return asset_from_row((await connection.execute(written.returning(*assets.c))).one())


async def remove(connection: Connection, registration_key: str, role: AssetRole, name: str) -> bool:
    """Remove the asset of this role and name; False if the registration has none."""
    # No asset has such a name, and a database answers a query for it with an error.
    if not is_storable(name):
        return False
    result = await connection.execute(
        delete(assets).where(
            assets.c.registration_key == registration_key, assets.c.role == role.value, assets.c.name == name
        )
    )
    return result.rowcount > 0


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, Asset]:
    """The assets with these keys, by key; keys without an asset are left out."""
    return {row.key: asset_from_row(row) for row in await rows_in(connection, select(assets), assets.c.key, keys)}


async def of_registrations(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[Asset, ...]]:
    """The assets of each registration by its key, the first added first; empty for one without assets."""
    result: dict[str, list[Asset]] = {key: [] for key in keys}
    for part in chunks(list(keys)):
        statement = select(assets).where(assets.c.registration_key.in_(part)).order_by(assets.c.key)
        for row in await connection.execute(statement):
            result[row.registration_key].append(asset_from_row(row))
    return {key: tuple(rows) for key, rows in result.items()}


def asset_from_row(row: Row[Any]) -> Asset:
    """The asset in a row of the table."""
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
