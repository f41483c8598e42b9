"""gateway.subscriptions.hub: connections are counted, in all and by caller, and events have their turns."""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import pytest

from auth.caller import Caller
from gateway.subscriptions.hub import (
    EVENTS_AT_ONCE,
    SentSubscription,
    SubscriptionHub,
    TooManySubscribersError,
    refusal,
)
from resolvers.subscription_events import ResourceSubject, Subscribed, SubscriptionEvent
from tests.gateway.subscriptions.conftest import DEPLOYMENTS, RUNTIME
from tests.live.subscribers import ServedGateway, event_stream
from tests.scrapes import scrape, series

ANN, BOB = Caller("ann", ("risk",)), Caller("bob", ("risk",))
BOUNDS = {"subscriptions": {"connections": 3, "perCaller": 2}}


def sent(query: str = RUNTIME, caller: Caller | None = ANN, **more: Any) -> SentSubscription:
    variables = more.get("variables", {"ids": ["x"]})
    return SentSubscription(query, variables, more.get("operation_name"), caller, "request")


@pytest.mark.parametrize("blocks", [BOUNDS])
async def test_connections_are_bounded_in_all(gateway: ServedGateway) -> None:
    hub: SubscriptionHub = gateway.hub
    with ExitStack() as stack:
        for caller in (ANN, BOB, Caller("cay", ("risk",))):
            stack.enter_context(hub.connection()).belongs_to(caller)
        with pytest.raises(TooManySubscribersError) as refused, hub.connection():
            raise AssertionError
        assert (refused.value.status, refused.value.code) == (503, "LIMIT_EXCEEDED")
        assert (hub.connections, hub.refused) == (3, 1)
    assert hub.connections == 0
    with hub.connection():
        assert hub.connections == 1


@pytest.mark.parametrize("blocks", [BOUNDS])
async def test_connections_of_one_caller_keep_nobody_else_out(gateway: ServedGateway) -> None:
    hub: SubscriptionHub = gateway.hub
    with hub.connection() as first, hub.connection() as second:
        for counted in (first, second):
            counted.belongs_to(ANN)
            counted.belongs_to(ANN)
        with hub.connection() as third:
            with pytest.raises(TooManySubscribersError) as refused:
                third.belongs_to(ANN)
            assert (refused.value.status, hub.refused) == (429, 1)
            third.belongs_to(BOB)
        # Of one that names itself anew, the former name counts no more.
        first.belongs_to(BOB)
        with hub.connection() as fourth:
            fourth.belongs_to(ANN)
    assert (hub.connections, len(hub._by_caller)) == (0, 0)


async def test_after_the_end_no_connection_is_taken(gateway: ServedGateway) -> None:
    gateway.hub.drain()
    with pytest.raises(TooManySubscribersError) as refused, gateway.hub.connection():
        raise AssertionError
    assert refused.value.status == 503


async def fill(hub: SubscriptionHub, stack: AsyncExitStack, event: SubscriptionEvent) -> None:
    for _ in range(EVENTS_AT_ONCE):
        await stack.enter_async_context(hub.request(sent(caller=None), event))


async def test_an_event_that_waits_for_aws_holds_up_no_others(
    gateway: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.subscriptions.hub.SLOT_SECONDS", 0.02)
    hub: SubscriptionHub = gateway.hub
    event = SubscriptionEvent(Subscribed(), ResourceSubject("x"))
    async with AsyncExitStack() as stack:
        await fill(hub, stack, event)
        async with asyncio.timeout(5), hub.request(sent(caller=None), event) as request:
            assert request.event is event
    # Each turn is given back once, although its time was up before its end.
    assert hub._slots._value == EVENTS_AT_ONCE


@pytest.mark.parametrize(("subject", "seconds"), [(ResourceSubject("x"), 600), (None, 0.001)])
async def test_events_take_turns(
    gateway: ServedGateway, monkeypatch: pytest.MonkeyPatch, subject: ResourceSubject | None, seconds: float
) -> None:
    """A start waits for no AWS, however long it takes on a busy machine."""
    monkeypatch.setattr("gateway.subscriptions.hub.SLOT_SECONDS", seconds)
    hub: SubscriptionHub = gateway.hub
    event = SubscriptionEvent(Subscribed(), subject)
    async with AsyncExitStack() as stack:
        await fill(hub, stack, event)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), hub.request(sent(caller=None), event):
                raise AssertionError
    assert hub._slots._value == EVENTS_AT_ONCE


@pytest.mark.parametrize(
    ("query", "operation_name", "codes", "refused"),
    [
        (DEPLOYMENTS, None, set(), False),
        ("{ me { subject } }", None, {"BAD_USER_INPUT"}, True),
        ('mutation { removeAsset(input: {id: "x"}) { userErrors { code } } }', None, {"BAD_USER_INPUT"}, True),
        (RUNTIME, "Other", {"BAD_USER_INPUT"}, True),
        ("", None, {"BAD_USER_INPUT"}, True),
        ("subscription {", None, {"BAD_USER_INPUT"}, True),
        ("subscription { __typename }", None, {"BAD_USER_INPUT"}, True),
        (RUNTIME, None, {"BAD_USER_INPUT"}, False),
    ],
)
async def test_what_runs_is_one_subscription(
    gateway: ServedGateway, query: str, operation_name: str | None, codes: set[str], refused: bool
) -> None:
    asked = sent(query, operation_name=operation_name)
    async with gateway.hub.request(asked, SubscriptionEvent(Subscribed())) as request:
        execution = await gateway.hub.execute(asked, request)
    assert (set(execution.root_codes), execution.refused) == (codes, refused)
    assert ("data" in execution.body) is not refused


def test_a_refusal_has_no_data() -> None:
    execution = refusal("No.", "LIMIT_EXCEEDED", "r", retryAfterSeconds=2)
    extensions = {"code": "LIMIT_EXCEEDED", "requestId": "r", "retryAfterSeconds": 2}
    assert execution.body == {"errors": [{"message": "No.", "extensions": extensions}]}
    assert (execution.refused, execution.root_codes) == (True, frozenset({"LIMIT_EXCEEDED"}))


@pytest.mark.parametrize("blocks", [{"subscriptions": {"connections": 1}}])
async def test_the_metrics_tell_of_subscribers(gateway: ServedGateway, ids: Any) -> None:
    async with event_stream(gateway.client.http, RUNTIME, ids) as events:
        await events.next()
        async with event_stream(gateway.client.http, RUNTIME, ids) as second:
            assert second.response.status_code == 503
        samples = await scrape(gateway.client)
    names = ("subscriptions", "subscription_connections", "subscription_events_total")
    assert [samples[series(f"sagegraph_{name}")] for name in names] == [1, 1, 1]
    assert samples[series("sagegraph_subscription_connections_refused_total")] == 1
