"""Deployments that ended some days ago."""

from datetime import UTC, datetime, timedelta
from typing import Any

from registry import deployments
from registry.database import Database
from registry.deployment_rows import NewDeployment
from registry.enums import DeploymentState, DeploymentTrigger

NOW = datetime.now(UTC)


def days_ago(days: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


async def ended_deployment(
    database: Database,
    state: DeploymentState = DeploymentState.DEPLOYED,
    ago: float = 500,
    runtime: str | None = None,
    by: str = "ann",
    **changed: Any,
) -> str:
    """The key of a deployment that ended so many days ago, and has launched an endpoint if one is named."""
    new = {
        "group": "risk",
        "account_id": "111111111111",
        "region": "eu-west-1",
        "snapshot_name": "churn-1",
        "snapshot_created_at": days_ago(900),
        "snapshot_digest": "digest",
        "trigger": DeploymentTrigger.REQUEST,
        "started_by": by,
        "started_at": days_ago(ago),
        **changed,
    }
    async with database.writing() as connection:
        row, started = await deployments.start(connection, NewDeployment(**new))
        assert started
        if runtime is not None:
            assert await deployments.record_launch(connection, row, runtime)
        assert await deployments.transition(connection, row, state, days_ago(ago))
    return row.key
