"""Cleanup queue: jobs to stop and endpoints to delete that deployments began and no longer need."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select

from registry.database import Connection
from registry.deployment_tables import deployments, leftovers
from registry.enums import ElementKind
from registry.upserts import insert

_COLUMNS = leftovers.c


@dataclass(frozen=True, slots=True)
class CleanupItem:
    """A job to stop, or an endpoint to delete.

    Attributes:
        deployment_key: The key of the deployment that began it.
        group: The group whose role cleans it up.
        account_id: The AWS account.
        region: The AWS region.
        kind: Its kind, TRANSFORM_JOB or RUNTIME.
        name: Its name.
        left_at: The time at which it was queued.
    """

    deployment_key: str
    group: str
    account_id: str
    region: str
    kind: ElementKind
    name: str
    left_at: datetime


async def enqueue(connection: Connection, deployment_key: str, kind: ElementKind, name: str, at: datetime) -> None:
    """Queue a resource for cleanup; a repeated call sets the time anew.

    Args:
        connection: A transaction.
        deployment_key: The key of the deployment that began it.
        kind: TRANSFORM_JOB or RUNTIME.
        name: The name of the job or endpoint.
        at: The present time.
    """
    written = insert(connection, leftovers).values(
        deployment_key=deployment_key, kind=kind.value, name=name, left_at=at
    )
    again = written.on_conflict_do_update(
        index_elements=["deployment_key", "kind", "name"], set_={"left_at": written.excluded.left_at}
    )
    await connection.execute(again)


async def pending(connection: Connection) -> tuple[CleanupItem, ...]:
    """The queued items, the oldest first."""
    columns = (deployments.c.group_name, deployments.c.account_id, deployments.c.region)
    statement = select(*_COLUMNS, *columns).select_from(leftovers.join(deployments)).order_by(_COLUMNS.left_at)
    return tuple(
        CleanupItem(
            row.deployment_key,
            row.group_name,
            row.account_id,
            row.region,
            ElementKind(row.kind),
            row.name,
            row.left_at,
        )
        for row in await connection.execute(statement)
    )


async def remove(connection: Connection, item: CleanupItem) -> None:
    """Remove an item that was cleaned up, unless it was queued again since."""
    condition = and_(
        _COLUMNS.deployment_key == item.deployment_key,
        _COLUMNS.kind == item.kind.value,
        _COLUMNS.name == item.name,
        _COLUMNS.left_at == item.left_at,
    )
    await connection.execute(delete(leftovers).where(condition))
