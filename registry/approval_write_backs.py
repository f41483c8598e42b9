"""Queue of decisions about deployments that SageMaker's model registry has yet to get."""

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
    """A decision to write to SageMaker's model registry.

    Attributes:
        deployment: The deployment in its present state.
        attempt: The attempt that the decision is about; a later one may have begun.
        decision: The decision.
    """

    deployment: DeploymentRow
    attempt: int
    decision: DeploymentDecision


async def enqueue(connection: Connection, row: DeploymentRow, decision: DeploymentDecision) -> None:
    """Queue the decision about the present attempt of the deployment `row`; a repeated call changes nothing."""
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
    """The queued decisions, the oldest first: of the deployment `key`, or of all deployments if it is None."""
    condition = [] if key is None else [_COLUMNS.deployment_key == key]
    names = ("attempt", "outcome", "decided_by", "decided_at", "comment")
    decided = [_COLUMNS[name].label(f"told_{name}") for name in names]
    statement = select(deployments, *decided).select_from(approval_write_backs.join(deployments)).where(*condition)
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
    """Remove the decision about an attempt of the deployment `key` from the queue; False if it was not there."""
    condition = and_(_COLUMNS.deployment_key == key, _COLUMNS.attempt == attempt)
    return (await connection.execute(delete(approval_write_backs).where(condition))).rowcount > 0
