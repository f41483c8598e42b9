"""registry.webhook_deliveries: an event is kept with its change, once for each webhook that wants it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from registry import deployments, import_runs, webhook_deliveries
from registry.database import Database
from registry.deployment_records import DeploymentDecision
from registry.enums import DecisionOutcome, DeploymentState, ImportRunState
from registry.webhook_deliveries import ALL_EVENTS, WebhookDelivery, WebhookFilter
from tests.registry.factories import NOON, key_in_id, minutes_after_noon, new_run, start_deployment, transitioned

EVERY, IMPORTS, NONE = "e" * 64, "i" * 64, "n" * 64


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """One with a webhook for everything, one for imports, and one for nothing."""
    wanted = {
        EVERY: WebhookFilter(ALL_EVENTS),
        IMPORTS: WebhookFilter(frozenset({"import.done"})),
        NONE: WebhookFilter(frozenset()),
    }
    async with Database(database_url, webhooks=wanted) as opened:
        yield opened


async def kept(database: Database, *webhooks: str) -> list[WebhookDelivery]:
    async with database.reading() as connection:
        return list(await webhook_deliveries.due(connection, webhooks or (EVERY,), minutes_after_noon(10**6), 100))


def told(rows: list[WebhookDelivery]) -> list[Any]:
    bodies = [json.loads(row.body) for row in rows]
    assert [body["type"] for body in bodies] == [row.event for row in rows]
    return [body["data"] for body in bodies]


async def test_each_transition_is_kept_once_and_what_is_none_is_not(database: Database) -> None:
    begun = await start_deployment(database)
    waiting = await transitioned(database, begun, DeploymentState.AWAITING_APPROVAL)
    decision = DeploymentDecision(DecisionOutcome.APPROVED, "lee", NOON, "a comment, which is not told")
    async with database.writing() as connection:
        # A late one changes nothing, and a note is no transition.
        assert not await deployments.transition(connection, begun, DeploymentState.FAILED, NOON)
        assert await deployments.set_reason(connection, waiting, "waits")
        assert await deployments.is_unchanged(connection, waiting)
        await deployments.decide(connection, waiting, decision, DeploymentState.LAUNCHING, NOON, None)
    async with database.writing() as connection:
        launching = await deployments.by_key(connection, begun.key)
        assert launching is not None
        assert await deployments.begin_next_attempt(connection, launching, NOON, "again")
    rows = await kept(database)
    assert [
        (one["previousState"], one["state"], one["attempt"], one["reason"], one["decidedBy"]) for one in told(rows)
    ] == [
        (None, "VERIFYING", 1, None, None),
        ("VERIFYING", "AWAITING_APPROVAL", 1, None, None),
        ("AWAITING_APPROVAL", "LAUNCHING", 1, None, "lee"),
        ("LAUNCHING", "VERIFYING", 2, "again", None),
    ]
    assert told(rows)[0] == {
        "deploymentId": begun.id,
        "state": "VERIFYING",
        "previousState": None,
        "attempt": 1,
        "reason": None,
        "group": "risk",
        "accountId": "111111111111",
        "region": "eu-west-1",
        "snapshotName": "churn-1",
        "runtimeName": None,
        "trigger": "REQUEST",
        "startedBy": "ann",
        "decidedBy": None,
        "rollout": None,
    }
    assert len({row.key for row in rows}) == 4
    assert "not told" not in "".join(row.body for row in rows)
    assert await kept(database, IMPORTS, NONE) == []


async def test_an_attempt_that_begins_in_the_same_state_is_told(database: Database) -> None:
    begun = await start_deployment(database)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, begun, NOON)
    assert [(one["previousState"], one["attempt"]) for one in told(await kept(database))] == [
        (None, 1),
        ("VERIFYING", 2),
    ]


@pytest.mark.parametrize(("state", "webhooks"), [(ImportRunState.DONE, 2), (ImportRunState.FAILED, 1)])
async def test_the_end_of_an_import(database: Database, state: ImportRunState, webhooks: int) -> None:
    async with database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run(wishes={"secret": "never told"}))
        key = key_in_id(run.id, "ImportRun")
        await import_runs.record_progress(connection, key, "on its way", 1, None)
        assert await import_runs.finish(connection, key, state, "It is over", NOON)
        assert not await import_runs.finish(connection, key, ImportRunState.FAILED, "late", NOON)
    rows = await kept(database, EVERY, IMPORTS, NONE)
    assert [row.event for row in rows] == [f"import.{state.value.lower()}"] * webhooks
    assert told(rows)[0] == {
        "importRunId": run.id,
        "state": state.value,
        "phase": "It is over",
        "problems": 0,
        "group": "risk",
        "accountId": "111111111111",
        "region": "eu-west-1",
        "modelName": "churn",
        "registrationId": None,
        "startedBy": "ann",
    }
    assert json.loads(rows[0].body)["timestamp"] == NOON.isoformat()


async def test_a_change_that_is_undone_is_not_told(database: Database) -> None:
    begun = await start_deployment(database)

    async def fail() -> None:
        async with database.writing() as connection:
            await deployments.transition(connection, begun, DeploymentState.FAILED, NOON)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert [row.event for row in await kept(database)] == ["deployment.verifying"]


async def test_without_webhooks_nothing_is_kept(database_url: str) -> None:
    async with Database(database_url) as database:
        await transitioned(database, await start_deployment(database), DeploymentState.FAILED)
        async with database.reading() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM webhook_deliveries"))).scalar_one() == 0


async def test_tries_are_counted_once_each_and_a_limit_holds(database: Database) -> None:
    for number in range(3):
        await start_deployment(database, f"churn-{number}", started_at=minutes_after_noon(number))
    first, second, _ = await kept(database)
    async with database.writing() as connection:
        assert await webhook_deliveries.postpone(connection, first.key, 0, NOON + timedelta(days=1))
        assert not await webhook_deliveries.postpone(connection, first.key, 0, NOON)
        assert not await webhook_deliveries.remove(connection, first.key, 0)
        assert await webhook_deliveries.by_key(connection, first.key, 0) is None
        assert await webhook_deliveries.remove(connection, second.key, 0)
    async with database.reading() as connection:
        due = await webhook_deliveries.due(connection, [EVERY], minutes_after_noon(5), 10)
        assert [json.loads(row.body)["data"]["snapshotName"] for row in due] == ["churn-2"]
        assert [
            row.tries for row in await webhook_deliveries.due(connection, [EVERY], NOON + timedelta(days=2), 10)
        ] == [0, 1]
        assert len(await webhook_deliveries.due(connection, [EVERY], NOON + timedelta(days=2), 1)) == 1


async def test_what_is_old_is_deleted_in_batches(database: Database) -> None:
    for number in range(3):
        await start_deployment(database, f"churn-{number}", started_at=minutes_after_noon(number))
    async with database.writing() as connection:
        assert await webhook_deliveries.delete_old(connection, NOON, 10) == 0
        assert await webhook_deliveries.delete_old(connection, minutes_after_noon(2), 1) == 1
        assert await webhook_deliveries.delete_old(connection, minutes_after_noon(2), 10) == 1
    assert [json.loads(row.body)["data"]["snapshotName"] for row in await kept(database)] == ["churn-2"]


@pytest.mark.parametrize(
    ("groups", "group", "wanted"),
    [
        (None, "risk", True),
        (None, None, True),
        (frozenset({"risk"}), "risk", True),
        (frozenset({"risk"}), "marketing", False),
        (frozenset({"risk"}), None, False),
    ],
)
def test_the_groups_of_a_webhook(groups: frozenset[str] | None, group: str | None, wanted: bool) -> None:
    assert WebhookFilter(ALL_EVENTS, groups).wants("import.done", group) is wanted
    assert not WebhookFilter(frozenset(), groups).wants("import.done", group)
