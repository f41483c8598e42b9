"""Counts of work that has not ended, by kind, state and group: one statement, which reads only open work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Text, func, literal, literal_column, select, union_all

from registry import leases
from registry.column_types import Moment
from registry.database import Connection
from registry.deployment_tables import deployments, leftovers, tickets
from registry.queries import group_counts
from registry.tables import import_runs, webhook_deliveries

_GROUP: Final = deployments.c.group_name
_IMPORTS: Final = import_runs.c
_DELIVERIES: Final = webhook_deliveries.c
_NO_GROUP: Final = literal_column("'none'", Text)


@dataclass(frozen=True, slots=True)
class WorkCount:
    """Pieces of work of one kind, in one state, of one group.

    Attributes:
        kind: `deployment`, `import`, `ticket` (to be filed), `cleanup` (a job to stop, an endpoint to delete) or
            `webhook` (a delivery under way).
        state: The state of a deployment or import run, the kind of a ticket or of a resource to clean up, or the event
            of a delivery.
        group: The group whose work it is; `none` for a delivery.
        count: The number of pieces.
        oldest: The time since which the oldest piece has been in this state.
    """

    kind: str
    state: str
    group: str
    count: int
    oldest: datetime


async def work_counts(connection: Connection) -> tuple[WorkCount, ...]:
    """Count the open work of all groups."""
    statements = (
        group_counts([deployments.c.state, _GROUP], deployments.c.since).where(deployments.c.active_key.is_not(None)),
        group_counts([_IMPORTS.state, _IMPORTS.group_name], _IMPORTS.started_at).where(
            _IMPORTS.active_key.is_not(None)
        ),
        group_counts([tickets.c.kind, _GROUP], tickets.c.intended_at)
        .select_from(tickets.join(deployments))
        .where(tickets.c.filed_at.is_(None), tickets.c.closed_at.is_(None)),
        group_counts([leftovers.c.kind, _GROUP], leftovers.c.left_at).select_from(leftovers.join(deployments)),
        select(_DELIVERIES.event, _NO_GROUP, func.count(), func.min(_DELIVERIES.created_at, type_=Moment)).group_by(
            _DELIVERIES.event
        ),
    )
    kinds = ("deployment", "import", "ticket", "cleanup", "webhook")
    every = union_all(
        *(statement.add_columns(literal(kind)) for kind, statement in zip(kinds, statements, strict=True))
    )
    rows = await connection.execute(every)
    return tuple(WorkCount(kind, state, group, count, oldest) for state, group, count, oldest, kind in rows)


async def loop_holders(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The name of each held lease of a loop, and the id of the process that holds it."""
    return await leases.holders(connection, "loop/")
