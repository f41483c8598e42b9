"""Feed of changes by other processes: LISTEN on PostgreSQL, a poll on SQLite and behind poolers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from concurrency.background import running_beside
from registry.changes import ANY, CHANNEL, RecordChange, RecordChanges, RecordType, parse_notification, send_probe
from registry.database import Database
from registry.deployment_tables import deployments
from registry.enums import ImportRunState
from registry.errors import RegistryError
from registry.ids import new_key
from registry.tables import import_runs

POLL_SECONDS: Final = 1.0
"""The time between two polls, and between two tries to reach a database that does not answer."""

HEARD_SECONDS: Final = 5.0
"""The most time for a notification of this process's own. Poolers in transaction mode lose all notifications."""

RECENT: Final = timedelta(minutes=10)
"""Records that have ended within this time are polled, too."""

States = Mapping[RecordChange, tuple[Any, ...]]
"""The states of records that may change: the columns of each record that are compared."""

_log = logging.getLogger("sagegraph.registry")


class ChangeFeed:
    """Announces changes of records by other processes, while anybody in this process watches records.

    Args:
        database: The registry; changes are announced to its `changes`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes: RecordChanges = database.changes
        self._wanted = asyncio.Event()
        self._ready = asyncio.Event()
        self._known: States | None = None
        self._is_deaf = not database.is_postgres

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ChangeFeed"]:
        """Run the feed until the block ends."""
        self._changes.on_first = self._wanted.set
        try:
            async with running_beside(self._run()):
                yield self
        finally:
            self._changes.on_first = lambda: None

    async def ready(self, seconds: float = 5.0) -> None:
        """Wait until no change after this moment can be missed, at most `seconds`.

        The wait ends with a warning in the log if the database does not answer.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._ready.wait()
        except TimeoutError:
            _log.warning("The registry's changes are not received yet; they are once the database answers.")

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                await (self._poll() if self._is_deaf else self._listen())
            except RegistryError as error:
                _log.warning("The registry's changes are not received for now: %s", error)
            except Exception as error:  # noqa: BLE001 - a driver's error, whose message may hold an address.
                _log.warning("The registry's changes are not received for now (%s).", type(error).__name__)
            self._ready.clear()
            if not self._changes:
                self._wanted.clear()
                self._known = None
            else:
                await asyncio.sleep(POLL_SECONDS)

    async def _listen(self) -> None:
        """Announce PostgreSQL's notifications while anybody watches; changes since the last look come first.

        It ends early if no notification arrives, not even its own: changes are polled from then on.
        """
        async with self._database.listening() as driver:
            await driver.execute(f"LISTEN {CHANNEL}")
            await self._catch_up()
            self._ready.set()
            probe, heard = f"Probe:{new_key()}", False
            async with self._database.writing() as connection:
                await send_probe(connection, probe)
            until = asyncio.get_running_loop().time() + HEARD_SECONDS
            while self._changes:
                async for notification in driver.notifies(timeout=POLL_SECONDS):
                    if notification.payload == probe:
                        heard = True
                    elif (change := parse_notification(notification.payload)) is not None:
                        self._changes.announce([change])
                if not heard and asyncio.get_running_loop().time() >= until:
                    self._is_deaf = True
                    _log.warning(
                        "PostgreSQL's notifications do not arrive, which a pooler may cause; changes are polled."
                    )
                    return

    async def _poll(self) -> None:
        """Announce the differences from the previous look, while anybody watches."""
        version = None
        while self._changes:
            # A file's times show writes of any process, and cost no statement.
            if (seen := self._database.file_version()) is None or seen != version:
                await self._catch_up()
                version = seen
            self._ready.set()
            await asyncio.sleep(POLL_SECONDS)

    async def _catch_up(self) -> None:
        """Announce records whose states differ from the known ones; on the first look, the watched records.

        So no change is missed between the beginning of a watch and that of the feed. The states of registrations are
        not read: any of them may have changed.
        """
        async with self._database.reading() as connection:
            states = await _states(connection)
        known, self._known = self._known, states
        self._changes.announce([RecordChange("Registration", ANY)])
        if known is None:
            self._changes.announce_watched()
        else:
            # A record that is no longer read ended more than `RECENT` ago, by the clock of the process that ended it.
            every = {**known, **states}
            self._changes.announce([change for change in every if known.get(change) != states.get(change)])


async def _states(connection: AsyncConnection) -> States:
    """Read the states of records that are under way, or have ended lately."""
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
