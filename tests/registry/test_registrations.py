"""registry.registrations: one for each group and model, changed without loss, found only by those who may see it."""

import asyncio

import pytest

from registry import assets, elements, import_runs, registrations, tables, uploads
from registry.database import Database
from registry.enums import AssetRole
from registry.errors import MetadataError, UnstorableTextError
from registry.ids import new_key
from registry.records import AssetRequirement, Registration
from registry.registrations import RegistrationCriteria
from registry.uploads import NewUpload
from tests.registry import factories
from tests.registry.factories import (
    NOON,
    REQUIRED,
    create_registration,
    create_registration_key,
    key_in_id,
    minutes_after_noon,
    new_registration,
    new_run,
)

EVERYONE = RegistrationCriteria(groups=None)


async def found(database: Database, wanted: str) -> Registration:
    async with database.reading() as connection:
        record = await registrations.by_key(connection, wanted, REQUIRED)
    assert record is not None
    return record


async def test_what_is_made_can_be_read(database: Database) -> None:
    made = await create_registration(database, description="Who will leave", custom_metadata={"team": "retention"})
    assert made == Registration(
        id=made.id,
        display_name="churn",
        description="Who will leave",
        group="risk",
        model_name="churn",
        model_arn="arn:aws:sagemaker:eu-west-1:111111111111:model/churn",
        model_created_at=NOON,
        account_id="111111111111",
        region="eu-west-1",
        imported_by="ann",
        imported_at=NOON,
        last_synced_at=NOON,
        custom_metadata={"team": "retention"},
        assets=(),
        required_assets=(
            AssetRequirement(AssetRole.SCHEMA, present=False),
            AssetRequirement(AssetRole.DOCUMENTATION, present=False),
        ),
    )
    assert await found(database, key_in_id(made.id)) == made


async def test_again_is_the_same_and_changes_nothing(database: Database) -> None:
    made = await create_registration(database)
    async with database.writing() as connection:
        again = new_registration(display_name="Other", imported_by="bob", imported_at=minutes_after_noon(1))
        assert await registrations.find_or_create(connection, again, REQUIRED) == (made, False)
    assert await factories.row_counts(database, [tables.registrations]) == [1]


async def test_another_group_region_or_time_is_another(database: Database) -> None:
    made = [
        await create_registration(database),
        await create_registration(database, group="marketing"),
        await create_registration(database, model_created_at=minutes_after_noon(1)),
        await create_registration(database, "fraud"),
    ]
    assert len({registration.id for registration in made}) == 4


async def test_two_at_once_make_one(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as other:

        async def asks(database: Database) -> tuple[Registration, bool]:
            async with database.writing() as connection:
                return await registrations.find_or_create(connection, new_registration(), REQUIRED)

        answers = await asyncio.gather(*(asks(database) for database in [one, other] * 5))
        assert len({made.id for made, _ in answers}) == 1
        assert sorted(created for _, created in answers) == [False] * 9 + [True]
        assert await factories.row_counts(one, [tables.registrations]) == [1]


@pytest.mark.parametrize("changed", [{"display_name": "a\x00"}, {"description": "\ud800"}])
async def test_what_cannot_be_kept_makes_nothing(database: Database, changed: dict[str, str]) -> None:
    with pytest.raises(UnstorableTextError):
        await create_registration(database, **changed)
    assert await factories.row_counts(database, [tables.registrations]) == [0]


async def test_metadata_beyond_the_limits_makes_nothing(database: Database) -> None:
    with pytest.raises(MetadataError):
        await create_registration(database, custom_metadata={"a": "x" * 70_000})
    assert await factories.row_counts(database, [tables.registrations]) == [0]


async def test_keys_that_there_are_not(database: Database) -> None:
    made = await create_registration(database)
    async with database.reading() as connection:
        assert await registrations.by_key(connection, new_key(), REQUIRED) is None
        assert await registrations.by_keys(connection, [key_in_id(made.id), new_key()], REQUIRED) == {
            key_in_id(made.id): made
        }
        assert await registrations.by_keys(connection, [], REQUIRED) == {}


async def test_more_keys_than_a_statement_takes(database: Database) -> None:
    made = await create_registration(database)
    keys = [new_key() for _ in range(2500)]
    async with database.reading() as connection:
        assert await registrations.by_keys(connection, [*keys, key_in_id(made.id)], REQUIRED) == {
            key_in_id(made.id): made
        }


async def test_a_name_and_a_description_come_and_go(database: Database) -> None:
    wanted, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    async with database.writing() as connection:
        assert await registrations.rename(connection, wanted, "Leavers")
        assert await registrations.describe(connection, wanted, "Who will leave")
    changed = await found(database, wanted)
    assert (changed.display_name, changed.description) == ("Leavers", "Who will leave")
    async with database.writing() as connection:
        assert await registrations.rename(connection, wanted, None)
        assert await registrations.describe(connection, wanted, None)
    changed = await found(database, wanted)
    assert (changed.display_name, changed.description) == ("churn", None)
    assert (await found(database, other)).display_name == "fraud"


async def test_a_name_that_cannot_be_kept_changes_nothing(database: Database) -> None:
    wanted = await create_registration_key(database)
    with pytest.raises(UnstorableTextError, match="The display name holds a NUL"):
        async with database.writing() as connection:
            await registrations.rename(connection, wanted, "a\x00b")
    assert (await found(database, wanted)).display_name == "churn"


async def test_metadata_is_patched(database: Database) -> None:
    wanted = await create_registration_key(database, custom_metadata={"a": {"b": 1, "c": 2}, "d": 3})
    async with database.writing() as connection:
        assert await registrations.patch_metadata(connection, wanted, {"a": {"b": None, "e": [None]}, "d": None})
    assert (await found(database, wanted)).custom_metadata == {"a": {"c": 2, "e": [None]}}


async def test_a_patch_beyond_the_limits_changes_nothing(database: Database) -> None:
    wanted = await create_registration_key(database, custom_metadata={"a": 1})
    with pytest.raises(MetadataError):
        async with database.writing() as connection:
            await registrations.patch_metadata(connection, wanted, {"b": "x" * 70_000})
    assert (await found(database, wanted)).custom_metadata == {"a": 1}


async def test_of_patches_at_once_nothing_is_lost(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as other:
        wanted = await create_registration_key(one)

        async def patches(database: Database, number: int) -> None:
            async with database.writing() as connection:
                assert await registrations.patch_metadata(connection, wanted, {f"n{number}": {"by": number}})

        await asyncio.gather(*(patches([one, other][number % 2], number) for number in range(20)))
        stored = (await found(one, wanted)).custom_metadata
    assert stored == {f"n{number}": {"by": number} for number in range(20)}


async def test_when_it_was_synced(database: Database) -> None:
    wanted = await create_registration_key(database)
    async with database.writing() as connection:
        assert await registrations.mark_synced(connection, wanted, minutes_after_noon(5))
    assert (await found(database, wanted)).last_synced_at == minutes_after_noon(5)


async def test_what_is_not_there_cannot_be_changed(database: Database) -> None:
    gone = new_key()
    async with database.writing() as connection:
        assert not await registrations.rename(connection, gone, "a")
        assert not await registrations.describe(connection, gone, "a")
        assert not await registrations.patch_metadata(connection, gone, {})
        assert not await registrations.mark_synced(connection, gone, NOON)
        assert not await registrations.remove(connection, gone)


async def test_removing_takes_what_belongs_to_it_and_no_more(database: Database) -> None:
    wanted, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    async with database.writing() as connection:
        for item in (wanted, other):
            upload = NewUpload(
                role=AssetRole.SCHEMA,
                name="a",
                content_type="b",
                s3_uri="s3://c/d",
                created_by="ann",
                expires_at=minutes_after_noon(9),
            )
            await assets.upsert(connection, item, factories.new_asset())
            await elements.upsert(connection, item, [factories.seen_element(1)], NOON)
            await uploads.create(connection, item, upload, NOON, 100)
        run, _ = await import_runs.start(
            connection,
            new_run(registration_key=wanted),
        )
    async with database.writing() as connection:
        assert await registrations.remove(connection, wanted)
    rest = [tables.registrations, tables.assets, tables.elements, tables.uploads, tables.import_runs]
    assert await factories.row_counts(database, rest) == [1, 1, 1, 1, 1]
    async with database.reading() as connection:
        stored = await import_runs.by_key(connection, key_in_id(run.id, "ImportRun"))
        assert stored is not None
        assert stored.registration_id is None


async def test_it_has_its_assets_and_tells_which_are_there(database: Database) -> None:
    wanted, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    async with database.writing() as connection:
        schema = await assets.upsert(connection, wanted, factories.new_asset())
        notes = await assets.upsert(connection, wanted, factories.new_asset("notes", role=AssetRole.OTHER))
        await assets.upsert(connection, other, factories.new_asset("read.me", role=AssetRole.DOCUMENTATION))
    record = await found(database, wanted)
    assert record.assets == (schema, notes)
    assert record.required_assets == (
        AssetRequirement(AssetRole.SCHEMA, present=True),
        AssetRequirement(AssetRole.DOCUMENTATION, present=False),
    )
    async with database.reading() as connection:
        page = await registrations.page(connection, EVERYONE, (), 10)
    assert {registration.model_name: len(registration.assets) for registration in page.records} == {
        "churn": 2,
        "fraud": 1,
    }
    assert {item.required_assets for item in page.records} == {()}


async def test_the_registrations_of_models(database: Database) -> None:
    old = await create_registration(database)
    again = await create_registration(
        database, model_created_at=minutes_after_noon(1), imported_at=minutes_after_noon(1)
    )
    registration = await create_registration(database, group="marketing", imported_at=minutes_after_noon(2))
    await create_registration(database, "fraud")
    arns, place = [old.model_arn, "arn:of:nothing"], ("111111111111", "eu-west-1")
    async with database.reading() as connection:
        assert await registrations.of_models(connection, ["risk"], *place, arns, REQUIRED) == (again, old)
        assert await registrations.of_models(connection, None, *place, arns, REQUIRED) == (registration, again, old)
        assert await registrations.of_models(connection, [], *place, arns, REQUIRED) == ()
        assert await registrations.of_models(connection, None, "222222222222", place[1], arns, REQUIRED) == ()
        assert await registrations.of_models(connection, None, place[0], "us-east-1", arns, REQUIRED) == ()


async def test_which_models_are_imported(database: Database) -> None:
    made = await create_registration(database)
    await create_registration(database, "fraud", group="marketing")
    async with database.reading() as connection:
        own = await registrations.imported_models(connection, ["risk"], "111111111111", "eu-west-1")
        assert own == {(made.model_arn, NOON)}
        assert len(await registrations.imported_models(connection, None, "111111111111", "eu-west-1")) == 2
        assert await registrations.imported_models(connection, [], "111111111111", "eu-west-1") == frozenset()


async def test_pages_go_from_the_newest_to_the_oldest_and_miss_none(database: Database) -> None:
    # Several at the same moment, so that their keys must tell them apart.
    made = [
        await create_registration(database, f"model-{number}", imported_at=minutes_after_noon(number // 3))
        for number in range(8)
    ]
    expected = sorted(
        made, key=lambda registration: (registration.imported_at, key_in_id(registration.id)), reverse=True
    )
    read: list[Registration] = []
    after = None
    async with database.reading() as connection:
        while True:
            page = await registrations.page(connection, EVERYONE, REQUIRED, 3, after)
            read += page.records
            if not page.has_more:
                break
            after = page.positions[-1]
        assert await registrations.count(connection, EVERYONE) == 8
    assert read == expected
    assert page.positions == tuple((record.imported_at, key_in_id(record.id)) for record in page.records)
    assert len(page.records) == 2


OWNED: list[tuple[list[str] | None, list[str]]] = [
    (None, ["churn", "fraud", "other"]),
    (["risk"], ["churn", "other"]),
    (["risk", "marketing"], ["churn", "fraud", "other"]),
    (["nobody"], []),
    ([], []),
]


async def test_a_page_shows_what_these_groups_own(database: Database) -> None:
    await create_registration(database, "churn")
    await create_registration(database, "fraud", group="marketing")
    await create_registration(database, "other")
    async with database.reading() as connection:
        for groups, names in OWNED:
            wanted = RegistrationCriteria(groups)
            page = await registrations.page(connection, wanted, REQUIRED, 10)
            assert sorted(record.model_name for record in page.records) == names, groups
            assert await registrations.count(connection, wanted) == len(names), groups


NAMED: list[tuple[str | None, list[str]]] = [
    ("hurn", ["churn"]),
    ("CHURN", ["churn"]),
    ("Leavers", ["churn"]),
    ("%", ["fraud"]),
    ("_", []),
    ("\\", []),
    ("é", ["fraud"]),
    ("", ["churn", "fraud"]),
    (None, ["churn", "fraud"]),
]


async def test_a_part_of_a_name_is_found_in_any_case_and_is_no_pattern(database: Database) -> None:
    await create_registration(database, "churn", display_name="Leavers")
    await create_registration(database, "fraud", display_name="99% sûr, é")
    async with database.reading() as connection:
        for part, names in NAMED:
            wanted = RegistrationCriteria(["risk"], part)
            page = await registrations.page(connection, wanted, REQUIRED, 10)
            assert sorted(record.model_name for record in page.records) == names, part
            assert await registrations.count(connection, wanted) == len(names), part
