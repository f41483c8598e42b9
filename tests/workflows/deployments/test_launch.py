"""workflows.deployments.launch: an endpoint is created or updated only where that is what was approved."""

from typing import Any

import pytest

from aws.write.ownership_tags import DEPLOYMENT_TAG
from registry import deployment_lists, deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName
from sandbox.server import Sandbox
from tests.deployments import call_counts, create_model, deployment_events
from tests.gateway_client import RISK
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    approve,
    launching_deployment,
    new_deployment_row,
    queued_cleanups,
    register,
    reload,
)
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.verify import VerifyPhase
from workflows.durable.errors import StepFailedError

WRITES = ("CreateEndpoint", "UpdateEndpoint")
BARE: dict[str, Any] = {"requiredAssets": []}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def wished(sandbox: Sandbox, database: Database, deps: DeploymentDeps, **more: Any) -> DeploymentRow:
    """A deployment that was approved, of the endpoint `live`, which ran `churn-0` when approval was asked for."""
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.snapshot("churn-2", "churn")
        made.runtime("live", "churn-0")
    await register(database, sandbox, "churn")
    deployment = await new_deployment_row(database, runtime_wish="live", **more)
    await VerifyPhase(deps).verify(deployment.key, 1)
    await approve(database, await reload(database, deployment.key))
    return await reload(database, deployment.key)


def moved(sandbox: Sandbox, to: str) -> None:
    """Somebody else moves the endpoint."""
    sandbox.call("UpdateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName=to)
    sandbox.advance(600)
    sandbox.calls.clear()


async def test_an_update_runs_twice_and_is_asked_for_once(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    """On behalf of whoever approved; the endpoint that was there is never put away."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        row = await wished(sandbox, database, deps)
        for _ in range(2):
            await LaunchPhase(deps).launch(row.key, 1)
        now = await reload(database, row.key)
        async with database.reading() as connection:
            deployment = await deployment_lists.by_key(connection, row.key)
    assert (now.state, now.runtime_name, now.runtime_before) == (DeploymentState.LAUNCHING, "live", "churn-0")
    assert deployment is not None
    texts = [step.detail for step in deployment.steps if step.name is DeploymentStepName.LAUNCH]
    assert texts == ["Endpoint live moves to churn-1"]
    assert call_counts(sandbox, *WRITES) == [0, 1]
    (launch,) = [event for event in await deployment_events(database_url) if event.action == "deployment.launch"]
    assert (launch.actor, launch.detail) == ("eve", "Endpoint live moves to churn-1")
    assert len(launch.aws_request_ids) == 1
    assert await queued_cleanups(database) == []


@pytest.mark.parametrize(("retain", "count"), [(True, 4), (False, 1)])
async def test_an_update_keeps_instance_counts_or_not(
    sandbox: Sandbox, database: Database, count: int, *, retain: bool
) -> None:
    """As the deployment says."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        row = await wished(sandbox, database, deps, retain_variant_properties=retain)
        change = {"VariantName": "v1", "DesiredInstanceCount": 4}
        place = (RISK.account, RISK.region)
        sandbox.call(
            "UpdateEndpointWeightsAndCapacities", *place, EndpointName="live", DesiredWeightsAndCapacities=[change]
        )
        sandbox.advance(600)
        await LaunchPhase(deps).launch(row.key, 1)
    sandbox.advance(600)
    (served,) = sandbox.call("DescribeEndpoint", *place, EndpointName="live")["ProductionVariants"]
    assert served["DesiredInstanceCount"] == count


@pytest.mark.parametrize(
    ("runs", "kind", "words"),
    [
        ("churn-2", "CHANGED", "The endpoint `live` runs `churn-2` now and ran `churn-0` when approval was requested"),
        (None, "GONE", "The endpoint `live` was deleted after approval was requested."),
    ],
)
async def test_an_endpoint_that_is_not_as_it_was_is_left(
    sandbox: Sandbox, database: Database, runs: str | None, kind: str, words: str
) -> None:
    """It is neither moved nor made again."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        deployment = await wished(sandbox, database, deps)
        if runs is None:
            sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="live")
            sandbox.advance(600)
        else:
            moved(sandbox, runs)
        with pytest.raises(StepFailedError) as raised:
            await LaunchPhase(deps).launch(deployment.key, 1)
        assert (await reload(database, deployment.key)).runtime_name is None
    assert raised.value.kind == kind
    assert raised.value.message.startswith(words)
    assert call_counts(sandbox, *WRITES) == [0, 0]


async def test_one_that_somebody_else_has_moved_there_is_watched(sandbox: Sandbox, database: Database) -> None:
    """It runs what was approved: whoever began that may have died over it."""
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        deployment = await wished(sandbox, database, deps)
        moved(sandbox, "churn-1")
        await LaunchPhase(deps).launch(deployment.key, 1)
        assert (await reload(database, deployment.key)).runtime_name == "live"
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_a_name_that_was_free_and_is_taken_is_left(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, deployments=BARE) as (deps, _):
        deployment = await wished(sandbox, database, deps)
        async with database.writing() as connection:
            # As if there had been none when approval was asked for.
            await deployments.record_runtime_snapshot(connection, deployment, None)
        with pytest.raises(StepFailedError) as raised:
            await LaunchPhase(deps).launch(deployment.key, 1)
    assert raised.value.kind == "TAKEN"
    assert raised.value.message.startswith("An endpoint `live` was created after approval was requested")
    assert call_counts(sandbox, *WRITES) == [0, 0]
    assert await queued_cleanups(database) == []


@pytest.mark.parametrize("tag", ["0" * 32, None])
async def test_an_endpoint_of_another_deployment_is_not_taken_for_ours(
    sandbox: Sandbox, database: Database, tag: str | None
) -> None:
    """It has the very name and snapshot, and a tag of ours that names another deployment, or none."""
    async with deps_on(sandbox, database) as (deps, _):
        row = await launching_deployment(sandbox, database, deps)
        tags = [] if tag is None else [{"Key": DEPLOYMENT_TAG, "Value": tag}]
        sandbox.call(
            "CreateEndpoint",
            RISK.account,
            RISK.region,
            EndpointName=runtime_name(row),
            EndpointConfigName=row.snapshot_name,
            Tags=tags,
        )
        with pytest.raises(StepFailedError) as raised:
            await LaunchPhase(deps).launch(row.key, 1)
    assert raised.value.kind == "TAKEN"
    assert (await reload(database, row.key)).runtime_name is None
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [0, 0]
