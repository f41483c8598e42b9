"""registry.uploads: each is for one asset, counts until it expires, and is taken once."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from registry import tables, uploads
from registry.database import Database
from registry.enums import AssetRole
from registry.errors import RegistryConflictError, UnstorableTextError
from registry.ids import new_key
from registry.records import AssetUpload
from registry.uploads import NewUpload
from tests.registry import factories
from tests.registry.factories import (
    NOON,
    create_registration,
    create_registration_key,
    key_in_id,
    minutes_after_noon,
)


def new(**changed: Any) -> NewUpload:
    return NewUpload(
        **{
            "role": AssetRole.TEST_DATA,
            "name": "march.csv",
            "content_type": "text/csv",
            "s3_uri": "s3://assets/1/march.csv",
            "created_by": "ann",
            "expires_at": minutes_after_noon(10),
            **changed,
        }
    )


async def create(database: Database, registration: str, now: datetime = NOON, **changed: Any) -> AssetUpload:
    async with database.writing() as connection:
        upload = await uploads.create(connection, registration, new(**changed), now, 100)
    assert upload is not None
    return upload


async def take(database: Database, upload: str, registration: str, **changed: Any) -> AssetUpload | None:
    asked = {"role": AssetRole.TEST_DATA, "name": "march.csv", "now": minutes_after_noon(5), **changed}
    async with database.writing() as connection:
        return await uploads.consume(connection, upload, registration, **asked)


async def find(database: Database, upload: str, registration: str, **changed: Any) -> AssetUpload | None:
    asked = {"role": AssetRole.TEST_DATA, "name": "march.csv", "now": minutes_after_noon(5), **changed}
    async with database.reading() as connection:
        return await uploads.find_unexpired(connection, upload, registration, **asked)


async def test_it_is_taken_once(database: Database) -> None:
    made = await create_registration(database)
    upload = await create(database, key_in_id(made.id))
    assert upload == AssetUpload(
        id=upload.id,
        registration_id=made.id,
        role=AssetRole.TEST_DATA,
        name="march.csv",
        content_type="text/csv",
        s3_uri="s3://assets/1/march.csv",
        created_by="ann",
        expires_at=minutes_after_noon(10),
    )
    result = key_in_id(upload.id, "AssetUpload")
    assert await find(database, result, key_in_id(made.id)) == upload
    assert await take(database, result, key_in_id(made.id)) == upload
    assert await take(database, result, key_in_id(made.id)) is None
    assert await find(database, result, key_in_id(made.id)) is None


async def test_its_key_may_be_chosen(database: Database) -> None:
    chosen = new_key()
    upload = await create(database, await create_registration_key(database), key=chosen)
    assert key_in_id(upload.id, "AssetUpload") == chosen


async def test_of_many_at_once_one_takes_it(database: Database) -> None:
    registration = await create_registration_key(database)
    result = key_in_id((await create(database, registration)).id, "AssetUpload")
    taken = await asyncio.gather(*(take(database, result, registration) for _ in range(10)))
    assert [upload is None for upload in taken].count(False) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"role": AssetRole.OTHER},
        {"name": "april.csv"},
        {"now": minutes_after_noon(10)},
        {"now": minutes_after_noon(11)},
    ],
)
async def test_what_it_is_not_for_takes_nothing(database: Database, changed: dict[str, Any]) -> None:
    registration, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    result = key_in_id((await create(database, registration)).id, "AssetUpload")
    assert await find(database, result, registration, **changed) is None
    assert await take(database, result, registration, **changed) is None
    assert await take(database, result, other) is None
    assert await take(database, new_key(), registration) is None
    assert await take(database, result, registration) is not None


async def test_expired_ones_of_the_registration_are_forgotten(database: Database) -> None:
    registration, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    await create(database, registration)
    await create(database, other)
    await create(database, registration, minutes_after_noon(9), expires_at=minutes_after_noon(20))
    assert await factories.row_counts(database, [tables.uploads]) == [3]
    await create(database, registration, minutes_after_noon(10), expires_at=minutes_after_noon(30))
    assert await factories.row_counts(database, [tables.uploads]) == [3]


async def test_what_cannot_be_kept(database: Database) -> None:
    registration = await create_registration_key(database)
    with pytest.raises(UnstorableTextError):
        await create(database, registration, name="x" * 256)
    with pytest.raises(UnstorableTextError):
        await create(database, registration, content_type="\x00")
    with pytest.raises(RegistryConflictError):
        await create(database, new_key())
    assert await factories.row_counts(database, [tables.uploads]) == [0]


async def test_concurrent_uploads_stay_within_the_bound(database: Database) -> None:
    owner, other = [await create_registration_key(database, name) for name in ("one", "other")]

    async def create_one(key: str) -> bool:
        async with database.writing() as connection:
            return await uploads.create(connection, key, new(), NOON, 2) is not None

    assert await create_one(owner)
    made = await asyncio.gather(*(create_one(owner) for _ in range(6)))
    assert sorted(made) == [False] * 5 + [True]
    assert await create_one(other)


async def test_what_has_expired_makes_room(database: Database) -> None:
    owner = await create_registration_key(database, "one")
    for now, is_kept in ((NOON, True), (NOON, False), (minutes_after_noon(10), True)):
        async with database.writing() as connection:
            upload = await uploads.create(connection, owner, new(expires_at=minutes_after_noon(10)), now, 1)
        assert (upload is not None) is is_kept
