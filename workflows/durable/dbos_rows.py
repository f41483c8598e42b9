"""Durable work as DBOS's tables hold it, read and deleted by DBOS's public calls."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dbos import DBOS, WorkflowStatus, WorkflowStatusString

PENDING: Final[str] = WorkflowStatusString.PENDING.value
"""The status of work that a process has in hand."""

ENQUEUED: Final[str] = WorkflowStatusString.ENQUEUED.value
"""The status of work that waits for a process."""

_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


@dataclass(frozen=True, slots=True)
class WorkflowCount:
    """Workflows of one name and version in one state.

    Attributes:
        name: The name of their body.
        status: `PENDING` for those in hand, `ENQUEUED` for those that wait.
        count: Their number.
        oldest: When the oldest was started, in seconds since 1970.
        version: The version of the work, which a process must run to take it up.
    """

    name: str
    status: str
    count: int
    oldest: float
    version: str = ""


async def open_workflows() -> Sequence[WorkflowStatus]:
    """List the work that has not ended, of every version. Raises SQLAlchemyError and DBOSException."""
    return await DBOS.list_workflows_async(status=[PENDING, ENQUEUED], load_input=False, load_output=False)


async def ended_workflows(before: datetime, most: int, skip: int = 0) -> Sequence[str]:
    """List the ids of work that ended before a moment, the first started first.

    Args:
        before: The moment.
        most: The most ids to return.
        skip: The number of ids to leave out before those.

    Raises:
        SQLAlchemyError, DBOSException: The database does not answer.
    """
    rows = await DBOS.list_workflows_async(
        status=_ENDED,
        completed_before=before.isoformat(),
        limit=most,
        offset=skip,
        load_input=False,
        load_output=False,
    )
    return [row.workflow_id for row in rows]


async def delete_workflows(ids: Collection[str]) -> None:
    """Delete work with the outcomes of its steps. Raises SQLAlchemyError and DBOSException."""
    if ids:
        await DBOS.delete_workflows_async(list(ids))
