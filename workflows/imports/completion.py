"""The end of a run: notify local waiters, or record a failure and its audit event."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from registry import audit, import_runs
from registry.database import Connection
from registry.enums import AuditOutcome, ImportRunState
from registry.records import ImportRun


class RunCompletion:
    """The waiters of this process for the ends of runs."""

    def __init__(self) -> None:
        self._events: dict[str, set[asyncio.Event]] = defaultdict(set)

    def notify(self, run_key: str) -> None:
        """Tells everybody who waits for this run."""
        for event in self._events.get(run_key, ()):
            event.set()

    def is_awaited(self, run_key: str) -> bool:
        """Tell whether anybody waits for this run."""
        return run_key in self._events

    @contextmanager
    def waiter(self, run_key: str) -> Iterator[Callable[[float], Awaitable[None]]]:
        """Give a function that waits for the run's end in this process, for at most so many seconds."""
        event = asyncio.Event()
        self._events[run_key].add(event)
        try:
            yield lambda seconds: _wait_for(event, seconds)
        finally:
            self._events[run_key].discard(event)
            if not self._events[run_key]:
                del self._events[run_key]


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


async def fail_run(connection: Connection, run_key: str, message: str, *, awaited: bool) -> None:
    """Ends a run as failed, with the reason as its phase; nothing changes about one that has ended.

    Args:
        connection: A transaction.
        run_key: Its key.
        message: The reason, for people.
        awaited: Whether the change that started it is still waiting, and will itself tell the audit.
    """
    if not await import_runs.finish(connection, run_key, ImportRunState.FAILED, message, datetime.now(UTC)) or awaited:
        return
    if (run := await import_runs.by_key(connection, run_key)) is not None:
        await audit.append(connection, _failed_event(run))


def _failed_event(run: ImportRun) -> audit.NewAuditEvent:
    return audit.NewAuditEvent(
        at=datetime.now(UTC),
        actor=run.started_by,
        group=run.group,
        action="import.fail",
        target=f"ImportRun {run.id}",
        outcome=AuditOutcome.FAILED,
        detail=f"The import of {run.model_name} failed: {run.phase}",
    )
