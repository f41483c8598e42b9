"""workflows.deployments.verified_assets: a deployment launches on the assets that it was verified with, or not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from registry import assets, deployment_lists
from registry.assets import NewAsset, text_fingerprint
from registry.database import Database
from registry.deployment_records import Deployment
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, BlockCause, DeploymentState, DeploymentStepName
from registry.ids import key_of
from sandbox.server import Sandbox
from tests.deployments import call_counts, create_model
from tests.gateway_client import RISK
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    approve,
    launching_deployment,
    new_deployment_row,
    register,
    reload,
)
from workflows.deployments.blocked import recheck_all_blocked
from workflows.deployments.cancel_retry import retry
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.verify import VerifyPhase

GUIDE = f"s3://{RISK.bucket}/docs/guide.md"
ROWS = f"s3://{RISK.bucket}/tests/rows.csv"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def record(database: Database, key: str) -> Deployment:
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, key)
    assert deployment is not None
    return deployment


async def put(database: Database, row: DeploymentRow, role: AssetRole, **content: Any) -> None:
    """Keeps an asset of the deployment's only model."""
    (registration,) = (await record(database, row.key)).registration_ids
    new = NewAsset(
        role=role,
        name=role.value.lower(),
        **(content or {"content": "other"}),
        added_by="ann",
        added_at=datetime.now(UTC),
    )
    async with database.writing() as connection:
        await assets.upsert(connection, str(key_of(registration, "Registration")), new)


async def approved(sandbox: Sandbox, database: Database, deps: DeploymentDeps) -> DeploymentRow:
    """A deployment with an asset in S3 and one that is a text, about to be launched; it needed no rehearsal."""
    create_model(sandbox)
    sandbox.objects.write(GUIDE, b"# Guide")
    key = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    guide = NewAsset(role=AssetRole.OTHER, name="guide", s3_uri=GUIDE, added_by="ann", added_at=datetime.now(UTC))
    async with database.writing() as connection:
        await assets.upsert(connection, key, guide)
    row = await new_deployment_row(database)
    await VerifyPhase(deps).verify(row.key, 1)
    await approve(database, await reload(database, row.key))
    return await reload(database, row.key)


async def test_what_was_verified_is_shown_and_launched(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        row = await approved(sandbox, database, deps)
        shown = {(asset.role, asset.name, asset.s3_uri) for asset in (await record(database, row.key)).assets}
        assert shown == {(AssetRole.DOCUMENTATION, "documentation", None), (AssetRole.OTHER, "guide", GUIDE)}
        prints = {asset.name: asset.fingerprint for asset in (await record(database, row.key)).assets}
        assert prints["documentation"] == text_fingerprint("{}")
        assert str(prints["guide"]).startswith(("etag:", "version:"))
        await LaunchPhase(deps).launch(row.key, 1)
    assert (await reload(database, row.key)).runtime_name == runtime_name(row)
    assert call_counts(sandbox, "CreateEndpoint") == [1]


@pytest.mark.parametrize("change", ["text", "object", "refused object", "removed"])
async def test_a_changed_asset_is_not_launched(sandbox: Sandbox, database: Database, change: str) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        row = await approved(sandbox, database, deps)
        if change == "text":
            await put(database, row, AssetRole.DOCUMENTATION)
        elif change == "removed":
            (registration,) = (await record(database, row.key)).registration_ids
            async with database.writing() as connection:
                key = str(key_of(registration, "Registration"))
                assert await assets.remove(connection, key, AssetRole.OTHER, "guide")
        elif change == "object":
            sandbox.objects.write(GUIDE, b"# Another guide")
        else:
            sandbox.faults.refuse("HeadObject")
        await LaunchPhase(deps).launch(row.key, 1)
        blocked = await reload(database, row.key)
        assert (blocked.state, blocked.blocked_by) == (DeploymentState.BLOCKED, BlockCause.CHANGED_ASSETS)
        name = "DOCUMENTATION `documentation`" if change == "text" else "OTHER `guide`"
        assert f"{name} of `churn` was {'removed' if change == 'removed' else 'changed'}" in str(blocked.reason)
        assert call_counts(sandbox, "CreateEndpoint") == [0]
        noted.started.clear()
        await recheck_all_blocked(deps)
        assert noted.started == []
        assert await retry(deps, blocked)
        await VerifyPhase(deps).verify(row.key, 2)
        again = await reload(database, row.key)
        assert (again.state, again.attempt, again.decision) == (DeploymentState.AWAITING_APPROVAL, 2, None)


async def test_test_data_that_came_later_is_rehearsed_and_approved_anew(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        row = await approved(sandbox, database, deps)
        await put(database, row, AssetRole.TEST_DATA, s3_uri=ROWS)
        await LaunchPhase(deps).launch(row.key, 1)
        again = await reload(database, row.key)
        assert (again.state, again.attempt, again.decision) == (DeploymentState.VERIFYING, 2, None)
        assert "TEST_DATA `test_data` of `churn` was added" in str(again.reason)
        await VerifyPhase(deps).verify(row.key, 2)
        assert (await reload(database, row.key)).state is DeploymentState.REHEARSING
        step = next(step for step in (await record(database, row.key)).steps if step.name is DeploymentStepName.VERIFY)
        assert step.detail == again.reason
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_other_assets_that_come_later_change_nothing(sandbox: Sandbox, database: Database) -> None:
    """Nor does test data where no rehearsal was wanted."""
    async with deps_on(sandbox, database) as (deps, _):
        row = await approved(sandbox, database, deps)
        await put(database, row, AssetRole.SCHEMA)
        await LaunchPhase(deps).launch(row.key, 1)
        assert (await reload(database, row.key)).state is DeploymentState.LAUNCHING
    assert call_counts(sandbox, "CreateEndpoint") == [1]


async def test_test_data_that_nobody_wanted_rehearsed(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        row = await launching_deployment(sandbox, database, deps, rehearse=False)
        await put(database, row, AssetRole.TEST_DATA, s3_uri=ROWS)
        await LaunchPhase(deps).launch(row.key, 1)
        assert (await reload(database, row.key)).state is DeploymentState.LAUNCHING
    assert call_counts(sandbox, "CreateEndpoint") == [1]


async def test_an_asset_that_cannot_be_read_is_pinned_by_its_address(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        create_model(sandbox)
        key = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
        gone = NewAsset(
            role=AssetRole.OTHER, name="x", s3_uri="s3://nowhere-at-all/x", added_by="ann", added_at=datetime.now(UTC)
        )
        async with database.writing() as connection:
            await assets.upsert(connection, key, gone)
        row = await new_deployment_row(database)
        await VerifyPhase(deps).verify(row.key, 1)
        assert (await reload(database, row.key)).state is DeploymentState.AWAITING_APPROVAL
        verified = {asset.name: asset.fingerprint for asset in (await record(database, row.key)).assets}
    assert verified == {"documentation": text_fingerprint("{}"), "x": None}
