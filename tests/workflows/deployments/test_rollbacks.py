"""workflows.deployments.rollbacks: what SageMaker takes back is seen as that, told with its alarm, and not repeated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from registry import deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from sandbox.alarms import put_alarm, set_alarm
from sandbox.sagemaker.store import ENDPOINT
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.deployments import call_counts, create_model
from tests.gateway_client import RISK
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import NotedWork, deps_on
from tests.workflows.deployments.deployment_rows import (
    approve,
    new_deployment_row,
    queued_cleanups,
    register,
    reload,
)
from workflows.deployments.deps import DeploymentDeps, DeploymentIntervals
from workflows.deployments.finish_launch import FinishLaunchPhase
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.poller import DeploymentPoller
from workflows.deployments.rollout_plans import rollout_document
from workflows.deployments.verify import VerifyPhase

PLACE = (RISK.account, RISK.region)
CANARY = Rollout(strategy=RolloutStrategy.CANARY, step=Capacity(percent=10), alarms=("errors", "latency"))
BARE: dict[str, Any] = {"requiredAssets": []}
BACK = "SageMaker rolled the endpoint `live` back to `churn-0`"


class Counted:
    """Remembers the rollouts that have ended."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str]] = []

    def on_rollout(self, strategy: str, outcome: str) -> None:
        self.ended.append((strategy, outcome))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def approved(sandbox: Sandbox, database: Database, deps: DeploymentDeps, rollout: Any = CANARY) -> DeploymentRow:
    """An approved deployment of the endpoint `live`, which runs `churn-0`; its alarms are fine."""
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    for name in CANARY.alarms:
        put_alarm(*PLACE, name, "OK", EndpointName="live")
    await register(database, sandbox, "churn")
    plan = None if rollout is None else rollout_document(rollout)
    deployment = await new_deployment_row(database, runtime_wish="live", rollout=plan)
    await VerifyPhase(deps).verify(deployment.key, 1)
    await approve(database, await reload(database, deployment.key))
    return await reload(database, deployment.key)


async def looked(deps: DeploymentDeps, noted: NotedWork) -> list[Any]:
    """What one look begins."""
    noted.started.clear()
    await DeploymentPoller(deps).turn()
    return noted.started


async def test_an_alarm_takes_it_back(sandbox: Sandbox, database: Database) -> None:
    """While it goes back that is shown; then the deployment fails, and the endpoint is on what it ran."""
    counted = Counted()
    async with deps_on(sandbox, database, deployments=BARE) as (whole, noted):
        deps = replace(whole, observer=counted)
        row = await approved(sandbox, database, deps)
        await LaunchPhase(deps).launch(row.key, 1)
        set_alarm(*PLACE, "errors", "ALARM")
        sandbox.advance(180 + 300)
        assert await looked(deps, noted) == []
        back = await reload(database, row.key)
        assert (back.state, back.reason) == (
            DeploymentState.LAUNCHING,
            "SageMaker rolls the endpoint `live` back to `churn-0`.",
        )
        sandbox.advance(60)
        ((work, arguments),) = await looked(deps, noted)
        assert work == f"deploy/{row.key}/1/settle-rollout"
        assert arguments == (row.key, 1, "InService", "churn-0", None)
        sandbox.calls.clear()
        for _ in range(2):
            await FinishLaunchPhase(deps).finish(*arguments)
        assert sandbox.calls.by_operation().get("DescribeAlarms") == 1
    failed = await reload(database, row.key)
    assert (failed.state, failed.reason) == (DeploymentState.FAILED, f"{BACK}: the alarm `errors` is in ALARM.")
    assert counted.ended == [("CANARY", "rolled_back")]
    assert await queued_cleanups(database) == []
    assert sandbox.call("DescribeEndpoint", *PLACE, EndpointName="live")["EndpointConfigName"] == "churn-0"


async def test_one_that_comes_through_is_deployed(sandbox: Sandbox, database: Database) -> None:
    counted = Counted()
    async with deps_on(sandbox, database, deployments=BARE) as (whole, noted):
        deps = replace(whole, observer=counted)
        row = await approved(sandbox, database, deps)
        await LaunchPhase(deps).launch(row.key, 1)
        sandbox.advance(180 + 600)
        ((_, arguments),) = await looked(deps, noted)
        await FinishLaunchPhase(deps).finish(*arguments)
    assert (await reload(database, row.key)).state is DeploymentState.DEPLOYED
    assert counted.ended == [("CANARY", "deployed")]


@pytest.mark.parametrize(
    ("states", "trouble", "cause"),
    [
        ({"errors": "ALARM", "latency": "ALARM"}, False, ": the alarms `errors`, `latency` are in ALARM."),
        ({"errors": "INSUFFICIENT_DATA"}, False, ": the alarm `errors` has changed its state since the launch."),
        ({}, False, ": none of its alarms is in ALARM now."),
        ({"errors": "ALARM"}, True, ": its alarms cannot be read to tell why ("),
    ],
    ids=["both", "over", "none", "refused"],
)
async def test_the_alarm_is_named_as_far_as_it_is_known(
    sandbox: Sandbox, database: Database, states: dict[str, str], *, trouble: bool, cause: str
) -> None:
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        row = await approved(sandbox, database, deps)
        await LaunchPhase(deps).launch(row.key, 1)
        for name, state in states.items():
            set_alarm(*PLACE, name, state)
        if trouble:
            sandbox.faults.refuse("DescribeAlarms", xml=True)
        await FinishLaunchPhase(deps).finish(row.key, 1, "InService", "churn-0", None)
    failed = await reload(database, row.key)
    assert failed.state is DeploymentState.FAILED
    assert (failed.reason or "").startswith(BACK + cause)


async def test_a_rollback_that_fails_says_so(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        row = await approved(sandbox, database, deps, replace(CANARY, alarms=()))
        await LaunchPhase(deps).launch(row.key, 1)
        await FinishLaunchPhase(deps).finish(row.key, 1, "UpdateRollbackFailed", "churn-0", "No capacity.")
    assert (await reload(database, row.key)).reason == (
        "SageMaker could not roll the endpoint `live` back to `churn-0`. AWS says: No capacity."
    )
    assert call_counts(sandbox, "DescribeAlarms") == [0]


async def test_an_update_whose_process_died_is_not_begun_again_once_it_is_back(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SageMaker has said what it thinks of it; whoever takes the work up finds the endpoint as it was before."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, noted):
        row = await approved(sandbox, database, deps)
        phase = LaunchPhase(deps)

        async def dies(*_: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(phase, "_record_launched", dies)
            with pytest.raises(KeyboardInterrupt):
                await phase.launch(row.key, 1)
        set_alarm(*PLACE, "errors", "ALARM")
        sandbox.advance(1_000)
        await phase.launch(row.key, 1)
        assert call_counts(sandbox, "UpdateEndpoint") == [1]
        ((_, arguments),) = await looked(deps, noted)
        await FinishLaunchPhase(deps).finish(*arguments)
        failed = await reload(database, row.key)
        assert (failed.state, failed.reason) == (DeploymentState.FAILED, f"{BACK}: the alarm `errors` is in ALARM.")


async def test_an_endpoint_that_was_scaled_meanwhile_is_updated(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has changed since the first try, which came to nothing; that was not our update."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        row = await approved(sandbox, database, deps)
        sandbox.faults.refuse("UpdateEndpoint", times=1)
        with pytest.raises(Exception, match="UpdateEndpoint"):
            await LaunchPhase(deps).launch(row.key, 1)
        wanted = [{"VariantName": "v1", "DesiredInstanceCount": 3}]
        sandbox.call(
            "UpdateEndpointWeightsAndCapacities", *PLACE, EndpointName="live", DesiredWeightsAndCapacities=wanted
        )
        sandbox.advance(300)
        await LaunchPhase(deps).launch(row.key, 1)
    text = sandbox.call("DescribeEndpoint", *PLACE, EndpointName="live")
    assert (text["EndpointStatus"], text["PendingDeploymentSummary"]["EndpointConfigName"]) == ("Updating", "churn-1")


async def test_a_failed_update_of_old_words_without_a_rollout(sandbox: Sandbox, database: Database) -> None:
    """It fails as before, and no alarm is looked for."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, noted):
        row = await approved(sandbox, database, deps, None)
        sandbox.timeline.decide_outcome(ENDPOINT, "live", Outcome(failure="No capacity", keeps_reason=False))
        await LaunchPhase(deps).launch(row.key, 1)
        sandbox.advance(600)
        ((work, arguments),) = await looked(deps, noted)
        await FinishLaunchPhase(deps).finish(*arguments)
    assert work == f"deploy/{row.key}/1/settle"
    assert (await reload(database, row.key)).reason == (
        "The endpoint `live` has not come to `churn-1`; it runs `churn-0`."
    )
    assert call_counts(sandbox, "DescribeAlarms") == [0]


@pytest.mark.parametrize(("late", "state"), [(False, DeploymentState.LAUNCHING), (True, DeploymentState.FAILED)])
async def test_it_has_the_time_of_its_plan_on_top(
    sandbox: Sandbox, database: Database, *, late: bool, state: DeploymentState
) -> None:
    async with deps_on(sandbox, database, deployments=BARE) as (whole, _):
        deps = replace(whole, intervals=DeploymentIntervals(launch=60))
        row = await approved(sandbox, database, deps, replace(CANARY, maximum_seconds=3600))
        since = datetime.now(UTC) - timedelta(seconds=3600 + (61 if late else 30))
        async with database.writing() as connection:
            await deployments.transition(connection, row, DeploymentState.LAUNCHING, since)
        await DeploymentPoller(deps).turn()
    assert (await reload(database, row.key)).state is state
