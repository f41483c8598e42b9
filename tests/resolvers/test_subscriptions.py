"""resolvers.subscriptions: the subjects at the start, and the state of one subject at each event."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from auth.caller import Caller
from auth.errors import AuthError, ForbiddenError, UnauthenticatedError
from aws.kinds.kind import JOB_KINDS, Kind
from registry.enums import DeploymentState
from resolvers import subscriptions
from resolvers.deployments.action_rules import DeploymentAction
from resolvers.deployments.pages import DeploymentQuery
from resolvers.errors import BadInputError
from resolvers.node_ids import NodeId
from resolvers.request import Request
from resolvers.subscription_events import RecordSubject, ResourceSubject, Subscribed, SubscriptionEvent
from tests.gateway_client import RISK
from tests.registry.factories import start_deployment, transitioned
from tests.resolvers.harness import MutationHarness

WAITING = DeploymentQuery(states=(DeploymentState.AWAITING_APPROVAL,))
RUNTIME = NodeId(Kind.RUNTIME, "risk", RISK.account, RISK.region, "churn").encode()


class Subscriber:
    """Executes one subscription's events as this caller."""

    def __init__(self, harness: MutationHarness, *groups: str, user: str | None = "ann") -> None:
        self.harness = harness
        self.caller = None if user is None else Caller(user, groups)
        self.subscribed = Subscribed()

    async def start(self, query: DeploymentQuery) -> Subscribed:
        assert await self._changed(SubscriptionEvent(self.subscribed), query) is None
        return self.subscribed

    async def told(self, query: DeploymentQuery, key: str) -> bool | None:
        """Whether the deployment is told to match; None if nothing is told."""
        event = SubscriptionEvent(self.subscribed, RecordSubject("Deployment", key))
        change = await self._changed(event, query)
        assert (change is None) is (event.shown is None)
        return None if change is None else change.matches

    async def _changed(self, event: SubscriptionEvent, query: DeploymentQuery) -> Any:
        async with self.harness.request_factory.request(self.caller, "request", event=True) as request:
            request.event = event
            return await subscriptions.deployments_changed(request, query)


@pytest.fixture
async def request_of_risk(harness: MutationHarness) -> AsyncIterator[Request]:
    async with harness.request_factory.request(Caller("ann", ("risk",)), "request") as request:
        request.event = SubscriptionEvent(Subscribed())
        yield request


async def test_the_start_takes_each_resource_once(request_of_risk: Request) -> None:
    changed = subscriptions.resource_changed(request_of_risk, [RUNTIME, RUNTIME], subscriptions.RUNTIME_KINDS)
    assert await changed is None
    assert request_of_risk.event is not None
    assert request_of_risk.event.subscribed.subjects == (ResourceSubject(RUNTIME),)
    assert request_of_risk.event.shown is None


@pytest.mark.parametrize("ids", [[], ["x"], [RUNTIME] * 101, [NodeId(Kind.MODEL, "risk", "1", "r", "m").encode()]])
async def test_ids_of_something_else_are_refused(request_of_risk: Request, ids: list[str]) -> None:
    for changed in (
        subscriptions.resource_changed(request_of_risk, ids, JOB_KINDS),
        subscriptions.deployment_changed(request_of_risk, ids),
    ):
        with pytest.raises(BadInputError):
            await changed
    assert request_of_risk.event is not None
    assert request_of_risk.event.subscribed.subjects == ()


async def test_a_runtime_is_no_job(request_of_risk: Request) -> None:
    with pytest.raises(BadInputError):
        await subscriptions.resource_changed(request_of_risk, [RUNTIME], JOB_KINDS)


@pytest.mark.parametrize(
    ("groups", "user", "error"), [(("nobody",), "ann", ForbiddenError), ((), None, UnauthenticatedError)]
)
async def test_who_sees_no_deployments_is_refused(
    harness: MutationHarness, groups: tuple[str, ...], user: str | None, error: type[AuthError]
) -> None:
    with pytest.raises(error):
        await Subscriber(harness, *groups, user=user).start(WAITING)


async def test_a_deployment_that_has_left_the_filter_is_told_once(harness: MutationHarness) -> None:
    before = await start_deployment(harness.database)
    waiting = await transitioned(harness.database, before, DeploymentState.AWAITING_APPROVAL)
    other = await start_deployment(harness.database, "churn-2")
    ann = Subscriber(harness, "risk")
    assert (await ann.start(WAITING)).matching == {waiting.key}
    assert [await ann.told(WAITING, key) for key in (waiting.key, other.key)] == [True, None]
    await transitioned(harness.database, waiting, DeploymentState.REJECTED)
    assert [await ann.told(WAITING, waiting.key) for _ in range(2)] == [False, None]
    await transitioned(harness.database, other, DeploymentState.AWAITING_APPROVAL)
    assert await ann.told(WAITING, other.key) is True


async def test_of_groups_that_the_caller_may_not_see_nothing_is_told(harness: MutationHarness) -> None:
    mine = await start_deployment(harness.database)
    theirs = await start_deployment(harness.database, "churn-2", group="marketing")
    for query in (DeploymentQuery(), DeploymentQuery(states=(DeploymentState.VERIFYING,))):
        ann = Subscriber(harness, "risk")
        await ann.start(query)
        assert [await ann.told(query, key) for key in (mine.key, theirs.key)] == [True, None]


async def test_where_none_can_leave_none_is_remembered(harness: MutationHarness) -> None:
    await start_deployment(harness.database)
    for query in (DeploymentQuery(), DeploymentQuery(snapshot_name="churn-1")):
        assert (await Subscriber(harness, "risk").start(query)).matching is None
    for query in (WAITING, DeploymentQuery(viewer_can=DeploymentAction.APPROVE)):
        assert (await Subscriber(harness, "risk").start(query)).matching == set()


async def test_are_there_too_many_to_remember_none_leaves_unnoticed(
    harness: MutationHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MAX_MATCHING", 2)
    started = [await start_deployment(harness.database, f"churn-{number}") for number in range(4)]
    waiting = [await transitioned(harness.database, one, DeploymentState.AWAITING_APPROVAL) for one in started]
    ann = Subscriber(harness, "risk")
    subscribed = await ann.start(WAITING)
    assert (len(subscribed.matching or ()), subscribed.complete) == (2, False)
    for one in waiting:
        await transitioned(harness.database, one, DeploymentState.REJECTED)
        assert await ann.told(WAITING, one.key) is False
    monkeypatch.setattr(subscriptions, "MAX_MATCHING", 4)
    assert (await Subscriber(harness, "risk").start(DeploymentQuery(states=(DeploymentState.REJECTED,)))).complete
