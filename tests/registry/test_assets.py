"""registry.assets: one for each registration, role and name."""

import asyncio
from typing import Any

import pytest

from registry import assets, tables
from registry.assets import MAX_ASSET_NAME_CHARACTERS
from registry.database import Database
from registry.enums import AssetRole
from registry.errors import RegistryConflictError, UnstorableTextError
from registry.ids import new_key
from registry.records import Asset
from tests.registry import factories
from tests.registry.factories import (
    NOON,
    create_registration,
    create_registration_key,
    key_in_id,
    minutes_after_noon,
    new_asset,
)


async def put(database: Database, registration: str, name: str = "schema.json", **changed: Any) -> Asset:
    async with database.writing() as connection:
        return await assets.upsert(connection, registration, new_asset(name, **changed))


async def of(database: Database, *registrations: str) -> dict[str, tuple[Asset, ...]]:
    async with database.reading() as connection:
        return dict(await assets.of_registrations(connection, registrations))


async def test_what_is_put_can_be_read(database: Database) -> None:
    made = await create_registration(database)
    asset = await put(
        database, key_in_id(made.id), content=None, s3_uri="s3://a/b", content_type="text/csv", size_bytes=5_000_000_000
    )
    assert asset == Asset(
        id=asset.id,
        registration_id=made.id,
        role=AssetRole.SCHEMA,
        name="schema.json",
        s3_uri="s3://a/b",
        content=None,
        content_type="text/csv",
        size_bytes=5_000_000_000,
        added_by="ann",
        added_at=NOON,
    )
    assert await of(database, key_in_id(made.id)) == {key_in_id(made.id): (asset,)}
    result = key_in_id(asset.id, "Asset")
    async with database.reading() as connection:
        assert await assets.by_keys(connection, [result, new_key()]) == {result: asset}


async def test_put_again_takes_its_place_and_its_id(database: Database) -> None:
    registration = await create_registration_key(database)
    first = await put(database, registration)
    again = await put(
        database,
        registration,
        content=None,
        s3_uri="s3://a/b",
        added_by="bob",
        added_at=minutes_after_noon(1),
        size_bytes=3,
    )
    assert again.id == first.id
    assert (again.content, again.s3_uri, again.size_bytes) == (None, "s3://a/b", 3)
    assert (again.added_by, again.added_at) == ("bob", minutes_after_noon(1))
    assert await of(database, registration) == {registration: (again,)}


async def test_of_many_put_at_once_one_is_kept(database: Database) -> None:
    registration = await create_registration_key(database)
    assets = await asyncio.gather(*(put(database, registration, content=str(number)) for number in range(10)))
    assert len({asset.id for asset in assets}) == 1
    assert await factories.row_counts(database, [tables.assets]) == [1]


async def test_another_role_name_or_registration_is_another(database: Database) -> None:
    own, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    first = await put(database, own)
    second = await put(database, own, role=AssetRole.OTHER)
    third = await put(database, own, "other")
    fourth = await put(database, other)
    none = new_key()
    assert await of(database, own, other, none) == {own: (first, second, third), other: (fourth,), none: ()}


async def test_removing_takes_that_one(database: Database) -> None:
    own, rest = await create_registration_key(database), await create_registration_key(database, "fraud")
    await put(database, own)
    other = await put(database, own, role=AssetRole.OTHER)
    their = await put(database, rest)
    async with database.writing() as connection:
        assert await assets.remove(connection, own, AssetRole.SCHEMA, "schema.json")
        assert not await assets.remove(connection, own, AssetRole.SCHEMA, "schema.json")
        assert not await assets.remove(connection, rest, AssetRole.OTHER, "schema.json")
    assert await of(database, own, rest) == {own: (other,), rest: (their,)}


@pytest.mark.parametrize("name", ["a\x00", "a\ud800"])
async def test_a_name_that_no_database_keeps_is_no_assets(database: Database, name: str) -> None:
    registration = await create_registration_key(database)
    async with database.writing() as connection:
        assert not await assets.remove(connection, registration, AssetRole.SCHEMA, name)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "x" * (MAX_ASSET_NAME_CHARACTERS + 1)},
        {"name": "\x00"},
        {"content": "a\ud800"},
        {"content_type": "a\x00"},
    ],
)
async def test_what_cannot_be_kept(database: Database, changed: dict[str, str]) -> None:
    registration = await create_registration_key(database)
    with pytest.raises(UnstorableTextError):
        await put(database, registration, **changed)
    assert await factories.row_counts(database, [tables.assets]) == [0]


async def test_the_longest_name(database: Database) -> None:
    registration = await create_registration_key(database)
    assert (
        await put(database, registration, "漢" * MAX_ASSET_NAME_CHARACTERS)
    ).name == "漢" * MAX_ASSET_NAME_CHARACTERS


async def test_of_a_registration_that_is_gone(database: Database) -> None:
    with pytest.raises(RegistryConflictError):
        await put(database, new_key())
    assert await factories.row_counts(database, [tables.assets]) == [0]


def test_a_text_is_not_in_a_repr() -> None:
    assert "what nobody should log" not in repr(new_asset(content="what nobody should log"))


async def test_who_puts_at_the_same_time_waits_and_sees_what_the_first_has_put(database: Database) -> None:
    """Whoever counts the assets of a registration in the same transaction counts all of them."""
    registration = key_in_id((await create_registration(database)).id)

    async def second() -> list[str]:
        async with database.writing() as connection:
            await assets.upsert(connection, registration, new_asset("b"))
            result = await assets.of_registrations(connection, [registration])
        return [asset.name for asset in result[registration]]

    async with database.writing() as connection:
        await assets.upsert(connection, registration, new_asset("a"))
        waiting = asyncio.create_task(second())
        await asyncio.wait({waiting}, timeout=0.1)
    assert await waiting == ["a", "b"]
