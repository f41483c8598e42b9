"""workflows.deployments.cancel_retry: whoever cancels or begins again acts on what they saw, and on nothing else."""

from datetime import UTC, datetime

import pytest

from registry import deployments, tickets
from registry.database import Database
from registry.deployment_rows import ENDED_STATES, DeploymentRow
from registry.enums import DeploymentState, ElementKind
from registry.errors import RegistryConflictError
from registry.tickets import FiledTicket
from sandbox.server import Sandbox
from tests.deployments import call_counts, deployment_events
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    launching_deployment,
    new_deployment_row,
    queued_cleanups,
    reload,
)
from workflows.deployments.cancel_retry import cancel, retry
from workflows.deployments.resource_names import runtime_name


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def standing(database: Database, state: DeploymentState, snapshot: str = "churn-1") -> DeploymentRow:
    """A deployment in a state."""
    deployment = await new_deployment_row(database, snapshot)
    async with database.writing() as connection:
        await deployments.transition(connection, deployment, state, datetime.now(UTC), "Why.")
    return await reload(database, deployment.key)


@pytest.mark.parametrize(("comment", "reason"), [(None, "eve cancelled it."), ("Not now", "eve cancelled it: Not now")])
async def test_a_cancellation_leaves_what_was_begun_to_be_put_away(
    sandbox: Sandbox, database: Database, database_url: str, comment: str | None, reason: str
) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await launching_deployment(sandbox, database, deps)
        async with database.writing() as connection:
            assert await tickets.mark_filed(connection, 1, FiledTicket("SG-1", None, "Open"), deployment.since)
        noted.started.clear()
        assert await cancel(deps, deployment, "eve", comment)
        assert noted.started == [(f"deploy/{deployment.key}/1/tell", (deployment.key, 1))]
        cancelled = await reload(database, deployment.key)
        assert (cancelled.state, cancelled.reason) == (DeploymentState.CANCELLED, reason)
        assert await queued_cleanups(database) == [(ElementKind.RUNTIME, runtime_name(deployment))]
        assert not await cancel(deps, cancelled, "eve", comment)
        # Nor does one count that was decided on by how it stood before.
        assert not await cancel(deps, deployment, "bob", comment)
        assert await reload(database, deployment.key) == cancelled
    assert [event.actor for event in await deployment_events(database_url) if event.action == "deployment.cancel"] == [
        "eve"
    ]
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [0, 0]


@pytest.mark.parametrize("state", [state for state in DeploymentState if state in ENDED_STATES])
async def test_an_end_is_not_cancelled(sandbox: Sandbox, database: Database, state: DeploymentState) -> None:
    deployment = await standing(database, state)
    async with deps_on(sandbox, database) as (deps, noted):
        assert not await cancel(deps, deployment, "eve", None)
    assert await reload(database, deployment.key) == deployment
    assert noted.started == []


async def test_a_next_attempt_begins_once(sandbox: Sandbox, database: Database) -> None:
    failed = await standing(database, DeploymentState.FAILED)
    async with deps_on(sandbox, database) as (deps, noted):
        assert await retry(deps, failed)
        assert not await retry(deps, failed)
    again = await reload(database, failed.key)
    assert (again.state, again.attempt, again.reason) == (DeploymentState.VERIFYING, 2, None)
    assert noted.started == [(f"deploy/{failed.key}/2/verify", (failed.key, 2))]


async def test_none_begins_again_beside_another_of_its_snapshot(sandbox: Sandbox, database: Database) -> None:
    failed = await standing(database, DeploymentState.FAILED)
    await new_deployment_row(database)
    async with deps_on(sandbox, database) as (deps, noted):
        with pytest.raises(RegistryConflictError):
            await retry(deps, failed)
    assert await reload(database, failed.key) == failed
    assert noted.started == []
