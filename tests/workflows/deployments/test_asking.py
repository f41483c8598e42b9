"""workflows.deployments.asking: what follows a rehearsal, and what whoever decides is told of the endpoint."""

import pytest

from aws.errors import UnavailableError
from registry import deployment_lists, deployments, tickets
from registry.courses import Course
from registry.database import Database
from registry.records import Deployment
from registry.words import DeploymentState, DeploymentStepName, StepState
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.deploying import calls
from tests.making import making
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import begun, course_of
from workflows.deployments.asking import proceed, runtime_of
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed

DEED = Deed(action="deployment.verify", actor="ann")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


@pytest.fixture
def running(sandbox: Sandbox) -> Sandbox:
    """An endpoint `live` that runs `churn-0`."""
    with making(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    sandbox.calls.clear()
    return sandbox


async def proceeded(database: Database, means: Means, course: Course, left_out: str | None = None) -> Course:
    """The deployment, once its rehearsal is over."""
    async with means.scope(course) as scope:
        await proceed(means, scope.reader, course, DEED, left_out)
    return await course_of(database, course.key)


async def steps(database: Database, course: Course) -> dict[DeploymentStepName, tuple[StepState, str | None]]:
    """How each step stands that was begun, and what is said of it."""
    async with database.reading() as connection:
        found: Deployment | None = await deployment_lists.by_key(connection, course.key)
    assert found is not None
    return {each.name: (each.state, each.detail) for each in found.steps if each.started_at is not None}


async def test_a_rehearsal_alone_is_completed(running: Sandbox, database: Database) -> None:
    """Nobody is asked, neither people nor AWS."""
    async with means_on(running, database) as (means, _):
        course = await proceeded(database, means, await begun(database, launch=False, runtime_wish="live"))
    assert (course.state, course.runtime_before) == (DeploymentState.COMPLETED, None)
    async with database.reading() as connection:
        assert await tickets.of_attempt(connection, course.key, 1) == ()
    assert calls(running, "DescribeEndpoint") == [0]


@pytest.mark.parametrize(
    ("wish", "before", "told"),
    [
        ("live", "churn-0", "`live`, which runs `churn-0` now."),
        ("new", None, "A new endpoint `new` would run it."),
        (None, None, None),
    ],
)
async def test_what_the_endpoint_runs_is_kept_for_the_launch(
    running: Sandbox, database: Database, wish: str | None, before: str | None, told: str | None
) -> None:
    async with means_on(running, database) as (means, _):
        course = await proceeded(database, means, await begun(database, runtime_wish=wish), "No data.")
    assert (course.state, course.runtime_before) == (DeploymentState.AWAITING_APPROVAL, before)
    assert await steps(database, course) == {
        DeploymentStepName.REHEARSE: (StepState.SKIPPED, "No data."),
        DeploymentStepName.APPROVE: (StepState.RUNNING, told),
    }
    assert calls(running, "DescribeEndpoint") == [0 if wish is None else 1]


async def test_of_one_that_has_gone_on_nothing_is_noted(running: Sandbox, database: Database) -> None:
    async with means_on(running, database) as (means, _):
        course = await begun(database, runtime_wish="live")
        async with database.writing() as connection:
            assert await deployments.move(connection, course, DeploymentState.CANCELLED, course.since)
        cancelled = await course_of(database, course.key)
        assert await proceeded(database, means, course, "No data.") == cancelled
    assert await steps(database, course) == {}


async def test_an_endpoint_that_cannot_be_read_is_not_taken_for_none(running: Sandbox, database: Database) -> None:
    """A launch would create it, and not update it."""
    async with means_on(running, database) as (means, _):
        course = await begun(database, runtime_wish="live")
        running.trouble.fail("DescribeEndpoint", status=503)
        with pytest.raises(UnavailableError):
            await proceeded(database, means, course)
        assert await course_of(database, course.key) == course


async def test_an_endpoint_is_read_anew(running: Sandbox, database: Database) -> None:
    """What was read a moment before does not count."""
    async with means_on(running, database) as (means, _), means.scope(await begun(database)) as scope:
        found = [await runtime_of(scope.reader, "live")]
        running.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="live")
        running.advance(600)
        found.append(await runtime_of(scope.reader, "live"))
    assert [None if each is None else each.name for each in found] == ["live", None]
    assert calls(running, "DescribeEndpoint") == [2]
