"""Presigned uploads that were given to somebody: each makes one asset, once, before it expires."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, insert, select

from registry.assets import MAX_ASSET_NAME_CHARACTERS
from registry.database import Connection
from registry.enums import AssetRole
from registry.ids import encode_own_id, new_key
from registry.queries import count_rows, lock_registrations
from registry.records import AssetUpload
from registry.storable_text import require_storable
from registry.tables import uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """An upload to be given to somebody.

    Attributes:
        key: The key of its row, which may be a part of the address.
        role: The role of the asset.
        name: The asset's name.
        content_type: The asset's MIME type.
        s3_uri: The address that the gateway chose.
        created_by: The person who asked for it.
        expires_at: The time until which it can be used.
    """

    key: str = field(default_factory=new_key)
    role: AssetRole
    name: str
    content_type: str
    s3_uri: str
    created_by: str
    expires_at: datetime


async def create(
    connection: Connection, registration_key: str, upload: NewUpload, now: datetime, most: int
) -> AssetUpload | None:
    """Keep an upload, and delete expired ones of the registration; None if it has `most` others.

    Concurrent calls for one registration wait for each other, so that none exceeds the bound.

    Raises:
        UnstorableTextError: Its name or type cannot be stored.
        RegistryConflictError: The registration was removed; raised at the end of the transaction at the latest.
    """
    await lock_registrations(connection, [registration_key])
    condition = uploads.c.registration_key == registration_key
    await connection.execute(delete(uploads).where(condition, uploads.c.expires_at <= now))
    if await count_rows(connection, uploads, condition) >= most:
        return None
    written = insert(uploads).values(
        key=upload.key,
        registration_key=registration_key,
        role=upload.role.value,
        name=require_storable(upload.name, "The asset's name", MAX_ASSET_NAME_CHARACTERS),
        content_type=require_storable(upload.content_type, "The asset's content type"),
        s3_uri=upload.s3_uri,
        created_by=upload.created_by,
        expires_at=upload.expires_at,
    )
    return _upload_from_row((await connection.execute(written.returning(*uploads.c))).one())


async def find_unexpired(
    connection: Connection, key: str, registration_key: str, role: AssetRole, name: str, now: datetime
) -> AssetUpload | None:
    """The upload `key` if it is for this registration, role and name and has not expired; None for any other."""
    query = select(uploads).where(_unexpired_upload(key, registration_key, role, name, now))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _upload_from_row(row)


async def consume(
    connection: Connection, key: str, registration_key: str, role: AssetRole, name: str, now: datetime
) -> AssetUpload | None:
    """Delete and return the upload `key`, if `find_unexpired` would give it; None for any other."""
    taken = delete(uploads).where(_unexpired_upload(key, registration_key, role, name, now))
    row = (await connection.execute(taken.returning(*uploads.c))).one_or_none()
    return None if row is None else _upload_from_row(row)


def _unexpired_upload(
    key: str, registration_key: str, role: AssetRole, name: str, now: datetime
) -> ColumnElement[bool]:
    return and_(
        uploads.c.key == key,
        uploads.c.registration_key == registration_key,
        uploads.c.role == role.value,
        uploads.c.name == name,
        uploads.c.expires_at > now,
    )


def _upload_from_row(row: Row[Any]) -> AssetUpload:
    return AssetUpload(
        id=encode_own_id("AssetUpload", row.key),
        registration_id=encode_own_id("Registration", row.registration_key),
        role=AssetRole(row.role),
        name=row.name,
        content_type=row.content_type,
        s3_uri=row.s3_uri,
        created_by=row.created_by,
        expires_at=row.expires_at,
    )
