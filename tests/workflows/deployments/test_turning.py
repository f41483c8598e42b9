"""workflows.deployments.turning: whoever cancels or begins again acts on what they saw, and on nothing else."""

from datetime import UTC, datetime

import pytest

from registry import deployments, tickets
from registry.courses import ENDED, Course
from registry.database import Database
from registry.errors import ConflictError
from registry.tickets import Filed
from registry.words import AssetRole, DeploymentState, ElementKind
from sandbox.server import Sandbox
from tests.deploying import calls, events, model
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import begun, course_of, launching, left, registered
from workflows.deployments.names import runtime_name
from workflows.deployments.turning import asset_arrived, begin_again, cancel
from workflows.deployments.verifying import Verifying


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def standing(database: Database, state: DeploymentState, snapshot: str = "churn-1") -> Course:
    """A deployment in a state."""
    course = await begun(database, snapshot)
    async with database.writing() as connection:
        await deployments.move(connection, course, state, datetime.now(UTC), "Why.")
    return await course_of(database, course.key)


@pytest.mark.parametrize(("comment", "reason"), [(None, "eve cancelled it."), ("Not now", "eve cancelled it: Not now")])
async def test_a_cancellation_leaves_what_was_begun_to_be_put_away(
    sandbox: Sandbox, database: Database, database_url: str, comment: str | None, reason: str
) -> None:
    async with means_on(sandbox, database) as (means, noted):
        course = await launching(sandbox, database, means)
        async with database.writing() as connection:
            assert await tickets.filed(connection, 1, Filed("SG-1", None, "Open"), course.since)
        noted.started.clear()
        assert await cancel(means, course, "eve", comment)
        assert noted.started == [(f"deploy/{course.key}/1/tell", (course.key, 1))]
        cancelled = await course_of(database, course.key)
        assert (cancelled.state, cancelled.reason) == (DeploymentState.CANCELLED, reason)
        assert await left(database) == [(ElementKind.RUNTIME, runtime_name(course))]
        assert not await cancel(means, cancelled, "eve", comment)
        # Nor does one count that was decided on by how it stood before.
        assert not await cancel(means, course, "bob", comment)
        assert await course_of(database, course.key) == cancelled
    assert [event.actor for event in await events(database_url) if event.action == "deployment.cancel"] == ["eve"]
    assert calls(sandbox, "CreateEndpoint", "DeleteEndpoint") == [0, 0]


@pytest.mark.parametrize("state", [state for state in DeploymentState if state in ENDED])
async def test_an_end_is_not_cancelled(sandbox: Sandbox, database: Database, state: DeploymentState) -> None:
    course = await standing(database, state)
    async with means_on(sandbox, database) as (means, noted):
        assert not await cancel(means, course, "eve", None)
    assert await course_of(database, course.key) == course
    assert noted.started == []


async def test_a_next_attempt_begins_once(sandbox: Sandbox, database: Database) -> None:
    failed = await standing(database, DeploymentState.FAILED)
    async with means_on(sandbox, database) as (means, noted):
        assert await begin_again(means, failed)
        assert not await begin_again(means, failed)
    again = await course_of(database, failed.key)
    assert (again.state, again.attempt, again.reason) == (DeploymentState.VERIFYING, 2, None)
    assert noted.started == [(f"deploy/{failed.key}/2/verify", (failed.key, 2))]


async def test_none_begins_again_beside_another_of_its_snapshot(sandbox: Sandbox, database: Database) -> None:
    failed = await standing(database, DeploymentState.FAILED)
    await begun(database)
    async with means_on(sandbox, database) as (means, noted):
        with pytest.raises(ConflictError):
            await begin_again(means, failed)
    assert await course_of(database, failed.key) == failed
    assert noted.started == []


async def test_an_asset_lets_those_of_its_model_go_on_that_are_held_up(sandbox: Sandbox, database: Database) -> None:
    """Whatever holds them up; none that has failed, and none of another model."""
    for name in ("churn", "other"):
        model(sandbox, name)
    mine = await registered(database, sandbox, "churn", AssetRole.SCHEMA)
    await registered(database, sandbox, "other")
    async with means_on(sandbox, database) as (means, noted):
        held_up, elsewhere = await begun(database), await begun(database, "other-1")
        for course in (held_up, elsewhere):
            await Verifying(means).verify(course.key, 1)
        blocked = await course_of(database, elsewhere.key)
        assert blocked.state is DeploymentState.BLOCKED
        noted.started.clear()
        await asset_arrived(means, mine)
        assert noted.started == [(f"deploy/{held_up.key}/2/verify", (held_up.key, 2))]
        assert await course_of(database, elsewhere.key) == blocked
        await asset_arrived(means, mine)
    assert len(noted.started) == 1


async def test_an_asset_lets_none_go_on_beside_another_groups(sandbox: Sandbox, database: Database) -> None:
    """The asset is there all the same; the deployment has stood back, and can begin again later."""
    model(sandbox)
    mine = await registered(database, sandbox, "churn")
    async with means_on(sandbox, database) as (means, noted):
        held_up = await begun(database)
        await Verifying(means).verify(held_up.key, 1)
        await begun(database, group="marketing")
        noted.started.clear()
        await asset_arrived(means, mine)
        assert (await course_of(database, held_up.key)).state is DeploymentState.BLOCKED
    assert noted.started == []
