"""workflows.deployments.clearing: what is put away, and what is left: it is somebody else's, or not there yet."""

from registry import deployments, leftovers
from registry.database import Database
from registry.words import ElementKind
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.deploying import calls
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import approved, begun, cancelled, course_of, launching, left
from workflows.deployments.clearing import Clearing
from workflows.deployments.launching import Launching
from workflows.deployments.names import runtime_name
from workflows.deployments.settling import Settling
from workflows.deployments.verifying import Verifying


async def test_an_endpoint_without_the_deployments_tag_is_not_deleted(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await launching(sandbox, database, means, runtime_wish="live")
        await cancelled(database, course)
        sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-1")
        sandbox.advance(600)
        async with database.reading() as connection:
            (leftover,) = await leftovers.every(connection)
        async with means.scope(course) as scope:
            await Clearing(means).clear(scope, leftover)
        assert await left(database) == []
    assert calls(sandbox, "DeleteEndpoint") == [0]


async def test_what_a_later_attempt_has_given_the_name_to_is_left(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await launching(sandbox, database, means, runtime_wish="live")
        await Settling(means).settle(course.key, 1, "Failed", None, None)
        async with database.writing() as connection:
            (leftover,) = await leftovers.every(connection)
            await deployments.begin_again(connection, await course_of(database, course.key), course.since)
        await Verifying(means).verify(course.key, 2)
        await approved(database, await course_of(database, course.key))
        await Launching(means).launch(course.key, 2)
        sandbox.advance(600)
        async with means.scope(course) as scope:
            await Clearing(means).clear(scope, leftover)
        assert await left(database) == []
    assert calls(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 0]


async def test_what_another_deployment_has_taken_over_is_left(sandbox: Sandbox, database: Database) -> None:
    """One was cancelled while its endpoint came up, and the next one of the snapshot asks for that by name."""
    async with means_on(sandbox, database) as (means, _):
        course = await launching(sandbox, database, means, runtime_wish="live")
        await Launching(means).launch(course.key, 1)
        await cancelled(database, await course_of(database, course.key))
        other = await begun(database, runtime_wish="live")
        await Verifying(means).verify(other.key, 1)
        await approved(database, await course_of(database, other.key))
        sandbox.advance(600)
        await Launching(means).launch(other.key, 1)
        async with database.reading() as connection:
            (leftover,) = await leftovers.every(connection)
        async with means.scope(course) as scope:
            await Clearing(means).clear(scope, leftover)
        assert await left(database) == []
    assert calls(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 0]


async def test_what_is_not_there_yet_is_waited_for(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await launching(sandbox, database, means)
        await cancelled(database, course)
        async with database.reading() as connection:
            (leftover,) = await leftovers.every(connection)
        async with means.scope(course) as scope:
            await Clearing(means).clear(scope, leftover)
        assert await left(database) == [(ElementKind.RUNTIME, runtime_name(course))]
