"""The end of a run: wait for it in any process of the fleet, or record a failure and its audit event."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from registry import audit, import_runs
from registry.database import Connection, Database
from registry.enums import AuditOutcome, ImportRunState
from registry.records import ImportRun


class RunCompletion:
    """The waiters of this process for the ends of runs.

    Args:
        database: The registry; its `changes` announce runs that other processes end.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._events: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._ending: set[str] = set()

    def notify(self, run_key: str) -> None:
        """Wake those who wait for the run with this key, which this process has ended."""
        for event in self._events.get(run_key, ()):
            event.set()

    def is_awaited(self, run_key: str) -> bool:
        """Tell whether anybody waits for this run."""
        return run_key in self._events

    @contextmanager
    def ending(self, run_key: str) -> Iterator[bool]:
        """End a run in the block, and tell whether a caller awaits it; nobody stops waiting within the block."""
        self._ending.add(run_key)
        try:
            yield self.is_awaited(run_key)
        finally:
            self._ending.discard(run_key)
            self.notify(run_key)

    @contextmanager
    def waiter(self, run_key: str) -> Iterator[Callable[[float], Coroutine[Any, Any, bool]]]:
        """Give a function that waits up to so many seconds for the end of the run with this key.

        It returns True if the run has ended.
        """
        event = asyncio.Event()
        self._events[run_key].add(event)
        unwatch = self._database.changes.watch("ImportRun", run_key, lambda _key: event.set())
        try:
            yield partial(self._wait, run_key, event)
        finally:
            unwatch()
            self._events[run_key].discard(event)
            if not self._events[run_key]:
                del self._events[run_key]

    async def _wait(self, run_key: str, event: asyncio.Event, seconds: float) -> bool:
        until = asyncio.get_running_loop().time() + seconds
        while True:
            event.clear()
            if not await is_running(self._database, run_key):
                return True
            try:
                async with asyncio.timeout_at(until):
                    await event.wait()
            except TimeoutError:
                if run_key not in self._ending:
                    return False
                await event.wait()


async def is_running(database: Database, run_key: str) -> bool:
    """Tell whether the run with this key is still under way."""
    async with database.reading() as connection:
        run = await import_runs.by_key(connection, run_key)
    return run is not None and run.state is ImportRunState.RUNNING


async def fail_run(connection: Connection, run_key: str, message: str, *, awaited: bool) -> None:
    """End a run as failed, with the reason as its phase; one that has ended stays as it is.

    Args:
        connection: A transaction.
        run_key: The run's key.
        message: The reason, for people.
        awaited: True if the mutation that started it still waits, and appends the audit event itself.
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
