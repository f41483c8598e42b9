"""registry.changes: watchers of records, and notes of changes in transactions."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from registry import audit
from registry.audit import NewAuditEvent
from registry.changes import RecordChange, RecordChanges, note_change, parse_notification
from registry.database import Database
from registry.enums import AuditOutcome


def test_watchers_are_told_of_their_record_and_of_their_type_alone() -> None:
    changes = RecordChanges()
    told: list[tuple[str, str]] = []
    end = changes.watch("Deployment", "a", lambda key: told.append(("a", key)))
    changes.watch("Deployment", None, lambda key: told.append(("any", key)))
    changes.announce([RecordChange("Deployment", "a"), RecordChange("Deployment", "b"), RecordChange("ImportRun", "a")])
    assert told == [("a", "a"), ("any", "a"), ("any", "b")]
    end()
    changes.announce([RecordChange("Deployment", "a")])
    assert told[3:] == [("any", "a")]


def test_each_watched_record_may_have_changed_unheard() -> None:
    changes = RecordChanges()
    told: list[tuple[str, str]] = []
    changes.watch("Deployment", "a", lambda key: told.append(("deployment", key)))
    changes.watch("ImportRun", "b", lambda key: told.append(("run", key)))
    changes.watch("ImportRun", None, lambda key: told.append(("any", key)))
    changes.announce_watched()
    assert told == [("deployment", "a"), ("run", "b")]


def test_the_first_watcher_is_told_of_and_the_last_one_leaves_nothing() -> None:
    changes = RecordChanges()
    begun: list[bool] = []
    changes.on_first = lambda: begun.append(True)
    ends = [changes.watch("ImportRun", key, lambda _key: None) for key in ("a", "a", "b")]
    assert (len(begun), bool(changes)) == (1, True)
    for end in ends:
        end()
        end()
    assert not changes


@pytest.mark.parametrize(
    ("payload", "change"),
    [
        ("Deployment:k", RecordChange("Deployment", "k")),
        ("ImportRun:k", RecordChange("ImportRun", "k")),
        ("Later:k", None),
        ("", None),
    ],
)
def test_notifications_of_other_versions_are_left_alone(payload: str, change: RecordChange | None) -> None:
    assert parse_notification(payload) == change


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_change_is_told_once_it_is_committed_and_never_if_it_is_not(database: Database) -> None:
    told: list[str] = []
    database.changes.watch("Deployment", None, told.append)
    async with database.writing() as connection:
        await note_change(connection, "Deployment", "a")
        assert told == []
    assert told == ["a"]
    with suppress(KeyError):
        async with database.writing() as connection:
            await note_change(connection, "Deployment", "lost")
            raise KeyError
    async with database.writing():
        pass
    assert told == ["a"]


async def test_events_count_once_they_are_committed(database: Database) -> None:
    event = NewAuditEvent(actor="ann", action="createModel", outcome=AuditOutcome.REFUSED, at=datetime.now(UTC))
    with suppress(ValueError):
        async with database.writing() as connection:
            await audit.append(connection, event)
            raise ValueError
    assert database.audited == {}
    async with database.writing() as connection:
        await audit.append(connection, event)
        await audit.append(connection, event)
        assert database.audited == {}
    assert database.audited == {("createModel", "REFUSED"): 2}
