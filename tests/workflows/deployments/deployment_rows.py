"""A deployment as its work sees it, for tests that keep none."""

from datetime import UTC, datetime
from typing import Any

from registry import assets, cleanup_queue, deployments, registrations
from registry.assets import NewAsset
from registry.database import Database
from registry.deployment_records import DeploymentDecision
from registry.deployment_rows import DeploymentRow, NewDeployment
from registry.enums import AssetRole, DecisionOutcome, DeploymentState, DeploymentTrigger, ElementKind
from registry.ids import key_of
from registry.registrations import NewRegistration
from sandbox.estate.groups import Group
from sandbox.server import Sandbox
from tests.deployments import create_model
from tests.gateway_client import RISK
from tests.registry.factories import NOON
from workflows.deployments import transitions
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.transitions import AuditEntry, queue_cleanup, transition_in, update_steps_and_tickets
from workflows.deployments.verify import VerifyPhase

DEPLOYMENT_ROW = DeploymentRow(
    key="0123456789abcdef",
    group="risk",
    account_id="111111111111",
    region="eu-west-1",
    snapshot_name="churn-1",
    snapshot_created_at=NOON,
    snapshot_digest="digest",
    state=DeploymentState.VERIFYING,
    since=NOON,
    attempt=1,
    trigger=DeploymentTrigger.REQUEST,
    rehearse=True,
    launch=True,
    runtime_wish=None,
    runtime_before=None,
    runtime_name=None,
    reason=None,
    started_by="ann",
    started_at=NOON,
    decision=None,
)
"""A deployment that was begun just now."""

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def register(
    database: Database, sandbox: Sandbox, name: str = "churn", *roles: AssetRole, group: Group = RISK
) -> str:
    """The key of a registration of a model in the sandbox, with an asset of each role."""
    result = sandbox.call("DescribeModel", group.account, group.region, ModelName=name)
    new = NewRegistration(
        group=group.name,
        account_id=group.account,
        region=group.region,
        model_name=name,
        model_arn=result["ModelArn"],
        model_created_at=datetime.fromtimestamp(result["CreationTime"], UTC),
        imported_by="ann",
        imported_at=NOW,
    )
    async with database.writing() as connection:
        registration, _ = await registrations.find_or_create(connection, new, ())
        key = str(key_of(registration.id, "Registration"))
        for role in roles:
            await assets.upsert(connection, key, _asset(role))
    return key


async def new_deployment_row(database: Database, snapshot: str = "churn-1", **changed: Any) -> DeploymentRow:
    """A deployment that is to be verified."""
    new = {
        "group": RISK.name,
        "account_id": RISK.account,
        "region": RISK.region,
        "snapshot_name": snapshot,
        "snapshot_created_at": NOW,
        "snapshot_digest": "",
        "trigger": DeploymentTrigger.REQUEST,
        "started_by": "ann",
        "started_at": datetime.now(UTC),
        **changed,
    }
    async with database.writing() as connection:
        deployment, started = await deployments.start(connection, NewDeployment(**new))
    assert started
    return deployment


async def reload(database: Database, key: str) -> DeploymentRow:
    """The deployment as it stands."""
    async with database.reading() as connection:
        deployment = await deployments.by_key(connection, key)
    assert deployment is not None
    return deployment


async def approve(database: Database, deployment: DeploymentRow, by: str = "eve") -> None:
    """Approves a deployment that waits for it, without starting what follows: that is for the next sweep."""
    now = datetime.now(UTC)
    decision = DeploymentDecision(DecisionOutcome.APPROVED, by, now, None)
    async with database.writing() as connection:
        assert await deployments.decide(connection, deployment, decision, DeploymentState.LAUNCHING, now, None)
        await update_steps_and_tickets(connection, deployment, DeploymentState.LAUNCHING, now, None)


async def cancel(database: Database, deployment: DeploymentRow) -> None:
    """Cancels a deployment, as `turning.cancel` does, without starting what follows."""
    entry = AuditEntry(action="deployment.cancel", actor="eve")
    async with database.writing() as connection:
        left = await transitions.resources_of_attempt(connection, deployment)
        assert await transition_in(connection, deployment, DeploymentState.CANCELLED, entry, "eve cancelled it.")
        for kind, names in left:
            await queue_cleanup(connection, deployment, kind, *names)


async def verified_deployment(
    sandbox: Sandbox, database: Database, deps: DeploymentDeps, *roles: AssetRole, **changed: Any
) -> DeploymentRow:
    """A deployment that was verified; its model is registered, with an asset of each role."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION, *roles)
    deployment = await new_deployment_row(database, **changed)
    await VerifyPhase(deps).verify(deployment.key, 1)
    return await reload(database, deployment.key)


async def launching_deployment(
    sandbox: Sandbox, database: Database, deps: DeploymentDeps, **changed: Any
) -> DeploymentRow:
    """A deployment that was approved."""
    deployment = await verified_deployment(sandbox, database, deps, **changed)
    await approve(database, deployment)
    return await reload(database, deployment.key)


async def queued_cleanups(database: Database) -> list[tuple[ElementKind, str]]:
    """What is to be put away."""
    async with database.reading() as connection:
        return [(item.kind, item.name) for item in await cleanup_queue.pending(connection)]


def _asset(role: AssetRole) -> NewAsset:
    data = role is AssetRole.TEST_DATA
    return NewAsset(
        role=role,
        name=role.value.lower(),
        s3_uri=f"s3://{RISK.bucket}/tests/rows.csv" if data else None,
        content=None if data else "{}",
        added_by="ann",
        added_at=NOW,
    )
