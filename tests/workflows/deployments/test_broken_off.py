"""Processes that die over what they begin in AWS: whoever takes their work up, and may not go on, has it put away."""

import asyncio

import pytest

from registry import deployment_lists, leftovers
from registry.courses import Course
from registry.database import Database
from registry.words import AssetRole, DeploymentState, ElementKind, StepState
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.deploying import ALLOWED, calls, events, model
from tests.making import variant
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import approved, begun, cancelled, course_of, launching, verified
from workflows.deployments.clearing import Clearing
from workflows.deployments.launching import Launching
from workflows.deployments.means import Means
from workflows.deployments.names import job_name, runtime_name
from workflows.deployments.rehearsing import Rehearsing
from workflows.deployments.verifying import Verifying

WITHOUT_DEPLOY = [*ALLOWED[:1], {"group": "risk", "allow": ["READ"]}]


async def died_over_its_launch(sandbox: Sandbox, database: Database, means: Means) -> Course:
    """A deployment whose endpoint is being created, and nobody has noted it."""
    course = await verified(sandbox, database, means)
    await approved(database, course)
    course = await course_of(database, course.key)
    async with means.scope(course) as scope:
        await Launching(means)._create(scope, course, None)
    return course


async def cleared(database: Database, means: Means, course: Course) -> list[tuple[ElementKind, str]]:
    """What was left to be put away, which it is now."""
    async with database.reading() as connection:
        found = await leftovers.every(connection)
    async with means.scope(course) as scope:
        for left in found:
            await Clearing(means).clear(scope, left)
    return [(left.kind, left.name) for left in found]


async def test_an_endpoint_of_a_group_that_has_lost_deploy_meanwhile(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await died_over_its_launch(sandbox, database, means)
    sandbox.advance(600)
    async with means_on(sandbox, database, permissions=WITHOUT_DEPLOY) as (means, _):
        await Launching(means).launch(course.key, 1)
        assert (await course_of(database, course.key)).state is DeploymentState.BLOCKED
        assert await cleared(database, means, course) == [(ElementKind.RUNTIME, runtime_name(course))]
    assert calls(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def test_an_endpoint_of_a_snapshot_that_was_made_again_meanwhile(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await died_over_its_launch(sandbox, database, means)
        sandbox.advance(600)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        more = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **more)
        await Launching(means).launch(course.key, 1)
        assert (await course_of(database, course.key)).state is DeploymentState.FAILED
        assert await cleared(database, means, course) == [(ElementKind.RUNTIME, runtime_name(course))]
    assert calls(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def come_to(phase: str, sandbox: Sandbox, database: Database, means: Means) -> Course:
    """A deployment whose phase is about to begin."""
    if phase == "launch":
        return await launching(sandbox, database, means)
    if phase == "rehearse":
        return await verified(sandbox, database, means, AssetRole.TEST_DATA)
    model(sandbox)
    return await begun(database)


@pytest.mark.parametrize("phase", ["verify", "rehearse", "launch"])
async def test_one_that_is_cancelled_as_a_phase_begins_shows_no_step_that_runs(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    """Between the look at how it stands and the note that the step has begun."""
    seen = Means.seen

    async def late(means: Means, key: str, attempt: int, state: DeploymentState) -> Course | None:
        found = await seen(means, key, attempt, state)
        if found is not None:
            await cancelled(database, found)
        return found

    async with means_on(sandbox, database) as (means, _):
        course = await come_to(phase, sandbox, database, means)
        monkeypatch.setattr(Means, "seen", late)
        begin = {"verify": Verifying(means).verify, "rehearse": Rehearsing(means).rehearse}
        await begin.get(phase, Launching(means).launch)(course.key, 1)
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, course.key)
    assert deployment is not None
    assert StepState.RUNNING not in {step.state for step in deployment.steps}
    assert calls(sandbox, "CreateTransformJob", "CreateEndpoint") == [0, 0]


async def test_a_snapshot_that_is_made_again_while_its_endpoint_is_asked_for(
    sandbox: Sandbox, database: Database
) -> None:
    """AWS is asked for an endpoint by the snapshot's name; what has the name by then was approved by nobody."""
    async with means_on(sandbox, database) as (means, _):
        course = await verified(sandbox, database, means)
        await approved(database, course)
        hold = sandbox.trouble.block("CreateEndpoint", times=1)
        launch = asyncio.create_task(Launching(means).launch(course.key, 1))
        assert await asyncio.to_thread(hold.wait_for)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        more = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **more)
        hold.release()
        await launch
        failed = await course_of(database, course.key)
        assert (failed.state, failed.runtime_name) == (DeploymentState.FAILED, None)
        assert "made again under its name" in (failed.reason or "")
        sandbox.advance(600)
        assert await cleared(database, means, course) == [(ElementKind.RUNTIME, runtime_name(course))]
    assert calls(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]


async def test_a_launch_whose_process_died_over_it_is_audited_once(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await died_over_its_launch(sandbox, database, means)
        for _ in range(2):
            await Launching(means).launch(course.key, 1)
    (event,) = [each for each in await events(database_url) if each.action == "deployment.launch"]
    assert (event.actor, event.role_arn) == ("eve", RISK.role_arn)
    assert event.detail == f"Endpoint {runtime_name(course)} of churn-1"


async def test_a_job_for_which_the_settings_have_no_place_any_more(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await verified(sandbox, database, means, AssetRole.TEST_DATA)
        await Rehearsing(means).rehearse(course.key, 1)
    async with means_on(sandbox, database, deployments={"requiredAssets": []}) as (means, _):
        await Rehearsing(means).rehearse(course.key, 1)
        assert (await course_of(database, course.key)).state is DeploymentState.BLOCKED
        assert await cleared(database, means, course) == [(ElementKind.TRANSFORM_JOB, job_name(course, "churn"))]
    assert calls(sandbox, "CreateTransformJob", "StopTransformJob") == [1, 1]
