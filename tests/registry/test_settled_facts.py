"""registry.settled_facts: facts by scope, read back in parts, and deleted with a scope that nobody uses."""

from dataclasses import replace

import pytest

from registry import settled_facts
from registry.database import Connection, Database
from registry.settled_facts import SettledFact, SettledScope
from tests.registry.factories import minutes_after_noon

RISK = SettledScope("111111111111", "eu-west-1", "arn:aws:sts::111111111111:assumed-role/risk", "AROARISK")
FACT = SettledFact(
    "TRANSFORM_JOB",
    "nightly",
    minutes_after_noon(1),
    "Completed",
    None,
    [("ModelName", "churn"), ("Folder", "s3://bucket/ü/")],
    minutes_after_noon(5),
)


async def read(connection: Connection, scope: SettledScope) -> list[SettledFact]:
    return [fact async for facts in settled_facts.of_scope(connection, scope) for fact in facts]


async def test_a_fact_is_read_as_it_was_kept_and_replaced_by_a_newer_one(database: Database) -> None:
    newer = replace(FACT, status="Failed", modified_at=minutes_after_noon(9), described_at=minutes_after_noon(10))
    async with database.writing() as connection:
        await settled_facts.save(connection, RISK, [FACT], minutes_after_noon(5))
        assert await read(connection, RISK) == [FACT]
        await settled_facts.save(connection, RISK, [newer], minutes_after_noon(10))
        assert await read(connection, RISK) == [newer]


@pytest.mark.parametrize(
    "other",
    [
        replace(RISK, account_id="222222222222"),
        replace(RISK, region="us-east-2"),
        replace(RISK, principal_arn="arn:aws:sts::111111111111:assumed-role/other"),
        replace(RISK, unique_id="AROAMADEANEW"),
    ],
)
async def test_another_scope_has_facts_of_its_own(database: Database, other: SettledScope) -> None:
    async with database.writing() as connection:
        await settled_facts.save(connection, RISK, [FACT], minutes_after_noon(5))
        assert await read(connection, other) == []


async def test_many_facts_are_read_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled_facts, "BATCH", 3)
    facts = [replace(FACT, kind=kind, name=f"{n}") for kind in ("MODEL", "SNAPSHOT") for n in range(6)]
    async with database.writing() as connection:
        await settled_facts.save(connection, RISK, facts, minutes_after_noon(5))
        parts = [len(part) async for part in settled_facts.of_scope(connection, RISK)]
        assert parts == [3, 3, 3, 3]
        assert await read(connection, RISK) == facts


async def test_an_idle_scope_is_deleted_with_its_facts(database: Database) -> None:
    used = replace(RISK, region="us-east-2")
    async with database.writing() as connection:
        await settled_facts.save(connection, RISK, [FACT], minutes_after_noon(5))
        await settled_facts.save(connection, used, [FACT], minutes_after_noon(5))
        await settled_facts.save(connection, used, [], minutes_after_noon(9))
        assert await settled_facts.prune(connection, minutes_after_noon(6)) == 1
        assert (await read(connection, RISK), await read(connection, used)) == ([], [FACT])


async def test_the_facts_of_a_scope_are_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled_facts, "MAX_FACTS", 2)
    facts = [replace(FACT, name=f"{n}", described_at=minutes_after_noon(n)) for n in range(5)]
    async with database.writing() as connection:
        await settled_facts.save(connection, RISK, facts, minutes_after_noon(5))
        assert await settled_facts.prune(connection, minutes_after_noon(0)) == 3
        assert await read(connection, RISK) == facts[3:]
