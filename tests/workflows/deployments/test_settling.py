"""workflows.deployments.settling: a launch ends by what its endpoint has come to, once."""

import pytest

from registry import deployments
from registry.courses import Course
from registry.database import Database
from registry.words import AuditOutcome, DeploymentState
from sandbox.server import Sandbox
from tests.deploying import events
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import course_of, launching, left
from workflows.deployments.settling import Settling


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def begun(sandbox: Sandbox, database: Database, course: Course, before: str | None = None) -> Course:
    """A launch whose endpoint is watched; `before` is what that ran, where it was there."""
    async with database.writing() as connection:
        await deployments.name_runtime(connection, course, "live")
        await deployments.note_runtime(connection, course, before)
    return await course_of(database, course.key)


async def test_an_endpoint_in_service_is_the_end(sandbox: Sandbox, database: Database, database_url: str) -> None:
    """On behalf of whoever approved; what is told of it later, or of another attempt, changes nothing."""
    async with means_on(sandbox, database) as (means, _):
        course = await begun(sandbox, database, await launching(sandbox, database, means))
        settling = Settling(means)
        await settling.settle(course.key, 2, "InService", "churn-1", None)
        assert await course_of(database, course.key) == course
        await settling.settle(course.key, 1, "InService", "churn-1", None)
        deployed = await course_of(database, course.key)
        await settling.settle(course.key, 1, "Failed", "churn-1", "No capacity.")
        assert await course_of(database, course.key) == deployed
    assert (deployed.state, deployed.reason) == (DeploymentState.DEPLOYED, None)
    event = (await events(database_url))[-1]
    assert (event.action, event.actor, event.outcome, event.detail) == (
        "deployment.settle",
        "eve",
        AuditOutcome.SUCCEEDED,
        "Endpoint live: InService",
    )
    assert await left(database) == []


@pytest.mark.parametrize(
    ("status", "snapshot", "reason", "told"),
    [
        (
            "InService",
            "churn-0",
            "The alarm went off.",
            "The endpoint `live` has not come to `churn-1`; it runs `churn-0`. AWS says: The alarm went off.",
        ),
        (
            "UpdateRollbackFailed",
            "churn-0",
            None,
            "The endpoint `live` is UpdateRollbackFailed. AWS says: nothing more",
        ),
        ("GONE", None, None, "Somebody has deleted the endpoint `live` while it came up."),
    ],
)
async def test_an_update_that_fails_leaves_the_endpoint(
    sandbox: Sandbox, database: Database, status: str, snapshot: str | None, reason: str | None, told: str
) -> None:
    """It was there before, and still serves what it did."""
    async with means_on(sandbox, database) as (means, _):
        course = await launching(sandbox, database, means, runtime_wish="live")
        course = await begun(sandbox, database, course, "churn-0")
        await Settling(means).settle(course.key, 1, status, snapshot, reason)
    failed = await course_of(database, course.key)
    assert (failed.state, failed.reason) == (DeploymentState.FAILED, told)
    assert await left(database) == []
