"""workflows.deployments.finish_launch: a launch ends by what its endpoint has come to, once."""

from datetime import timedelta

import pytest

from registry import deployment_lists, deployments, elements
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AuditOutcome, DeploymentState
from registry.ids import key_of
from sandbox.server import Sandbox
from tests.deployments import deployment_events
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import launching_deployment, queued_cleanups, reload
from workflows.deployments.finish_launch import FinishLaunchPhase


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def begun(
    sandbox: Sandbox, database: Database, deployment: DeploymentRow, before: str | None = None
) -> DeploymentRow:
    """A launch whose endpoint is watched; `before` is what that ran, where it was there."""
    async with database.writing() as connection:
        await deployments.record_launch(connection, deployment, "live")
        await deployments.record_runtime_snapshot(connection, deployment, before)
    return await reload(database, deployment.key)


async def test_an_endpoint_in_service_is_the_end(sandbox: Sandbox, database: Database, database_url: str) -> None:
    """On behalf of whoever approved; what is told of it later, or of another attempt, changes nothing."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await begun(sandbox, database, await launching_deployment(sandbox, database, deps))
        settling = FinishLaunchPhase(deps)
        await settling.finish(deployment.key, 2, "InService", "churn-1", None)
        assert await reload(database, deployment.key) == deployment
        await settling.finish(deployment.key, 1, "InService", "churn-1", None)
        deployed = await reload(database, deployment.key)
        await settling.finish(deployment.key, 1, "Failed", "churn-1", "No capacity.")
        assert await reload(database, deployment.key) == deployed
    assert (deployed.state, deployed.reason) == (DeploymentState.DEPLOYED, None)
    event = (await deployment_events(database_url))[-1]
    assert (event.action, event.actor, event.outcome, event.detail) == (
        "deployment.settle",
        "eve",
        AuditOutcome.SUCCEEDED,
        "Endpoint live: InService",
    )
    assert await queued_cleanups(database) == []


async def test_what_is_deployed_is_an_element_of_its_registration(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        row = await begun(sandbox, database, await launching_deployment(sandbox, database, deps))
        with building(sandbox) as made:
            made.runtime("live", "churn-1", at=START + timedelta(days=1))
        await FinishLaunchPhase(deps).finish(row.key, 1, "InService", "churn-1", None)
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, row.key)
        assert deployment is not None
        (registration,) = deployment.registration_ids
        result = await elements.known_elements(connection, str(key_of(registration, "Registration")))
    assert deployment.state is DeploymentState.DEPLOYED
    assert {(element.kind.value, element.name) for element in result} == {("SNAPSHOT", "churn-1"), ("RUNTIME", "live")}


@pytest.mark.parametrize(
    ("status", "snapshot", "reason", "text"),
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
        ("GONE", None, None, "Somebody deleted the endpoint `live` while it was being created."),
    ],
)
async def test_an_update_that_fails_leaves_the_endpoint(
    sandbox: Sandbox, database: Database, status: str, snapshot: str | None, reason: str | None, text: str
) -> None:
    """It was there before, and still serves what it did."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        deployment = await begun(sandbox, database, deployment, "churn-0")
        await FinishLaunchPhase(deps).finish(deployment.key, 1, status, snapshot, reason)
    failed = await reload(database, deployment.key)
    assert (failed.state, failed.reason) == (DeploymentState.FAILED, text)
    assert await queued_cleanups(database) == []
