"""gateway.subscriptions.live: the messages of one subscription."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from auth.caller import Caller
from gateway.subscriptions.hub import SentSubscription
from gateway.subscriptions.live import LiveSubscription, SubscriptionMessage
from registry.enums import DeploymentState
from registry.ids import encode_own_id
from sandbox.server import Sandbox
from tests.gateway.subscriptions.conftest import DEPLOYMENTS, RUNTIME
from tests.live.subscribers import ServedGateway
from tests.registry.factories import start_deployment, transitioned

Messages = AsyncGenerator[SubscriptionMessage, None]


@asynccontextmanager
async def subscribed(
    gateway: ServedGateway, query: str, variables: Any = None, name: str | None = None
) -> AsyncIterator[Messages]:
    caller = Caller("ann", ("risk",))
    sent = SentSubscription(query, variables, name, caller, "request")
    async with aclosing(LiveSubscription(gateway.hub, sent).messages()) as messages:
        yield messages
    await gateway.quiet()


async def following(messages: Messages) -> Any:
    """The body of the next message."""
    async with asyncio.timeout(10):
        return (await anext(messages)).body


async def codes(messages: Messages) -> list[str]:
    return [error["extensions"]["code"] for error in (await following(messages))["errors"]]


@pytest.mark.parametrize("blocks", [{"limits": {"seconds": 1.5}}])
async def test_a_first_state_that_cannot_be_read_is_told_and_tried_again(
    gateway: ServedGateway, ids: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.subscriptions.live.RETRY_SECONDS", 0.05)
    sandbox.faults.throttle("DescribeEndpoint")
    async with subscribed(gateway, RUNTIME, ids) as messages:
        assert set(await codes(messages)) <= {"THROTTLED", "TIMEOUT"}
        sandbox.faults.clear()
        # What failed again meanwhile is not told again.
        assert (await following(messages))["data"]["runtimeChanged"]["runtime"]["status"] == "IN_SERVICE"


async def test_what_may_not_be_seen_ends_it(gateway: ServedGateway, ids: Any, sandbox: Sandbox) -> None:
    sandbox.faults.refuse("DescribeEndpoint")
    async with subscribed(gateway, RUNTIME, ids) as messages:
        assert await codes(messages) == ["FORBIDDEN"]
        with pytest.raises(StopAsyncIteration):
            await anext(messages)
    assert [scope.users for scope in gateway.hub.factory.scope_deps.scopes._scopes.values()] == [0]


async def test_one_that_does_not_run_is_refused(gateway: ServedGateway) -> None:
    async with subscribed(gateway, RUNTIME, {"ids": None}) as messages:
        message = await anext(messages)
        assert message.refused
        with pytest.raises(StopAsyncIteration):
            await anext(messages)
    assert gateway.hub.events == 0


@pytest.mark.parametrize(("query", "named"), [(RUNTIME, "Watch"), ("subscription {", None)])
async def test_the_log_names_an_operation_that_ran(
    gateway: ServedGateway, ids: Any, caplog: pytest.LogCaptureFixture, query: str, named: str | None
) -> None:
    """Of one that did not, the name is any text that a client has sent: a secret, or a megabyte."""
    with caplog.at_level(logging.INFO, "sagegraph.requests"):
        async with subscribed(gateway, query, ids, "Watch") as messages:
            await following(messages)
    (record,) = (record for record in caplog.records if record.getMessage() == "subscription")
    assert (record.__dict__["operation"], record.__dict__["caller"]) == (named, "ann")
    codes = {} if named else {"BAD_USER_INPUT": 1}
    assert (record.__dict__.get("codes", {}), gateway.hub.errors) == (codes, codes)


async def test_a_state_that_was_shown_is_not_shown_again(
    gateway: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of states that were shown is bounded: of the rest, one is shown once more."""
    monkeypatch.setattr("gateway.subscriptions.live.MAX_SHOWN", 1)
    database = gateway.hub.factory.services.database
    async with subscribed(gateway, DEPLOYMENTS) as messages:
        coming = asyncio.ensure_future(anext(messages))
        while not database.changes:  # noqa: ASYNC110 - nothing else tells of it.
            await asyncio.sleep(0)
        first = await start_deployment(database)
        shown = [(await coming).body["data"]["deploymentsChanged"]["deployment"]["id"]]
        second = await start_deployment(database, "churn-2")
        shown.append((await following(messages))["data"]["deploymentsChanged"]["deployment"]["id"])
        for key in (second.key, first.key):
            database.changes._watchers[("Deployment", None)].copy().popitem()[1](key)
        shown.append((await following(messages))["data"]["deploymentsChanged"]["deployment"]["id"])
        known = [encode_own_id("Deployment", key) for key in (first.key, second.key, first.key)]
        assert shown == known
        await transitioned(database, second, DeploymentState.REHEARSING)
        again = (await following(messages))["data"]["deploymentsChanged"]["deployment"]["id"]
        assert again == known[1]
