"""workflows.deployments.blocked and .verify: no event is lost that lets a deployment go on, and none counts twice."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from registry import assets, deployment_lists
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import (
    AssetRole,
    BlockCause,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    StepState,
)
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS, DEPLOYMENT_SETTINGS, call_counts, create_model
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import new_deployment_row, register, reload
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.deployments.blocked import recheck_all_blocked, recheck_blocked_for
from workflows.deployments.rehearse import RehearsePhase
from workflows.deployments.verify import VerifyPhase

TWO = {**DEPLOYMENT_SETTINGS, "requiredAssets": ["DOCUMENTATION", "SCHEMA"]}


async def put(database: Database, registration: str, role: AssetRole, **content: Any) -> None:
    """Keeps an asset of this moment, and wakes nobody."""
    new = assets.NewAsset(
        role=role, name=role.value.lower(), **(content or {"content": "{}"}), added_by="ann", added_at=datetime.now(UTC)
    )
    async with database.writing() as connection:
        await assets.upsert(connection, registration, new)


def before(monkeypatch: pytest.MonkeyPatch, method: str, event: Callable[[], Awaitable[object]]) -> None:
    """Lets something happen once, at the moment when the verification comes to this method."""
    original: Any = getattr(VerifyPhase, method)
    pending = [event]

    async def replaced(self: VerifyPhase, *arguments: Any) -> object:
        result = await original(self, *arguments) if method == "_running_endpoint" else None
        while pending:
            await pending.pop()()
        return result if method == "_running_endpoint" else await original(self, *arguments)

    monkeypatch.setattr(VerifyPhase, method, replaced)


@pytest.mark.parametrize("method", ["_running_endpoint", "_block_for_assets"])
async def test_an_asset_that_arrives_while_verifying_counts(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Nobody waits for it any more once the deployment is BLOCKED: it found the deployment VERIFYING."""
    create_model(sandbox)
    registration = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    row = await new_deployment_row(database, trigger=DeploymentTrigger.NEW_SNAPSHOT)
    async with deps_on(sandbox, database, deployments=TWO) as (deps, noted):

        async def arrive() -> None:
            await put(database, registration, AssetRole.SCHEMA)
            await recheck_blocked_for(deps, registration)

        before(monkeypatch, method, arrive)
        await VerifyPhase(deps).verify(row.key, 1)
    seen = await reload(database, row.key)
    assert (seen.state, seen.attempt, seen.reason) == (DeploymentState.AWAITING_APPROVAL, 1, UNKNOWN_AUTHOR)
    assert noted.started == []


async def test_a_model_that_is_imported_while_verifying_counts(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own import has found the snapshot's deployment under way, and has started none."""
    with building(sandbox) as made:
        for name in ("a", "b"):
            made.model(name)
        made.snapshot("churn-1", "a", "b")
    await register(database, sandbox, "a", AssetRole.DOCUMENTATION)
    row = await new_deployment_row(database)
    before(monkeypatch, "_skip_unregistered", lambda: register(database, sandbox, "b", AssetRole.DOCUMENTATION))
    async with deps_on(sandbox, database) as (deps, _):
        await VerifyPhase(deps).verify(row.key, 1)
    assert (await reload(database, row.key)).state is DeploymentState.AWAITING_APPROVAL


async def test_forty_assets_are_one_attempt(sandbox: Sandbox, database: Database) -> None:
    """Until the last of those that are missing is there, the reason names what still is."""
    create_model(sandbox)
    registration = await register(database, sandbox)
    row = await new_deployment_row(database)
    async with deps_on(sandbox, database, deployments=TWO) as (deps, noted):
        await VerifyPhase(deps).verify(row.key, 1)
        blocked = await reload(database, row.key)
        assert (blocked.state, blocked.blocked_by) == (DeploymentState.BLOCKED, BlockCause.MISSING_ASSETS)
        for _ in range(20):
            await put(database, registration, AssetRole.DOCUMENTATION)
            await recheck_blocked_for(deps, registration)
        waiting = await reload(database, row.key)
        assert (waiting.state, waiting.attempt) == (DeploymentState.BLOCKED, 1)
        assert "DOCUMENTATION" not in str(waiting.reason)
        assert "SCHEMA of `churn`" in str(waiting.reason)
        assert noted.started == []
        for _ in range(20):
            await put(database, registration, AssetRole.SCHEMA)
            await recheck_blocked_for(deps, registration)
        assert noted.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]
    assert (await reload(database, row.key)).attempt == 2


async def test_the_sweep_finds_what_nobody_woke(sandbox: Sandbox, database: Database) -> None:
    """A process may die between the asset and the deployment."""
    create_model(sandbox)
    create_model(sandbox, "other")
    registration = await register(database, sandbox)
    await register(database, sandbox, "other")
    async with deps_on(sandbox, database) as (deps, noted):
        rows = [await new_deployment_row(database, name) for name in ("churn-1", "other-1")]
        for row in rows:
            await VerifyPhase(deps).verify(row.key, 1)
        untouched = await reload(database, rows[1].key)
        await recheck_all_blocked(deps)
        assert noted.started == []
        await put(database, registration, AssetRole.DOCUMENTATION)
        for _ in range(3):
            await recheck_all_blocked(deps)
        assert noted.started == [(f"deploy/{rows[0].key}/2/verify", (rows[0].key, 2))]
        assert await reload(database, rows[1].key) == untouched


async def blocked_rehearsal(sandbox: Sandbox, database: Database, deps: Any) -> tuple[str, DeploymentRow]:
    """A deployment whose test data is not there."""
    create_model(sandbox)
    registration = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    await put(database, registration, AssetRole.TEST_DATA, s3_uri="s3://nowhere-at-all/rows.csv")
    row = await new_deployment_row(database)
    await VerifyPhase(deps).verify(row.key, 1)
    await RehearsePhase(deps).rehearse(row.key, 1)
    return registration, await reload(database, row.key)


async def test_a_rehearsal_begins_again_with_other_test_data_alone(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        registration, row = await blocked_rehearsal(sandbox, database, deps)
        assert (row.state, row.blocked_by) == (DeploymentState.BLOCKED, BlockCause.UNUSABLE_ASSETS)
        async with database.reading() as connection:
            deployment = await deployment_lists.by_key(connection, row.key)
        assert deployment is not None
        (step,) = [step for step in deployment.steps if step.name is DeploymentStepName.REHEARSE]
        assert (step.state, step.detail) == (StepState.FAILED, row.reason)
        await put(database, registration, AssetRole.OTHER)
        await recheck_blocked_for(deps, registration)
        await recheck_all_blocked(deps)
        assert noted.started == []
        await put(database, registration, AssetRole.TEST_DATA, s3_uri="s3://nowhere-else/rows.csv")
        for _ in range(3):
            await recheck_blocked_for(deps, registration)
        assert noted.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]
    assert call_counts(sandbox, "CreateTransformJob") == [0]


async def test_no_asset_gives_a_permission(sandbox: Sandbox, database: Database) -> None:
    create_model(sandbox)
    registration = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    row = await new_deployment_row(database)
    without = [*DEPLOYMENT_PERMISSIONS[:1], {"group": "risk", "allow": ["READ", "IMPORT"]}]
    async with deps_on(sandbox, database, permissions=without) as (deps, noted):
        await VerifyPhase(deps).verify(row.key, 1)
        blocked = await reload(database, row.key)
        assert (blocked.state, blocked.blocked_by) == (DeploymentState.BLOCKED, BlockCause.NOT_PERMITTED)
        await put(database, registration, AssetRole.SCHEMA)
        await recheck_blocked_for(deps, registration)
        await recheck_all_blocked(deps)
        assert noted.started == []
        assert await reload(database, row.key) == blocked


async def test_none_begins_again_beside_another_groups(sandbox: Sandbox, database: Database) -> None:
    """The asset is there all the same; the deployment has stood back, and can begin again later."""
    create_model(sandbox)
    registration = await register(database, sandbox)
    async with deps_on(sandbox, database) as (deps, noted):
        row = await new_deployment_row(database)
        await VerifyPhase(deps).verify(row.key, 1)
        await new_deployment_row(database, group="marketing")
        await put(database, registration, AssetRole.DOCUMENTATION)
        await recheck_blocked_for(deps, registration)
        assert (await reload(database, row.key)).state is DeploymentState.BLOCKED
    assert noted.started == []
