"""workflows.notifications.delivery: to a real receiver, once if it answers, again if not, and never for ever."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from prometheus_client import generate_latest
from sqlalchemy import text

from gateway.observability.metrics import Metrics
from registry.database import Database
from registry.enums import DeploymentState
from registry.webhook_deliveries import ALL_EVENTS
from tests.registry.factories import NOON, start_deployment, transitioned
from tests.scrapes import parsed, series
from tests.workflows.notifications.delivering import QUICK, delivering, webhook
from tests.workflows.notifications.receiver import receiving
from workflows.notifications.delivery import WebhookTimings


async def left(database: Database) -> int:
    async with database.reading() as connection:
        number: int = (await connection.execute(text("SELECT count(*) FROM webhook_deliveries"))).scalar_one()
    return number


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Waits for what the database is to hold."""
    begun = time.monotonic()
    while not await holds():
        assert time.monotonic() - begun < 60
        await asyncio.sleep(0.05)


async def all_settled(database: Database) -> None:
    """Waits until nothing is to be delivered any more."""

    async def none_is_left() -> bool:
        return await left(database) == 0

    await until(none_is_left)


async def test_each_event_is_told_once_signed_and_to_whoever_wants_it(database_url: str) -> None:
    async with receiving() as every, receiving() as failures, receiving() as another:
        webhooks = [
            webhook(every.url),
            webhook(failures.url, frozenset({"deployment.failed"}), "risk"),
            webhook(another.url, ALL_EVENTS, "marketing"),
        ]
        async with delivering(database_url, webhooks) as database:
            await transitioned(database, await start_deployment(database), DeploymentState.FAILED)
            await every.until(lambda came: len(came) == 2)
            await failures.until(lambda came: len(came) == 1)
            await all_settled(database)
    assert sorted(every.events) == ["deployment.failed", "deployment.verifying"]
    assert failures.events == ["deployment.failed"]
    assert another.events == []
    (one,) = failures.received
    body = one.verified()
    assert (body["type"], body["timestamp"], body["data"]["state"]) == ("deployment.failed", NOON.isoformat(), "FAILED")
    assert one.headers["content-type"] == "application/json"
    assert one.headers["user-agent"] == "SageGraph/test"
    assert abs(int(one.headers["webhook-timestamp"]) - time.time()) < 60
    assert len({item.id for item in (*every.received, one)}) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_fails_is_told_again_under_one_id_and_with_one_body(database_url: str) -> None:
    async with receiving() as receiver, receiving() as elsewhere:
        receiver.statuses = [500, 307, 200]
        receiver.headers = {"Location": elsewhere.url}
        async with delivering(database_url, [webhook(receiver.url)]) as database:
            await start_deployment(database)
            await receiver.until(lambda came: len(came) == 3)
            await all_settled(database)
    assert elsewhere.received == []
    first, second, third = receiver.received
    assert first.id == second.id == third.id
    assert first.body == second.body == third.body
    assert third.verified()["type"] == "deployment.verifying"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("status", "tries"), [(500, 4), (410, 1)])
async def test_it_is_given_up_in_the_end(
    database_url: str, status: int, tries: int, caplog: pytest.LogCaptureFixture
) -> None:
    """After the last pause, or if the receiver says that it is gone; the log names its host and nothing else of it."""
    metrics = Metrics()
    with caplog.at_level(logging.WARNING, "sagegraph.notifications"):
        async with receiving() as receiver:
            receiver.statuses = [status]
            async with delivering(database_url, [webhook(receiver.url)], metrics=metrics) as database:
                await start_deployment(database)
                await all_settled(database)
    assert len(receiver.received) == tries
    counted = parsed(generate_latest(metrics.registry).decode())
    name, host = "sagegraph_webhook_deliveries_total", "127.0.0.1"
    assert counted[series(name, webhook=host, outcome="GIVEN_UP")] == 1
    assert counted.get(series(name, webhook=host, outcome="FAILED"), 0) == tries - 1
    lines = [record for record in caplog.records if record.name == "sagegraph.notifications"]
    assert len(lines) == tries
    assert {getattr(line, "webhook", None) for line in lines} == {"127.0.0.1"}
    assert "/hook" not in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(database_url: str) -> None:
    async with receiving() as receiver:
        receiver.statuses, receiver.headers = [429], {"Retry-After": "100"}
        async with delivering(database_url, [webhook(receiver.url)]) as database:
            await start_deployment(database)
            await receiver.until(lambda came: len(came) == 1)
            await until(partial(pause_of, database))
            assert 80 < await pause_of(database) <= 100
    assert len(receiver.received) == 1


async def pause_of(database: Database) -> float:
    """Seconds until the delivery is due again, once it has failed."""
    async with database.reading() as connection:
        found = "SELECT (julianday(due_at) - julianday('now')) * 86400 FROM webhook_deliveries WHERE tries = 1"
        value = (await connection.execute(text(found))).scalar_one_or_none()
    return float(value or 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_one_that_does_not_answer_holds_no_other_up(database_url: str) -> None:
    """Neither the other webhook, nor what the events are of."""
    async with receiving() as silent, receiving() as other:
        silent.hold.clear()
        webhooks = [webhook(silent.url), webhook(other.url)]
        async with delivering(database_url, webhooks) as database:
            begun = [await start_deployment(database, f"churn-{number}") for number in range(25)]
            await silent.until(lambda came: len(came) == 20)
            await other.until(lambda came: len(came) == 25)
            await transitioned(database, begun[0], DeploymentState.FAILED)
            await other.until(lambda came: len(came) == 26)
            assert len(silent.received) == 20
            silent.hold.set()
            await all_settled(database)
    assert len({one.id for one in silent.received}) == 26


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nothing_listens_there(database_url: str, unused_url: str) -> None:
    async with delivering(database_url, [webhook(unused_url)]) as database:
        await start_deployment(database)
        await all_settled(database)


@pytest.fixture
async def unused_url() -> str:
    async with receiving() as receiver:
        return receiver.url


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_timeout(database_url: str) -> None:
    timings = WebhookTimings(turn=0.05, timeout=0.2, pauses=(0.05,))
    async with receiving() as receiver:
        receiver.hold.clear()
        async with delivering(database_url, [webhook(receiver.url)], timings) as database:
            await start_deployment(database)
            await all_settled(database)
    assert len(receiver.received) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_process_whose_settings_do_not_name_it_leaves_it_alone(database_url: str) -> None:
    """It is for one whose settings do."""
    async with receiving() as receiver, receiving() as other:
        wanted = {webhook(receiver.url).id: webhook(receiver.url).filter}
        async with Database(database_url, webhooks=wanted) as database:
            await start_deployment(database)
        async with delivering(database_url, [webhook(other.url)]) as database:
            await start_deployment(database, "churn-2")
            await other.until(lambda came: len(came) == 1)
            assert json.loads(other.received[0].body)["data"]["snapshotName"] == "churn-2"
        async with delivering(database_url, [webhook(receiver.url)], QUICK) as database:
            await receiver.until(lambda came: len(came) == 1)
            await all_settled(database)
    assert json.loads(receiver.received[0].body)["data"]["snapshotName"] == "churn-1"


def test_the_usual_pauses_end_after_a_day_and_a_bit() -> None:
    assert len(WebhookTimings().pauses) == 10
    assert 24 < sum(WebhookTimings().pauses) / 3600 < 48
