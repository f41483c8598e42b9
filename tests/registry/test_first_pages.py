"""registry.first_pages: many lists at once say what each says alone, in one statement."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from registry import elements
from registry.database import Database
from registry.elements import ElementCriteria
from registry.first_pages import FirstPage
from registry.ids import new_key
from registry.pages import Page
from registry.records import ImportedElement
from registry.words import ElementKind
from tests.registry.making import create_registration_key, minutes_after_noon, seen_element

SNAPSHOT, JOB = ElementKind.SNAPSHOT, ElementKind.TRAINING_JOB
Which = tuple[list[ElementKind] | None, bool | None]
ALL: Which = (None, None)


@contextmanager
def statements(begin: str = "SELECT") -> Iterator[list[str]]:
    """The statements that are sent while the block runs and begin so."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(begin):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def filled(database: Database, name: str, count: int, vanished: int = 0) -> str:
    """A registration with so many jobs, two at a moment, and a snapshot."""
    key = await create_registration_key(database, name)
    jobs = [seen_element(number, created_at=minutes_after_noon(number // 2)) for number in range(count)]
    snapshot = seen_element(
        99, kind=SNAPSHOT, arn="arn:aws:sagemaker:eu-west-1:111111111111:endpoint-config/s", match=None
    )
    async with database.writing() as connection:
        await elements.upsert(connection, key, [*jobs, *([snapshot] if count else [])], minutes_after_noon(0))
        known = [each.key for each in await elements.known_elements(connection, key) if each.kind is JOB]
        await elements.mark_vanished(connection, key, known[:vanished], minutes_after_noon(200))
    return key


async def first_pages(
    database: Database, keys: list[str], which: Which = ALL, first: int = 3
) -> Mapping[str, FirstPage[ImportedElement]]:
    kinds, vanished = which
    async with database.reading() as connection:
        return await elements.first_pages(connection, keys, first, kinds=kinds, vanished=vanished)


async def alone(database: Database, key: str, which: Which, first: int) -> FirstPage[ImportedElement]:
    wanted = ElementCriteria(key, *which)
    async with database.reading() as connection:
        return FirstPage(await elements.page(connection, wanted, first), await elements.count(connection, wanted))


@pytest.mark.parametrize("first", [1, 3, 6, 7, 100])
@pytest.mark.parametrize("which", [ALL, ([JOB], None), ([SNAPSHOT], False), (None, True), (None, False), ([], None)])
async def test_each_is_what_it_is_alone(database: Database, which: Which, first: int) -> None:
    keys = [await filled(database, name, count, 2) for name, count in (("a", 6), ("b", 0), ("c", 1), ("d", 9))]
    found = await first_pages(database, keys, which, first)
    assert found == {key: await alone(database, key, which, first) for key in keys}


async def test_what_is_shown(database: Database) -> None:
    many, none = await filled(database, "a", 6), await filled(database, "b", 0)
    found = await first_pages(database, [many, none], ([JOB], None))
    assert [each.created_at for each in found[many].page.records] == [
        minutes_after_noon(2),
        minutes_after_noon(2),
        minutes_after_noon(1),
    ]
    assert (found[many].total, found[many].page.has_more) == (6, True)
    assert found[none] == FirstPage(Page((), (), has_more=False), 0)


async def test_one_statement_whatever_their_number(database: Database) -> None:
    keys = [await filled(database, f"model-{number}", 3) for number in range(12)]
    with statements() as sent:
        found = await first_pages(database, keys, first=2)
    assert ([each.total for each in found.values()], len(sent)) == ([4] * 12, 1)


async def test_twice_the_same_and_what_is_not_there(database: Database) -> None:
    key, unknown = await filled(database, "a", 1), new_key()
    found = await first_pages(database, [key, key, unknown])
    assert {each: page.total for each, page in found.items()} == {key: 2, unknown: 0}
    assert await first_pages(database, []) == {}


async def test_more_than_a_statement_takes(database: Database) -> None:
    key = await filled(database, "a", 1)
    unknown = [new_key() for _ in range(1500)]
    with statements() as sent:
        found = await first_pages(database, [*unknown, key])
    assert (len(found), found[key].total, len(sent)) == (1501, 2, 2)
