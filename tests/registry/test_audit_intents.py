"""registry.audit_intents: what is begun is kept until it ends, and is found where its process has died."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from registry import audit_intents, leases, tables
from registry.audit_intents import AuditIntent
from registry.database import Database
from registry.errors import RegistryConflictError, RegistryUnavailableError
from tests.registry import factories

LEASE = "executor/one"


def intent(number: int = 1, **changed: str | None) -> AuditIntent:
    value = {"actor": "ann", "group": "risk", "action": "createRuntime", "request_id": "r-1", "lease": LEASE, **changed}
    return AuditIntent(key=f"{number:032x}", at=factories.minutes_after_noon(number), **value)  # type: ignore[arg-type]  # all are texts.


async def begin(database: Database, *intents: AuditIntent) -> None:
    async with database.writing() as connection:
        for intent in intents:
            await audit_intents.begin(connection, intent)


async def end(database: Database, intent: AuditIntent) -> bool:
    async with database.writing() as connection:
        return await audit_intents.end(connection, intent.key)


async def abandoned(database: Database, seconds: float = 60) -> list[AuditIntent]:
    async with database.reading() as connection:
        return list(await audit_intents.abandoned(connection, seconds))


async def lives(database: Database, ended_ago: float = -60) -> None:
    """Its process has the lease, which ended so many seconds ago."""
    async with database.writing() as connection:
        await leases.acquire(connection, LEASE, "one", 60)
        until = datetime.now(UTC) - timedelta(seconds=ended_ago)
        await connection.execute(update(tables.leases).values(until=until))


async def test_what_is_begun_is_kept_until_it_ends(database: Database) -> None:
    first, second = intent(1), intent(2, group=None)
    await begin(database, second, first)
    assert await abandoned(database) == [first, second]
    assert await end(database, first)
    assert not await end(database, first)
    assert await abandoned(database) == [second]


@pytest.mark.parametrize(("ended_ago", "count"), [(-60, 0), (50, 0), (70, 1)])
async def test_what_a_living_process_has_begun_is_not_abandoned(
    database: Database, ended_ago: float, count: int
) -> None:
    """Nor what one has that was late with its lease by less than a minute."""
    await begin(database, intent())
    await lives(database, ended_ago)
    assert len(await abandoned(database)) == count


async def test_what_a_process_that_gave_its_lease_back_has_begun_is(database: Database) -> None:
    await begin(database, intent())
    async with database.writing() as connection:
        lease = await leases.acquire(connection, LEASE, "one", 60)
        assert lease is not None
        await leases.release(connection, lease)
    assert await abandoned(database) == [intent()]


async def test_it_is_kept_whatever_it_holds(database: Database) -> None:
    await begin(database, intent(actor="a\x00n", group="\ud800", request_id="\x00"))
    (audit_intent,) = await abandoned(database)
    assert (audit_intent.actor, audit_intent.group, audit_intent.request_id) == ("a\ufffdn", "\ufffd", "\ufffd")


async def test_one_key_is_begun_once(database: Database) -> None:
    await begin(database, intent())
    with pytest.raises(RegistryConflictError):
        await begin(database, intent())
    assert await abandoned(database) == [intent()]


async def test_where_there_is_only_reading_nothing_begins(postgres_url: str) -> None:
    async def begins(database: Database) -> None:
        async with database.writing() as connection:
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            await audit_intents.begin(connection, intent())

    async with Database(postgres_url) as database:
        with pytest.raises(RegistryUnavailableError, match="it takes no writes"):
            await begins(database)
        assert await abandoned(database) == []
