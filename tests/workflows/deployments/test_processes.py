"""Processes that are killed, paused and woken while they take a deployment on its way: everything happens once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import pytest

from aws.kinds.rollouts import Rollout, RolloutStrategy
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, DeploymentState
from sandbox.alarms import put_alarm
from sandbox.server import Sandbox
from tests.databases import on_both_databases
from tests.deployments import call_counts, create_model, deployment_events
from tests.gateway_client import RISK
from tests.sagemaker_builder import building
from tests.workflows.deployments.conftest import Begin
from tests.workflows.deployments.deployment_rows import approve, cancel, new_deployment_row, register, reload
from tests.workflows.durable.dbos_state import end_leases, workflow_statuses
from workflows.deployments.rollout_plans import rollout_document

pytestmark = pytest.mark.crash

_PATIENCE = 150
STEPS = ("verify", "rehearse", "compare", "launch", "settle")
POINTS = frozenset(
    {
        *(f"{phase}/{step} {when}" for phase in STEPS for step in (phase, "go on") for when in ("before", "after")),
        *("ticket/file before", "ticket/file after", "CreateTransformJob answered", "CreateEndpoint answered"),
    }
)

# From the update on: before it, a rollout is a deployment like any other.
ROLLOUT_POINTS = frozenset(
    {
        "UpdateEndpoint answered",
        "launch-rollout/launch after",
        "settle-rollout/settle before",
        "settle-rollout/settle after",
    }
)


async def until(holds: Callable[[], Awaitable[Any]]) -> None:
    """Waits for what another process does."""
    begun = time.monotonic()
    while not await holds():
        assert time.monotonic() - begun < _PATIENCE
        await asyncio.sleep(0.05)


async def stands(database: Database, key: str, state: DeploymentState) -> DeploymentRow:
    """The deployment, once it stands so."""

    async def does() -> bool:
        return (await reload(database, key)).state is state

    await until(does)
    return await reload(database, key)


class Deaths:
    """One process after another, each of which dies at the first point at which none has died yet.

    Attributes:
        left: The points at which none has died.
        inside: Those of them after a call that was under way in a process which died elsewhere, in another piece of
            work: that death was inside the call, too, and the next process may find what it made.
    """

    def __init__(self, database: Database, url: str, key: str, begin: Begin, points: Collection[str] = POINTS) -> None:
        self.left = set(points)
        self.inside: set[str] = set()
        self._url = url
        self._database = database
        self._key = key
        self._begin = begin

    async def until(self, state: DeploymentState) -> DeploymentRow:
        """The deployment, once a process has brought it there and lives."""
        while True:
            # Whoever had one is dead by now.
            await end_leases(self._url)
            worker = await self._begin(*self.left)
            ends = asyncio.create_task(worker.died())
            arrives = asyncio.create_task(self._settled(state))
            done, _ = await asyncio.wait((ends, arrives), return_when=asyncio.FIRST_COMPLETED)
            if ends in done:
                arrives.cancel()
                self.left.remove(ends.result())
                self.inside |= {f"{operation} answered" for operation in worker.unanswered}
                continue
            ends.cancel()
            await asyncio.wait((ends,))
            await worker.kill()
            return arrives.result()

    async def _settled(self, state: DeploymentState) -> DeploymentRow:
        """The deployment, once it stands so and no work is left."""
        deployment = await stands(self._database, self._key, state)

        async def all_ended() -> bool:
            return set(workflow_statuses(self._url).values()) == {"SUCCESS"}

        await until(all_ended)
        return deployment


@on_both_databases
async def test_killed_at_every_step_and_inside_each(
    sandbox: Sandbox, database: Database, database_url: str, begin: Begin
) -> None:
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION, AssetRole.TEST_DATA)
    key = (await new_deployment_row(database)).key
    deaths = Deaths(database, database_url, key, begin)
    sandbox.clock.run(100)
    await approve(database, await deaths.until(DeploymentState.AWAITING_APPROVAL))
    deployed = await deaths.until(DeploymentState.DEPLOYED)
    assert (deaths.left - deaths.inside, deployed.attempt) == (set(), 1)
    assert len(sandbox.call("ListTransformJobs", RISK.account, RISK.region)["TransformJobSummaries"]) == 1
    assert len(sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]) == 1
    # What was done is audited, once, also where whoever did it died over it. Approved it was by the test's own hand.
    audited = [event.action.removeprefix("deployment.") for event in await deployment_events(database_url)]
    assert audited == ["verify", "rehearse", "compare", "launch", "settle"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_killed_around_an_update_that_an_alarm_takes_back(
    sandbox: Sandbox, database: Database, database_url: str, begin: Begin
) -> None:
    """However often its processes die, SageMaker is asked once, and what it has taken back stays so."""
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    put_alarm(RISK.account, RISK.region, "errors", "ALARM", EndpointName="live")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    plan = Rollout(strategy=RolloutStrategy.ALL_AT_ONCE, wait_seconds=0, alarms=("errors",))
    key = (await new_deployment_row(database, runtime_wish="live", rollout=rollout_document(plan))).key
    deaths = Deaths(database, database_url, key, begin, ROLLOUT_POINTS)
    await approve(database, await deaths.until(DeploymentState.AWAITING_APPROVAL))
    sandbox.clock.run(200)
    failed = await deaths.until(DeploymentState.FAILED)
    assert deaths.left <= deaths.inside
    assert call_counts(sandbox, "UpdateEndpoint") == [1]
    assert (failed.attempt, failed.reason) == (
        1,
        "SageMaker rolled the endpoint `live` back to `churn-0`: the alarm `errors` is in ALARM.",
    )
    # The watch finds `churn-0`, too, and leaves it.
    events = [event for event in await deployment_events(database_url) if event.target == f"Deployment {failed.id}"]
    assert [event.action for event in events] == [f"deployment.{step}" for step in ("verify", "launch", "settle")]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_one_that_sleeps_while_it_launches_makes_no_second_endpoint(
    sandbox: Sandbox, database: Database, begin: Begin
) -> None:
    """It wakes when another one has taken its work up, and has come to the end. SQLite's lock would sleep with it."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    key = (await new_deployment_row(database)).key
    first = await begin()
    await approve(database, await stands(database, key, DeploymentState.AWAITING_APPROVAL))
    first.tell("hold launch/launch before")
    await first.hears("held launch/launch before")
    first.pause()
    second = await begin()
    await until(lambda: _created(sandbox, 1))
    first.tell("open launch/launch before")
    first.wake()
    sandbox.advance(600)
    await stands(database, key, DeploymentState.DEPLOYED)
    await second.close()
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint")[1] == 0
    assert len(sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]) == 1


async def test_an_endpoint_that_comes_up_after_a_cancellation_is_deleted(
    sandbox: Sandbox, database: Database, begin: Begin
) -> None:
    """A process has looked at the deployment, sleeps, and creates the endpoint when nobody wants it any more."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    key = (await new_deployment_row(database)).key
    first = await begin()
    waiting = await stands(database, key, DeploymentState.AWAITING_APPROVAL)
    first.tell("hold CreateEndpoint asked")
    await approve(database, waiting)
    await first.hears("held CreateEndpoint asked")
    launching = await reload(database, key)
    await cancel(database, launching)
    first.tell("open CreateEndpoint asked")
    await until(lambda: _created(sandbox, 1))
    sandbox.advance(600)
    await until(lambda: _deleted(sandbox))
    await first.close()
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def _created(sandbox: Sandbox, count: int) -> bool:
    return len(sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]) == count


async def _deleted(sandbox: Sandbox) -> bool:
    return call_counts(sandbox, "DeleteEndpoint") == [1]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_on_one_postgresql_share_the_work(
    sandbox: Sandbox, database: Database, database_url: str, begin: Begin
) -> None:
    """Ten deployments, two processes, and one of them is killed amid them."""
    with building(sandbox) as made:
        made.model("churn")
        for number in range(10):
            made.snapshot(f"churn-{number}", "churn")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    keys = [(await new_deployment_row(database, f"churn-{number}")).key for number in range(10)]
    first, second = await begin(lease=12), await begin(lease=12)
    for key in keys:
        await approve(database, await stands(database, key, DeploymentState.AWAITING_APPROVAL))
    await until(lambda: _at_least(sandbox, 3))
    await first.kill()
    # Those of the dead end before their time; the other one goes on to renew its own.
    for ended in (first.lease, "loop/%"):
        await end_leases(database_url, ended)
    await until(lambda: _created(sandbox, 10))
    for key in keys:
        await until(partial(_is_watched, database, key))
    sandbox.advance(600)
    for key in keys:
        await stands(database, key, DeploymentState.DEPLOYED)
    await second.close()
    assert len(sandbox.call("ListEndpoints", RISK.account, RISK.region, MaxResults=100)["Endpoints"]) == 10


async def _at_least(sandbox: Sandbox, count: int) -> bool:
    return call_counts(sandbox, "CreateEndpoint")[0] >= count


async def _is_watched(database: Database, key: str) -> bool:
    return (await reload(database, key)).runtime_name is not None
