"""Processes that die over what they begin in AWS: whoever takes their work up, and may not go on, has it put away."""

import asyncio

import pytest

from registry import cleanup_queue, deployment_lists
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, DeploymentState, ElementKind, StepState
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS, call_counts, create_model, deployment_events
from tests.gateway_client import RISK
from tests.sagemaker_builder import variant
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    approve,
    cancel,
    launching_deployment,
    new_deployment_row,
    reload,
    verified_deployment,
)
from workflows.deployments.cleanup import Cleanup
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.rehearse import RehearsePhase
from workflows.deployments.resource_names import job_name, runtime_name
from workflows.deployments.verify import VerifyPhase

WITHOUT_DEPLOY = [*DEPLOYMENT_PERMISSIONS[:1], {"group": "risk", "allow": ["READ"]}]


async def died_over_its_launch(sandbox: Sandbox, database: Database, deps: DeploymentDeps) -> DeploymentRow:
    """A deployment whose endpoint is being created, and nobody has noted it."""
    deployment = await verified_deployment(sandbox, database, deps)
    await approve(database, deployment)
    deployment = await reload(database, deployment.key)
    async with deps.scope(deployment) as scope:
        await LaunchPhase(deps)._create(scope, deployment, None)
    return deployment


async def cleared(database: Database, deps: DeploymentDeps, deployment: DeploymentRow) -> list[tuple[ElementKind, str]]:
    """What was left to be put away, which it is now."""
    async with database.reading() as connection:
        items = await cleanup_queue.pending(connection)
    async with deps.scope(deployment) as scope:
        for left in items:
            await Cleanup(deps).clean_up(scope, left)
    return [(left.kind, left.name) for left in items]


async def test_an_endpoint_of_a_group_that_has_lost_deploy_meanwhile(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await died_over_its_launch(sandbox, database, deps)
    sandbox.advance(600)
    async with deps_on(sandbox, database, permissions=WITHOUT_DEPLOY) as (deps, _):
        await LaunchPhase(deps).launch(deployment.key, 1)
        assert (await reload(database, deployment.key)).state is DeploymentState.BLOCKED
        assert await cleared(database, deps, deployment) == [(ElementKind.RUNTIME, runtime_name(deployment))]
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def test_an_endpoint_of_a_snapshot_that_was_made_again_meanwhile(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await died_over_its_launch(sandbox, database, deps)
        sandbox.advance(600)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        more = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **more)
        await LaunchPhase(deps).launch(deployment.key, 1)
        assert (await reload(database, deployment.key)).state is DeploymentState.FAILED
        assert await cleared(database, deps, deployment) == [(ElementKind.RUNTIME, runtime_name(deployment))]
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def come_to(phase: str, sandbox: Sandbox, database: Database, deps: DeploymentDeps) -> DeploymentRow:
    """A deployment whose phase is about to begin."""
    if phase == "launch":
        return await launching_deployment(sandbox, database, deps)
    if phase == "rehearse":
        return await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
    create_model(sandbox)
    return await new_deployment_row(database)


@pytest.mark.parametrize("phase", ["verify", "rehearse", "launch"])
async def test_one_that_is_cancelled_as_a_phase_begins_shows_no_step_that_runs(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    """Between the look at how it stands and the note that the step has begun."""
    seen = DeploymentDeps.load_in_state

    async def late(deps: DeploymentDeps, key: str, attempt: int, state: DeploymentState) -> DeploymentRow | None:
        row = await seen(deps, key, attempt, state)
        if row is not None:
            await cancel(database, row)
        return row

    async with deps_on(sandbox, database) as (means, _):
        course = await come_to(phase, sandbox, database, means)
        monkeypatch.setattr(DeploymentDeps, "load_in_state", late)
        begin = {"verify": VerifyPhase(means).verify, "rehearse": RehearsePhase(means).rehearse}
        await begin.get(phase, LaunchPhase(means).launch)(course.key, 1)
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, course.key)
    assert deployment is not None
    assert StepState.RUNNING not in {step.state for step in deployment.steps}
    assert call_counts(sandbox, "CreateTransformJob", "CreateEndpoint") == [0, 0]


async def test_a_snapshot_that_is_made_again_while_its_endpoint_is_asked_for(
    sandbox: Sandbox, database: Database
) -> None:
    """AWS is asked for an endpoint by the snapshot's name; what has the name by then was approved by nobody."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps)
        await approve(database, deployment)
        hold = sandbox.faults.block("CreateEndpoint", times=1)
        launch = asyncio.create_task(LaunchPhase(deps).launch(deployment.key, 1))
        assert await asyncio.to_thread(hold.wait_for_requests)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        more = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **more)
        hold.release()
        await launch
        failed = await reload(database, deployment.key)
        assert (failed.state, failed.runtime_name) == (DeploymentState.FAILED, None)
        assert "made anew under its name" in (failed.reason or "")
        sandbox.advance(600)
        assert await cleared(database, deps, deployment) == [(ElementKind.RUNTIME, runtime_name(deployment))]
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def test_a_launch_whose_process_died_over_it_is_audited_once(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await died_over_its_launch(sandbox, database, deps)
        for _ in range(2):
            await LaunchPhase(deps).launch(deployment.key, 1)
    (event,) = [
        deployment_event
        for deployment_event in await deployment_events(database_url)
        if deployment_event.action == "deployment.launch"
    ]
    assert (event.actor, event.role_arn) == ("eve", RISK.role_arn)
    assert event.detail == f"Endpoint {runtime_name(deployment)} of churn-1"


async def test_a_job_for_which_the_settings_have_no_place_any_more(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        await RehearsePhase(deps).rehearse(deployment.key, 1)
    async with deps_on(sandbox, database, deployments={"requiredAssets": []}) as (deps, _):
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        assert (await reload(database, deployment.key)).state is DeploymentState.BLOCKED
        assert await cleared(database, deps, deployment) == [(ElementKind.TRANSFORM_JOB, job_name(deployment, "churn"))]
    assert call_counts(sandbox, "CreateTransformJob", "StopTransformJob") == [1, 1]
