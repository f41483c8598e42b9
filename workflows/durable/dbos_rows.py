"""Durable work as DBOS's tables hold it, read and deleted by DBOS's public calls."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dbos import DBOS, WorkflowStatus, WorkflowStatusString
from dbos import error as dbos_errors

from registry.errors import translated_errors
from workflows.durable.dbos_internals import count_workflows
from workflows.durable.errors import DurableUnavailableError

PENDING: Final[str] = WorkflowStatusString.PENDING.value
"""The status of work that a process has in hand."""

ENQUEUED: Final[str] = WorkflowStatusString.ENQUEUED.value
"""The status of work that waits for a process."""

GIVEN_UP: Final[str] = WorkflowStatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED.value
"""The status of work that DBOS has given up: it has ended for DBOS, though its deployment, run or ticket has not."""

_OPEN: Final = [PENDING, ENQUEUED]
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", GIVEN_UP]


@dataclass(frozen=True, slots=True)
class WorkflowCount:
    """Workflows of one name and version in one state.

    Attributes:
        name: The name of their body.
        status: `PENDING` for those in hand, `ENQUEUED` for those that wait, `MAX_RECOVERY_ATTEMPTS_EXCEEDED` for those
            that were given up.
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
    return await DBOS.list_workflows_async(status=_OPEN, load_input=False, load_output=False)


@dataclass(frozen=True, slots=True)
class WorkflowRows:
    """The work of every process, while durable work runs in this one.

    Each method raises RegistryError if the database does not answer, and DurableUnavailableError if no durable work
    runs in this process now.

    Attributes:
        dbos: Gives DBOS; raises DurableUnavailableError if it does not run.
        database: The database in words, for errors.
        version: The version of the work that this process does.
    """

    dbos: Callable[[], DBOS]
    database: str
    version: str

    async def count_open(self) -> tuple[WorkflowCount, ...]:
        """Count the work that has not ended, and that which was given up, by name, state and version."""
        with self._translated_errors():
            rows = await count_workflows(self.dbos(), [*_OPEN, GIVEN_UP])
        counts = (
            WorkflowCount(name, status, n, (oldest or 0) / 1000, version or "")
            for name, status, version, n, oldest in rows
        )
        return tuple(sorted(counts, key=lambda work: (work.name, work.status, work.version)))

    async def count_foreign(self) -> tuple[WorkflowCount, ...]:
        """Count the open work of versions that this process does not run, for `/readyz`; none that was given up."""
        counts = await self.count_open()
        return tuple(work for work in counts if work.version != self.version and work.status != GIVEN_UP)

    async def ended_before(self, moment: datetime, most: int, skip: int) -> Sequence[str]:
        """The ids of work that ended before a moment, at most `most`, behind the first `skip`; first started first."""
        with self._translated_errors():
            rows = await DBOS.list_workflows_async(
                status=_ENDED,
                completed_before=moment.isoformat(),
                limit=most,
                offset=skip,
                load_input=False,
                load_output=False,
            )
        return [row.workflow_id for row in rows]

    async def forget(self, ids: Collection[str]) -> None:
        """Delete ended work with the outcomes of its steps; an id that is deleted can be started again."""
        if ids:
            with self._translated_errors():
                await DBOS.delete_workflows_async(list(ids))

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            with translated_errors(self.database):
                yield
        except dbos_errors.DBOSException as error:
            raise DurableUnavailableError("No durable work runs in this process now; try again.") from error
