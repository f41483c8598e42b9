"""Hear of changes that other processes make: by LISTEN on PostgreSQL, by a poll on SQLite."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from concurrency.background import running_beside
from registry.changes import CHANNEL, RecordChange, RecordChanges, RecordType, parse_notification
from registry.database import Database
from registry.deployment_tables import deployments
from registry.enums import ImportRunState
from registry.errors import RegistryError
from registry.tables import import_runs

POLL_SECONDS: Final = 1.0
"""The time between two looks at SQLite, and between two tries to reach a database that is away."""

RECENT: Final = timedelta(minutes=10)
"""What has ended within this time is looked at, too."""

States = Mapping[RecordChange, tuple[Any, ...]]
"""The states of records that may change, as far as a row tells them."""

_log = logging.getLogger("sagegraph.registry")


class ChangeFeed:
    """Announces the changes of records that other processes make, while anybody in this one waits for them.

    Args:
        database: The registry; its `changes` are announced to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes: RecordChanges = database.changes
        self._wanted = asyncio.Event()
        self._ready = asyncio.Event()
        self._known: States | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ChangeFeed"]:
        """Feed while the block runs."""
        self._changes.on_first = self._wanted.set
        try:
            async with running_beside(self._run()):
                yield self
        finally:
            self._changes.on_first = lambda: None

    async def ready(self, seconds: float = 5.0) -> None:
        """Wait until no change after this moment is missed, or until the time is up: the database may be away."""
        try:
            async with asyncio.timeout(seconds):
                await self._ready.wait()
        except TimeoutError:
            _log.warning("The registry's changes are not heard yet; they are told once the database answers.")

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                await (self._listen() if self._database.is_postgres else self._poll())
            except RegistryError as error:
                _log.warning("The registry's changes are not heard for now: %s", error)
            except Exception as error:  # noqa: BLE001 - of the driver, whose words may hold an address.
                _log.warning("The registry's changes are not heard for now (%s).", type(error).__name__)
            self._ready.clear()
            if not self._changes:
                self._wanted.clear()
                self._known = None
            else:
                await asyncio.sleep(POLL_SECONDS)

    async def _listen(self) -> None:
        """Announce what PostgreSQL notifies of, until nobody waits for it; what was missed before comes first."""
        async with self._database.listening() as driver:
            await driver.execute(f"LISTEN {CHANNEL}")
            await self._catch_up()
            self._ready.set()
            while self._changes:
                async for notification in driver.notifies(timeout=POLL_SECONDS):
                    change = parse_notification(notification.payload)
                    if change is not None:
                        self._changes.announce([change])

    async def _poll(self) -> None:
        """Announce what differs from the look before, until nobody waits for it."""
        version = None
        while self._changes:
            # The file's times tell of writes of any process, and cost no statement.
            if (seen := self._database.file_version()) != version:
                await self._catch_up()
                version = seen
            self._ready.set()
            await asyncio.sleep(POLL_SECONDS)

    async def _catch_up(self) -> None:
        """Announce the records whose states differ from those that are known."""
        async with self._database.reading() as connection:
            states = await _states(connection)
        known, self._known = self._known, states
        if known is not None:
            # One that is not read any more has ended, and some time ago by the clock of the process that says so.
            every = {**known, **states}
            self._changes.announce([change for change in every if known.get(change) != states.get(change)])


async def _states(connection: AsyncConnection) -> States:
    """Read the states of records that go on, or have ended lately."""
    since = datetime.now(UTC) - RECENT
    run, deployment = import_runs.c, deployments.c
    runs = select(run.key, run.state, run.phase, run.done, run.total, run.registration_key).where(
        (run.state == ImportRunState.RUNNING.value) | (run.ended_at > since)
    )
    going = select(
        deployment.key,
        deployment.state,
        deployment.attempt,
        deployment.since,
        deployment.reason,
        deployment.runtime_name,
    ).where(deployment.ended_at.is_(None) | (deployment.ended_at > since))
    return {**await _by_change(connection, "ImportRun", runs), **await _by_change(connection, "Deployment", going)}


async def _by_change(connection: AsyncConnection, type_name: RecordType, statement: Any) -> States:
    return {RecordChange(type_name, row[0]): tuple(row) for row in await connection.execute(statement)}
