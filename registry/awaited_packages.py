"""Model package versions whose approval BLOCKED deployments wait for."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import and_, delete, select

from registry.database import Connection
from registry.deployment_rows import DeploymentRow, deployment_row_from
from registry.deployment_tables import awaited_packages, deployments
from registry.enums import DeploymentState
from registry.upserts import insert

_COLUMNS = awaited_packages.c


async def replace(connection: Connection, row: DeploymentRow, arns: Collection[str]) -> None:
    """Replace the ARNs of the package versions that the present attempt of the deployment `row` waits for."""
    await connection.execute(delete(awaited_packages).where(_COLUMNS.deployment_key == row.key))
    if arns:
        rows: list[dict[str, Any]] = [
            {"deployment_key": row.key, "attempt": row.attempt, "arn": arn} for arn in sorted(set(arns))
        ]
        await connection.execute(insert(connection, awaited_packages), rows)


async def waiting(connection: Connection) -> Mapping[DeploymentRow, frozenset[str]]:
    """The deployments that are BLOCKED for package versions in their present attempt, oldest first, with the ARNs."""
    held_up = and_(deployments.c.state == DeploymentState.BLOCKED.value, deployments.c.attempt == _COLUMNS.attempt)
    statement = select(deployments, _COLUMNS.arn).select_from(awaited_packages.join(deployments)).where(held_up)
    result: dict[DeploymentRow, set[str]] = {}
    for row in await connection.execute(statement.order_by(deployments.c.key)):
        result.setdefault(deployment_row_from(row), set()).add(row.arn)
    return {row: frozenset(arns) for row, arns in result.items()}
