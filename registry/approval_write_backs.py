"""Decisions about deployments that are still to be told to SageMaker's model registry."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, select

from registry.database import Connection
from registry.deployment_records import DeploymentDecision
from registry.deployment_rows import DeploymentRow, deployment_row_from
from registry.deployment_tables import approval_write_backs, deployments
from registry.enums import DecisionOutcome
from registry.upserts import insert

_COLUMNS = approval_write_backs.c


@dataclass(frozen=True, slots=True)
class WriteBack:
    """A decision to tell: the deployment as it stands, the attempt that the decision is about, and the decision."""

    deployment: DeploymentRow
    attempt: int
    decision: DeploymentDecision


async def enqueue(connection: Connection, row: DeploymentRow, decision: DeploymentDecision) -> None:
    """Queue the decision about a deployment's present attempt for SageMaker; a repeated call changes nothing."""
    written = insert(connection, approval_write_backs).values(
        deployment_key=row.key,
        attempt=row.attempt,
        outcome=decision.outcome.value,
        decided_by=decision.by,
        decided_at=decision.at,
        comment=decision.comment,
    )
    await connection.execute(written.on_conflict_do_nothing(index_elements=["deployment_key", "attempt"]))


async def pending(connection: Connection, key: str | None = None) -> Sequence[WriteBack]:
    """The decisions that are to be told, of one deployment or of all, the first decided first."""
    condition = [] if key is None else [_COLUMNS.deployment_key == key]
    names = ("attempt", "outcome", "decided_by", "decided_at", "comment")
    told = [_COLUMNS[name].label(f"told_{name}") for name in names]
    statement = select(deployments, *told).select_from(approval_write_backs.join(deployments)).where(*condition)
    return [
        WriteBack(
            deployment_row_from(row),
            row.told_attempt,
            DeploymentDecision(
                DecisionOutcome(row.told_outcome), row.told_decided_by, row.told_decided_at, row.told_comment
            ),
        )
        for row in await connection.execute(statement.order_by(_COLUMNS.decided_at, _COLUMNS.deployment_key))
    ]


async def remove(connection: Connection, key: str, attempt: int) -> bool:
    """Forget a decision that was told, or cannot be; False if that was done before."""
    condition = and_(_COLUMNS.deployment_key == key, _COLUMNS.attempt == attempt)
    return (await connection.execute(delete(approval_write_backs).where(condition))).rowcount > 0
