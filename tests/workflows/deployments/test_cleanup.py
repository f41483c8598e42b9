"""workflows.deployments.cleanup: what is put away, and what is left: it is somebody else's, or not there yet."""

from registry import cleanup_queue, deployments
from registry.database import Database
from registry.enums import ElementKind
from sandbox.server import Sandbox
from tests.deployments import call_counts
from tests.gateway_client import RISK
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    approve,
    cancel,
    launching_deployment,
    new_deployment_row,
    queued_cleanups,
    reload,
)
from workflows.deployments.cleanup import Cleanup
from workflows.deployments.finish_launch import FinishLaunchPhase
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.verify import VerifyPhase


async def test_an_endpoint_without_the_deployments_tag_is_not_deleted(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        await cancel(database, deployment)
        sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-1")
        sandbox.advance(600)
        async with database.reading() as connection:
            (leftover,) = await cleanup_queue.pending(connection)
        async with deps.scope(deployment) as scope:
            await Cleanup(deps).clean_up(scope, leftover)
        assert await queued_cleanups(database) == []
    assert call_counts(sandbox, "DeleteEndpoint") == [0]


async def test_what_a_later_attempt_has_given_the_name_to_is_left(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        await FinishLaunchPhase(deps).finish(deployment.key, 1, "Failed", None, None)
        async with database.writing() as connection:
            (leftover,) = await cleanup_queue.pending(connection)
            await deployments.begin_next_attempt(connection, await reload(database, deployment.key), deployment.since)
        await VerifyPhase(deps).verify(deployment.key, 2)
        await approve(database, await reload(database, deployment.key))
        await LaunchPhase(deps).launch(deployment.key, 2)
        sandbox.advance(600)
        async with deps.scope(deployment) as scope:
            await Cleanup(deps).clean_up(scope, leftover)
        assert await queued_cleanups(database) == []
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 0]


async def test_what_another_deployment_has_taken_over_is_left(sandbox: Sandbox, database: Database) -> None:
    """One was cancelled while its endpoint came up, and the next one of the snapshot asks for that by name."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        await LaunchPhase(deps).launch(deployment.key, 1)
        await cancel(database, await reload(database, deployment.key))
        other = await new_deployment_row(database, runtime_wish="live")
        await VerifyPhase(deps).verify(other.key, 1)
        await approve(database, await reload(database, other.key))
        sandbox.advance(600)
        await LaunchPhase(deps).launch(other.key, 1)
        async with database.reading() as connection:
            (leftover,) = await cleanup_queue.pending(connection)
        async with deps.scope(deployment) as scope:
            await Cleanup(deps).clean_up(scope, leftover)
        assert await queued_cleanups(database) == []
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 0]


async def test_what_is_not_there_yet_is_waited_for(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
        await cancel(database, deployment)
        async with database.reading() as connection:
            (leftover,) = await cleanup_queue.pending(connection)
        async with deps.scope(deployment) as scope:
            await Cleanup(deps).clean_up(scope, leftover)
        assert await queued_cleanups(database) == [(ElementKind.RUNTIME, runtime_name(deployment))]
