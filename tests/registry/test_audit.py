"""registry.audit: events are added, found, and never changed: not by us, and not by the database either."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from registry import audit, tables
from registry.audit import AuditCriteria, NewAuditEvent
from registry.database import Database
from registry.enums import AuditOutcome
from registry.errors import RegistryConflictError
from registry.ids import new_key
from registry.records import AuditEvent
from tests.registry import factories
from tests.registry.factories import NOON, key_in_id, minutes_after_noon


def new(number: int = 0, **changed: Any) -> NewAuditEvent:
    return NewAuditEvent(
        **{
            "at": minutes_after_noon(number),
            "actor": "ann",
            "group": "risk",
            "action": "importModel",
            "target": f"model-{number}",
            "outcome": AuditOutcome.SUCCEEDED,
            **changed,
        }
    )


async def append(database: Database, *events: NewAuditEvent) -> list[AuditEvent]:
    async with database.writing() as connection:
        return [await audit.append(connection, event) for event in events]


async def found(database: Database, **narrowed: Any) -> list[str | None]:
    wanted = AuditCriteria(**{"groups": None, **narrowed})
    async with database.reading() as connection:
        page = await audit.page(connection, wanted, 100)
        assert await audit.count(connection, wanted) == len(page.records)
    return [event.target for event in page.records]


async def test_what_is_appended_can_be_read(database: Database) -> None:
    (event,) = await append(
        database,
        new(role_arn="arn:aws:iam::1:role/risk", detail="Why", request_id="r-1", aws_request_ids=("a", "b")),
    )
    assert event == AuditEvent(
        id=event.id,
        at=NOON,
        actor="ann",
        group="risk",
        role_arn="arn:aws:iam::1:role/risk",
        action="importModel",
        target="model-0",
        outcome=AuditOutcome.SUCCEEDED,
        detail="Why",
        request_id="r-1",
        aws_request_ids=("a", "b"),
    )
    async with database.reading() as connection:
        assert await audit.by_key(connection, key_in_id(event.id, "AuditEvent")) == event
        assert await audit.by_key(connection, new_key()) is None
        known = key_in_id(event.id, "AuditEvent")
        assert await audit.by_keys(connection, [known, new_key()]) == {known: event}


async def test_an_event_is_kept_whatever_it_holds(database: Database) -> None:
    (event,) = await append(database, new(actor="a\x00n", target="\ud800", detail="x\x00", aws_request_ids=["\x00"]))
    assert (event.actor, event.target, event.detail) == ("a\ufffdn", "\ufffd", "x\ufffd")
    assert event.aws_request_ids == ("\ufffd",)
    assert await found(database, actor="a\x00n") == ["\ufffd"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'nobody'",
        "UPDATE audit_events SET detail = 'more' WHERE detail IS NULL",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE actor = 'ann'",
    ],
)
async def test_the_database_refuses_to_change_one(database: Database, statement: str) -> None:
    (event,) = await append(database, new(at=datetime.now(UTC) - timedelta(days=29.9)))
    with pytest.raises(RegistryConflictError) as refused:
        async with database.writing() as connection:
            await connection.execute(text(statement))
    words = "are only ever added to" if statement.startswith("UPDATE") else "are kept for 30 days at least"
    assert f"audit_events {words}" in str(refused.value.__cause__)
    async with database.reading() as connection:
        assert await audit.by_key(connection, key_in_id(event.id, "AuditEvent")) == event


async def test_postgresql_refuses_to_empty_the_table(postgres_url: str) -> None:
    async with Database(postgres_url) as database:
        await append(database, new())
        with pytest.raises(RegistryConflictError):
            async with database.writing() as connection:
                await connection.execute(text("TRUNCATE audit_events"))
        assert await factories.row_counts(database, [tables.audit_events]) == [1]


def test_no_function_changes_or_deletes() -> None:
    functions = {name for name, _ in inspect.getmembers(audit, inspect.iscoroutinefunction)}
    assert {name for name in functions if not name.startswith("_")} == {
        "append",
        "by_key",
        "by_keys",
        "page",
        "count",
        "page_of",
        "count_rows",
        "rows_in",
        "first_actor",
        "successes",
        "export_batch",
    }


async def test_an_event_of_a_transaction_that_is_broken_off_is_not_kept(database: Database) -> None:
    async def breaks_off() -> None:
        async with database.writing() as connection:
            await audit.append(connection, new())
            raise KeyError("one")

    with pytest.raises(KeyError):
        await breaks_off()
    assert await factories.row_counts(database, [tables.audit_events]) == [0]


async def test_filters(database: Database) -> None:
    await append(
        database,
        new(0),
        new(1, actor="bob", group="marketing"),
        new(2, action="putAsset", outcome=AuditOutcome.REFUSED),
        new(3, group=None, outcome=AuditOutcome.FAILED),
    )
    assert await found(database) == ["model-3", "model-2", "model-1", "model-0"]
    assert await found(database, groups=["risk"]) == ["model-2", "model-0"]
    assert await found(database, groups=["risk", "marketing"]) == ["model-2", "model-1", "model-0"]
    assert await found(database, groups=[]) == []
    assert await found(database, actor="bob") == ["model-1"]
    assert await found(database, action="putAsset") == ["model-2"]
    assert await found(database, outcome=AuditOutcome.FAILED) == ["model-3"]
    assert await found(database, occurred_after=minutes_after_noon(1)) == ["model-3", "model-2"]
    assert await found(database, occurred_before=minutes_after_noon(1)) == ["model-0"]
    assert await found(database, occurred_after=minutes_after_noon(0), occurred_before=minutes_after_noon(3)) == [
        "model-2",
        "model-1",
    ]
    assert await found(database, groups=["risk"], actor="bob") == []


async def test_pages_miss_none_of_the_same_moment(database: Database) -> None:
    events = await append(database, *(new(0, target=str(number)) for number in range(7)))
    read: list[AuditEvent] = []
    after, more = None, True
    async with database.reading() as connection:
        while more:
            page = await audit.page(connection, AuditCriteria(groups=None), 3, after)
            read, after, more = [*read, *page.records], page.positions[-1], page.has_more
    assert read == sorted(events, key=lambda event: key_in_id(event.id, "AuditEvent"), reverse=True)


async def test_an_export_has_each_event_of_its_time_once_the_oldest_first(database: Database) -> None:
    events = await append(database, *(new(number // 3) for number in (8, 7, 6, 5, 4, 3, 2, 1, 0)))
    times = {"since": minutes_after_noon(1), "until": minutes_after_noon(2)}
    read: list[AuditEvent] = []
    async with database.reading() as connection:
        while batch := await audit.export_batch(connection, **times, most=2, after=read[-1] if read else None):
            read += batch
        whole = await audit.export_batch(connection, None, None, 100)
    assert read == sorted(events[3:6], key=lambda event: key_in_id(event.id, "AuditEvent"))
    assert [event.at for event in whole] == sorted(event.at for event in events)
