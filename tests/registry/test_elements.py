"""registry.elements: what imports saw, held against what is known, page by page."""

import time
from datetime import datetime

import pytest

from registry import elements, tables
from registry.database import Database
from registry.elements import ElementCriteria, KnownElement, SeenElement
from registry.enums import ElementKind
from registry.errors import RegistryConflictError
from registry.ids import new_key
from registry.records import ImportedElement
from registry.stored_digests import stored_digest
from tests.registry import factories
from tests.registry.factories import (
    NOON,
    create_registration,
    create_registration_key,
    key_in_id,
    minutes_after_noon,
    seen_element,
)


async def put(database: Database, registration: str, *elements_seen: SeenElement, at: datetime = NOON) -> None:
    async with database.writing() as connection:
        await elements.upsert(connection, registration, elements_seen, at)


async def known(database: Database, registration: str) -> dict[str, KnownElement]:
    async with database.reading() as connection:
        return {element.name: element for element in await elements.known_elements(connection, registration)}


async def records(database: Database, registration: str) -> dict[str, ImportedElement]:
    async with database.reading() as connection:
        page = await elements.page(connection, ElementCriteria(registration), 100)
    return {record.name: record for record in page.records}


async def test_what_is_put_can_be_read(database: Database) -> None:
    made = await create_registration(database)
    await put(database, key_in_id(made.id), seen_element(1))
    (record,) = (await records(database, key_in_id(made.id))).values()
    assert record == ImportedElement(
        id=record.id,
        registration_id=made.id,
        kind=ElementKind.TRAINING_JOB,
        name="job-1",
        arn="arn:aws:sagemaker:eu-west-1:111111111111:training-job/job-1",
        created_at=minutes_after_noon(1),
        match="EXACT_ARTIFACT",
        first_seen_at=NOON,
        last_seen_at=NOON,
        vanished_at=None,
        stored={"TrainingJobName": "job-1"},
    )
    async with database.reading() as connection:
        result = key_in_id(record.id, "ImportedElement")
        assert await elements.by_keys(connection, [result, new_key()]) == {result: record}
    assert await known(database, key_in_id(made.id)) == {
        "job-1": KnownElement(
            key=result,
            kind=ElementKind.TRAINING_JOB,
            name="job-1",
            arn=record.arn,
            created_at=minutes_after_noon(1),
            match="EXACT_ARTIFACT",
            digest=stored_digest({"TrainingJobName": "job-1"}),
            vanished=False,
        )
    }


async def test_put_again_keeps_the_row_and_brings_it_up_to_date(database: Database) -> None:
    registration = await create_registration_key(database)
    await put(database, registration, seen_element(1), seen_element(2))
    before = await records(database, registration)
    changed = seen_element(1, match="MODEL_NAME", stored={"Status": "Stopped"})
    await put(database, registration, changed, at=minutes_after_noon(5))
    after = await records(database, registration)
    assert after["job-2"] == before["job-2"]
    assert after["job-1"].id == before["job-1"].id
    one = after["job-1"]
    assert (one.match, one.stored) == ("MODEL_NAME", {"Status": "Stopped"})
    assert (one.first_seen_at, one.last_seen_at) == (NOON, minutes_after_noon(5))


async def test_made_again_under_its_name_is_another(database: Database) -> None:
    registration = await create_registration_key(database)
    await put(database, registration, seen_element(1), seen_element(1, created_at=minutes_after_noon(7)))
    assert await factories.row_counts(database, [tables.elements]) == [2]


async def test_what_vanishes_keeps_the_moment_and_what_comes_back_is_there(database: Database) -> None:
    registration = await create_registration_key(database)
    await put(database, registration, seen_element(1), seen_element(2), seen_element(3))
    keys = {name: element.key for name, element in (await known(database, registration)).items()}
    async with database.writing() as connection:
        await elements.mark_vanished(connection, registration, [keys["job-1"], keys["job-2"]], minutes_after_noon(1))
        await elements.mark_vanished(connection, registration, [keys["job-1"], keys["job-2"]], minutes_after_noon(2))
    gone = await records(database, registration)
    assert {name: imported_element.vanished_at for name, imported_element in gone.items()} == {
        "job-1": minutes_after_noon(1),
        "job-2": minutes_after_noon(1),
        "job-3": None,
    }
    assert {name: item.vanished for name, item in (await known(database, registration)).items()} == {
        "job-1": True,
        "job-2": True,
        "job-3": False,
    }
    await put(database, registration, seen_element(1), at=minutes_after_noon(3))
    async with database.writing() as connection:
        await elements.mark_seen(connection, registration, [keys["job-2"]], minutes_after_noon(4))
    back = await records(database, registration)
    assert {name: (member.vanished_at, member.last_seen_at) for name, member in back.items()} == {
        "job-1": (None, minutes_after_noon(3)),
        "job-2": (None, minutes_after_noon(4)),
        "job-3": (None, NOON),
    }
    assert [element.stored for element in back.values()] == [element.stored for element in gone.values()]


async def test_another_registration_s_elements_stay_as_they_are(database: Database) -> None:
    own, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    await put(database, own, seen_element(1))
    await put(database, other, seen_element(1))
    before = await records(database, other)
    (their_key,) = [element.key for element in (await known(database, other)).values()]
    async with database.writing() as connection:
        await elements.mark_seen(connection, own, [their_key], minutes_after_noon(1))
        await elements.mark_vanished(connection, own, [their_key], minutes_after_noon(1))
    assert await records(database, other) == before


async def test_elements_of_nothing(database: Database) -> None:
    await put(database, new_key())
    with pytest.raises(RegistryConflictError):
        await put(database, new_key(), seen_element(1))
    assert await known(database, new_key()) == {}
    assert await factories.row_counts(database, [tables.elements]) == [0]


async def test_pages_are_narrowed_and_go_from_the_youngest_to_the_oldest(database: Database) -> None:
    registration, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    models = [seen_element(number, kind=ElementKind.MODEL) for number in range(2)]
    await put(database, registration, *models, *(seen_element(number) for number in range(2, 7)))
    await put(database, other, seen_element(50))
    keys = {name: element.key for name, element in (await known(database, registration)).items()}
    async with database.writing() as connection:
        await elements.mark_vanished(connection, registration, [keys["job-0"], keys["job-4"]], NOON)

    async def names(first: int, *narrowed: object) -> tuple[list[str], bool, int]:
        wanted = ElementCriteria(registration, *narrowed)  # type: ignore[arg-type]  # Each case gives what fits.
        async with database.reading() as connection:
            page = await elements.page(connection, wanted, first)
            return [record.name for record in page.records], page.has_more, await elements.count(connection, wanted)

    youngest_first = [f"job-{number}" for number in range(6, -1, -1)]
    assert await names(10) == (youngest_first, False, 7)
    assert await names(3) == (youngest_first[:3], True, 7)
    assert await names(7) == (youngest_first, False, 7)
    assert await names(10, [ElementKind.MODEL]) == (["job-1", "job-0"], False, 2)
    assert await names(10, [ElementKind.MODEL, ElementKind.TRAINING_JOB], True) == (["job-4", "job-0"], False, 2)
    assert await names(10, None, False) == (["job-6", "job-5", "job-3", "job-2", "job-1"], False, 5)
    assert await names(10, []) == ([], False, 0)
    async with database.reading() as connection:
        first = await elements.page(connection, ElementCriteria(registration), 3)
        second = await elements.page(connection, ElementCriteria(registration), 10, first.positions[-1])
    assert [imported_element.name for imported_element in second.records] == youngest_first[3:]


async def test_two_thousand_elements(database: Database) -> None:
    """More than fit into one statement; each step takes about a tenth of a second, and never several."""
    registration = await create_registration_key(database)
    many = [seen_element(number, stored={"Image": "x" * 2000}) for number in range(2000)]
    begun = time.monotonic()
    await put(database, registration, *many)
    await put(database, registration, *many, at=minutes_after_noon(1))
    keys = [element.key for element in (await known(database, registration)).values()]
    assert len(set(keys)) == 2000
    async with database.writing() as connection:
        await elements.mark_seen(connection, registration, keys, minutes_after_noon(2))
        await elements.mark_vanished(connection, registration, keys[:1500], minutes_after_noon(3))
    async with database.reading() as connection:
        assert await elements.count(connection, ElementCriteria(registration, vanished=True)) == 1500
    assert time.monotonic() - begun < 10


async def test_elements_by_their_names(database: Database) -> None:
    """Those of this registration and kind alone; of one that was made anew, that which was made last."""
    registration, other = await create_registration_key(database), await create_registration_key(database, "other")
    await put(
        database,
        registration,
        seen_element(1),
        seen_element(1, created_at=minutes_after_noon(9)),
        seen_element(2, kind=ElementKind.TRANSFORM_JOB),
    )
    await put(database, other, seen_element(3))
    wanted = ["job-1", "job-2", "job-3", "job-4"]
    async with database.reading() as connection:
        imported_elements = await elements.by_names(connection, registration, ElementKind.TRAINING_JOB, wanted)
        nothing = await elements.by_names(connection, registration, ElementKind.TRAINING_JOB, [])
    assert {name: element.created_at for name, element in imported_elements.items()} == {"job-1": minutes_after_noon(9)}
    assert nothing == {}


def component(number: int) -> SeenElement:
    """An inference component, of a kind that 0.2.0 does not know."""
    arn = f"arn:aws:sagemaker:eu-west-1:111111111111:inference-component/c-{number}"
    return seen_element(number, kind=ElementKind.INFERENCE_COMPONENT, name=f"c-{number}", arn=arn, match=None)


async def test_later_kinds_have_a_table_of_their_own_and_are_read_with_the_others(database: Database) -> None:
    """Gateways of 0.2.0, which would fail at them, read the other table alone."""
    registration = await create_registration_key(database)
    await put(database, registration, seen_element(1), component(2), seen_element(3), component(4))
    assert await factories.row_counts(database, [tables.elements, tables.later_elements]) == [2, 2]
    assert list(await records(database, registration)) == ["c-4", "job-3", "c-2", "job-1"]
    assert set(await known(database, registration)) == {"c-4", "job-3", "c-2", "job-1"}
    criteria = ElementCriteria(registration)
    only = ElementCriteria(registration, [ElementKind.INFERENCE_COMPONENT])
    async with database.reading() as connection:
        first = await elements.page(connection, criteria, 3)
        rest = await elements.page(connection, criteria, 3, first.positions[-1])
        assert [record.name for record in rest.records] == ["job-1"]
        assert [await elements.count(connection, one) for one in (criteria, only)] == [4, 2]
        pages = await elements.first_pages(connection, [registration], 3, kinds=None, vanished=None)
        assert [record.name for record in pages[registration].page.records] == ["c-4", "job-3", "c-2"]
        assert pages[registration].page == first
        assert (pages[registration].total, pages[registration].page.has_more) == (4, True)
        key = (await known(database, registration))["c-2"].key
        assert [one.name for one in (await elements.by_keys(connection, [key])).values()] == ["c-2"]


async def test_later_kinds_vanish_and_come_again(database: Database) -> None:
    registration = await create_registration_key(database)
    await put(database, registration, seen_element(1), component(2))
    keys = [element.key for element in (await known(database, registration)).values()]
    async with database.writing() as connection:
        await elements.mark_vanished(connection, registration, keys, minutes_after_noon(5))
        await elements.mark_vanished(connection, registration, keys, minutes_after_noon(9))
    assert {item.vanished_at for item in (await records(database, registration)).values()} == {minutes_after_noon(5)}
    async with database.writing() as connection:
        await elements.mark_seen(connection, registration, keys, minutes_after_noon(10))
    assert {item.vanished_at for item in (await records(database, registration)).values()} == {None}
    await put(database, registration, component(2), at=minutes_after_noon(11))
    assert (await records(database, registration))["c-2"].last_seen_at == minutes_after_noon(11)
