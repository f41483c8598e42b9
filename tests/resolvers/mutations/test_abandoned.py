"""resolvers.mutations.abandoned: a change whose process has died is in the audit once, and no other change is."""

import asyncio
import logging

import pytest

from registry import audit, audit_intents
from registry.audit import AuditCriteria
from registry.audit_intents import AuditIntent
from registry.database import Database
from registry.enums import AuditOutcome
from registry.records import AuditEvent
from resolvers.mutations.abandoned import AbandonedMutations
from tests.registry import factories

INTENT = AuditIntent(
    key="0" * 32,
    at=factories.NOON,
    actor="ann",
    group="risk",
    action="createRuntime",
    request_id="r-1",
    lease="executor/gone",
)


async def begin(database: Database) -> None:
    async with database.writing() as connection:
        await audit_intents.begin(connection, INTENT)


async def events(database: Database) -> tuple[AuditEvent, ...]:
    async with database.reading() as connection:
        return tuple((await audit.page(connection, AuditCriteria(groups=None), 10)).records)


async def test_nothing_forgotten(database: Database) -> None:
    await AbandonedMutations(database).run_once()
    assert await events(database) == ()


async def test_what_a_dead_process_has_begun_is_told_once(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    await begin(database)
    forgotten = AbandonedMutations(database)
    await asyncio.gather(forgotten.run_once(), forgotten.run_once())
    await forgotten.run_once()
    (event,) = await events(database)
    text = (event.actor, event.group, event.role_arn, event.action, event.target, event.outcome, event.request_id)
    assert text == ("ann", "risk", None, "createRuntime", None, AuditOutcome.FAILED, "r-1")
    assert event.detail == (
        "Begun at 2026-03-02T12:00:00+00:00; the gateway ended before it knew the outcome. The change may have been "
        "made, wholly or in part: look at the resource itself, and at AWS CloudTrail."
    )
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert lines == ["The outcome of createRuntime in the request r-1 is unknown: its process ended."]


async def test_one_that_wakes_between_the_look_and_the_event_tells_it_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(database)
    look = audit_intents.abandoned

    async def wakes(*value: object) -> object:
        intents = await look(*value)  # type: ignore[arg-type]  # what is given is passed on.
        async with database.writing() as connection:
            await audit_intents.end(connection, INTENT.key)
        return intents

    monkeypatch.setattr(audit_intents, "abandoned", wakes)
    await AbandonedMutations(database).run_once()
    assert await events(database) == ()
