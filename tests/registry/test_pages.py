"""registry.pages: newest first, none twice and none left out, also of those that share a moment."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from registry import audit
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.pages import KeysetPosition, NewestFirst, Page, in_groups, page_of, rows_after
from registry.tables import audit_events
from registry.words import AuditOutcome
from tests.registry.making import key_in_id, minutes_after_noon

ORDER = NewestFirst(audit_events.c.at, audit_events.c.key)
EVENTS = select(audit_events)


async def kept(database: Database, *minutes: int, group: str | None = "risk") -> list[KeysetPosition]:
    """The place of an event at each of these minutes."""
    places = []
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
    found: list[KeysetPosition] = []
    after, more = None, True
    async with database.reading() as connection:
        while more:
            page = await page_of(connection, EVENTS, ORDER, lambda row: row.key, size, after)
            assert page.records == tuple(each for _, each in page.positions)
            assert len(page.positions) == min(size, 5 - len(found))
            found += page.positions
            after, more = page.positions[-1], page.has_more
        assert await page_of(connection, EVENTS, ORDER, lambda row: row.key, size, after) == Page((), (), False)
    assert tuple(found) == places


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
    (mine,), (theirs,), (nobodys,) = [
        await kept(database, minute, group=group) for minute, group in enumerate(("risk", "marketing", None))
    ]
    async with database.reading() as connection:
        for groups, expected in (
            (None, [nobodys, theirs, mine]),
            (["risk"], [mine]),
            (frozenset({"risk", "marketing"}), [theirs, mine]),
            ([], []),
        ):
            statement = EVENTS.where(in_groups(audit_events.c.group_name, groups))
            rows, _ = await rows_after(connection, statement, ORDER, 5, None)
            assert [ORDER.position(row) for row in rows] == expected
