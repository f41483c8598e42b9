"""registry.pages: newest first, none twice and none left out, also of those that share a moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product

import pytest
from sqlalchemy import Engine, event, select

from registry import audit, elements
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.elements import ElementCriteria
from registry.enums import AuditOutcome, ElementKind
from registry.ids import new_key
from registry.pages import FirstPage, KeysetOrder, KeysetPosition, Page, in_groups, page_of, rows_after
from registry.records import ImportedElement
from registry.tables import audit_events
from tests.registry.factories import create_registration_key, key_in_id, minutes_after_noon, seen_element

ORDER = KeysetOrder(audit_events.c.at, audit_events.c.key)
EVENTS = select(audit_events)


async def kept(database: Database, *minutes: int, group: str | None = "risk") -> list[KeysetPosition]:
    """The place of an event at each of these minutes."""
    places: list[KeysetPosition] = []
    async with database.writing() as connection:
        for minute in minutes:
            event = NewAuditEvent(
                at=minutes_after_noon(minute),
                actor="ann",
                group=group,
                action="importModel",
                outcome=AuditOutcome.SUCCEEDED,
            )
            places.append((event.at, key_in_id((await audit.append(connection, event)).id, "AuditEvent")))
    return places


def newest_first(places: Sequence[KeysetPosition]) -> tuple[KeysetPosition, ...]:
    return tuple(sorted(places, reverse=True))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
async def test_page_by_page_each_comes_once(database: Database, size: int) -> None:
    """Whatever was kept last: it is the moment that counts, and of one moment the key."""
    places = newest_first(await kept(database, 2, 1, 1, 1, 3))
    result: list[KeysetPosition] = []
    after, more = None, True
    async with database.reading() as connection:
        while more:
            page = await page_of(connection, EVENTS, ORDER, lambda row: row.key, size, after)
            assert page.records == tuple(item for _, item in page.positions)
            assert len(page.positions) == min(size, 5 - len(result))
            result += page.positions
            after, more = page.positions[-1], page.has_more
        assert await page_of(connection, EVENTS, ORDER, lambda row: row.key, size, after) == Page((), (), False)
    assert tuple(result) == places


async def test_there_is_more_only_where_there_is_another(database: Database) -> None:
    first, second, third = newest_first(await kept(database, 0, 1, 2))
    async with database.reading() as connection:
        for size, after, shown, more in (
            (2, None, [first, second], True),
            (3, None, [first, second, third], False),
            (1, first, [second], True),
            (2, first, [second, third], False),
            (5, third, [], False),
            # A place that nothing has, such as that of a record that was removed.
            (5, (second[0], "z"), [second, third], False),
            (5, (second[0], ""), [third], False),
        ):
            rows, has_more = await rows_after(connection, EVENTS, ORDER, size, after)
            assert ([ORDER.position(row) for row in rows], has_more) == (shown, more)


async def test_records_are_their_groups(database: Database) -> None:
    """Those of no group are seen by whoever sees every group's, and an empty list of groups sees nothing."""
    (own,), (other,), (nobodys,) = [
        await kept(database, minute, group=group) for minute, group in enumerate(("risk", "marketing", None))
    ]
    async with database.reading() as connection:
        for groups, expected in (
            (None, [nobodys, other, own]),
            (["risk"], [own]),
            (frozenset({"risk", "marketing"}), [other, own]),
            ([], []),
        ):
            statement = EVENTS.where(in_groups(audit_events.c.group_name, groups))
            rows, _ = await rows_after(connection, statement, ORDER, 5, None)
            assert [ORDER.position(row) for row in rows] == expected


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
        known = [element.key for element in await elements.known_elements(connection, key) if element.kind is JOB]
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


EVERY_WHICH: list[Which] = [ALL, ([JOB], None), ([SNAPSHOT], False), (None, True), (None, False), ([], None)]


async def test_each_is_what_it_is_alone(database: Database) -> None:
    keys = [await filled(database, name, count, 2) for name, count in (("a", 6), ("b", 0), ("c", 1), ("d", 9))]
    for which, first in product(EVERY_WHICH, (1, 3, 6, 7, 100)):
        pages = await first_pages(database, keys, which, first)
        assert pages == {key: await alone(database, key, which, first) for key in keys}, (which, first)


async def test_what_is_shown(database: Database) -> None:
    many, none = await filled(database, "a", 6), await filled(database, "b", 0)
    pages = await first_pages(database, [many, none], ([JOB], None))
    assert [record.created_at for record in pages[many].page.records] == [
        minutes_after_noon(2),
        minutes_after_noon(2),
        minutes_after_noon(1),
    ]
    assert (pages[many].total, pages[many].page.has_more) == (6, True)
    assert pages[none] == FirstPage(Page((), (), has_more=False), 0)


async def test_a_statement_for_each_table_whatever_their_number(database: Database) -> None:
    keys = [await filled(database, f"model-{number}", 3) for number in range(12)]
    with statements() as sent:
        pages = await first_pages(database, keys, first=2)
    assert ([page.total for page in pages.values()], len(sent)) == ([4] * 12, 2)


async def test_twice_the_same_and_what_is_not_there(database: Database) -> None:
    key, unknown = await filled(database, "a", 1), new_key()
    pages = await first_pages(database, [key, key, unknown])
    assert {item: page.total for item, page in pages.items()} == {key: 2, unknown: 0}
    assert await first_pages(database, []) == {}


async def test_more_than_a_statement_takes(database: Database) -> None:
    key = await filled(database, "a", 1)
    unknown = [new_key() for _ in range(1500)]
    with statements() as sent:
        pages = await first_pages(database, [*unknown, key])
    assert (len(pages), pages[key].total, len(sent)) == (1501, 2, 4)
