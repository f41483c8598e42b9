"""workflows.deployments.transitions: what a deployment may have begun is put away with the move, or not at all."""

from datetime import UTC, datetime

import pytest

from registry import deployment_steps, deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName, ElementKind
from sandbox.server import Sandbox
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import new_deployment_row, queued_cleanups, reload
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.transitions import AuditEntry, end_and_clean_up, fail_attempt
from workflows.deployments.transitions import resources_of_attempt as begun_in_aws

DEED = AuditEntry(action="deployment.test", actor="ann")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def standing(database: Database, state: DeploymentState, before: str | None = None) -> DeploymentRow:
    """A deployment in a state, with a job noted; `before` is what the endpoint ran that it updates."""
    deployment = await new_deployment_row(database)
    now = datetime.now(UTC)
    async with database.writing() as connection:
        rehearse = DeploymentStepName.REHEARSE
        await deployment_steps.begin(connection, deployment, rehearse, now, model_name="churn", job_name="job")
        await deployments.record_runtime_snapshot(connection, deployment, before)
        if state is not deployment.state:
            assert await deployments.transition(connection, deployment, state, now)
    return await reload(database, deployment.key)


@pytest.mark.parametrize("state", DeploymentState)
async def test_what_each_state_may_have_begun(database: Database, state: DeploymentState) -> None:
    deployment = await standing(database, state)
    may_be = {
        DeploymentState.REHEARSING: [(ElementKind.TRANSFORM_JOB, ["job"])],
        DeploymentState.LAUNCHING: [(ElementKind.RUNTIME, [runtime_name(deployment)])],
    }
    async with database.reading() as connection:
        assert await begun_in_aws(connection, deployment) == may_be.get(state, [])


async def test_an_endpoint_that_was_there_before_is_never_put_away(sandbox: Sandbox, database: Database) -> None:
    """What it was to run instead is another thing than the endpoint."""
    deployment = await standing(database, DeploymentState.LAUNCHING, before="churn-0")
    async with deps_on(sandbox, database) as (deps, _):
        assert await end_and_clean_up(deps, deployment, DeploymentState.FAILED, DEED, "Why.")
    assert await queued_cleanups(database) == []


async def test_of_one_that_has_gone_on_meanwhile_nothing_is_put_away(sandbox: Sandbox, database: Database) -> None:
    deployment = await standing(database, DeploymentState.REHEARSING)
    async with database.writing() as connection:
        assert await deployments.transition(
            connection, deployment, DeploymentState.AWAITING_APPROVAL, datetime.now(UTC)
        )
    now = await reload(database, deployment.key)
    async with deps_on(sandbox, database) as (deps, _):
        assert not await end_and_clean_up(deps, deployment, DeploymentState.CANCELLED, DEED, "Why.")
    assert await queued_cleanups(database) == []
    assert await reload(database, deployment.key) == now


async def test_a_deployment_that_is_not_there_does_not_fail(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        await fail_attempt(deps, "0" * 32, 1, "REFUSED", "No.")
    assert await queued_cleanups(database) == []


async def test_the_failure_of_an_older_attempt_leaves_the_newer_one_alone(sandbox: Sandbox, database: Database) -> None:
    row = await new_deployment_row(database)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, row, datetime.now(UTC))
    newer = await reload(database, row.key)
    async with deps_on(sandbox, database) as (deps, noted):
        await fail_attempt(deps, row.key, 1, "LATE", "Too late.")
        assert await reload(database, row.key) == newer
        assert noted.started == []
        await fail_attempt(deps, row.key, 2, "LATE", "Too late.")
    failed = await reload(database, row.key)
    assert (failed.state, failed.reason) == (DeploymentState.FAILED, "Too late.")
