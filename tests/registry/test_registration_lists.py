"""registry.registrations: lists of them, narrowed, in pages, and never with what belongs to somebody else."""

import pytest

from registry import registrations
from registry.database import Database
from registry.records import Registration
from registry.registrations import RegistrationCriteria
from tests.registry.making import NOON, REQUIRED, create_registration, key_in_id, minutes_after_noon

EVERYONE = RegistrationCriteria(groups=None)


async def test_the_registrations_of_models(database: Database) -> None:
    old = await create_registration(database)
    again = await create_registration(
        database, model_created_at=minutes_after_noon(1), imported_at=minutes_after_noon(1)
    )
    theirs = await create_registration(database, group="marketing", imported_at=minutes_after_noon(2))
    await create_registration(database, "fraud")
    arns, place = [old.model_arn, "arn:of:nothing"], ("111111111111", "eu-west-1")
    async with database.reading() as connection:
        assert await registrations.of_models(connection, ["risk"], *place, arns, REQUIRED) == (again, old)
        assert await registrations.of_models(connection, None, *place, arns, REQUIRED) == (theirs, again, old)
        assert await registrations.of_models(connection, [], *place, arns, REQUIRED) == ()
        assert await registrations.of_models(connection, None, "222222222222", place[1], arns, REQUIRED) == ()
        assert await registrations.of_models(connection, None, place[0], "us-east-1", arns, REQUIRED) == ()


async def test_which_models_are_imported(database: Database) -> None:
    made = await create_registration(database)
    await create_registration(database, "fraud", group="marketing")
    async with database.reading() as connection:
        ours = await registrations.imported_models(connection, ["risk"], "111111111111", "eu-west-1")
        assert ours == {(made.model_arn, NOON)}
        assert len(await registrations.imported_models(connection, None, "111111111111", "eu-west-1")) == 2
        assert await registrations.imported_models(connection, [], "111111111111", "eu-west-1") == frozenset()


async def test_pages_go_from_the_newest_to_the_oldest_and_miss_none(database: Database) -> None:
    # Several at the same moment, so that their keys must tell them apart.
    made = [
        await create_registration(database, f"model-{number}", imported_at=minutes_after_noon(number // 3))
        for number in range(8)
    ]
    expected = sorted(made, key=lambda each: (each.imported_at, key_in_id(each.id)), reverse=True)
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
    assert page.positions == tuple((each.imported_at, key_in_id(each.id)) for each in page.records)
    assert len(page.records) == 2


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        (None, ["churn", "fraud", "other"]),
        (["risk"], ["churn", "other"]),
        (["risk", "marketing"], ["churn", "fraud", "other"]),
        (["nobody"], []),
        ([], []),
    ],
)
async def test_a_page_shows_what_these_groups_own(
    database: Database, groups: list[str] | None, names: list[str]
) -> None:
    await create_registration(database, "churn")
    await create_registration(database, "fraud", group="marketing")
    await create_registration(database, "other")
    wanted = RegistrationCriteria(groups)
    async with database.reading() as connection:
        page = await registrations.page(connection, wanted, REQUIRED, 10)
        assert sorted(each.model_name for each in page.records) == names
        assert await registrations.count(connection, wanted) == len(names)


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("hurn", ["churn"]),
        ("CHURN", []),
        ("Leavers", ["churn"]),
        ("%", ["fraud"]),
        ("_", []),
        ("\\", []),
        ("é", ["fraud"]),
        ("", ["churn", "fraud"]),
        (None, ["churn", "fraud"]),
    ],
)
async def test_a_part_of_a_name_is_taken_as_it_is_spelled(
    database: Database, part: str | None, names: list[str]
) -> None:
    await create_registration(database, "churn", display_name="Leavers")
    await create_registration(database, "fraud", display_name="99% sûr, é")
    wanted = RegistrationCriteria(["risk"], part)
    async with database.reading() as connection:
        page = await registrations.page(connection, wanted, REQUIRED, 10)
        assert sorted(each.model_name for each in page.records) == names
        assert await registrations.count(connection, wanted) == len(names)
