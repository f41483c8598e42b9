"""The fleet as this process sees it: who lives, with which settings, who leads which loop, and who lacks access."""

import asyncio
import logging
import os
import socket
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from registry import processes
from registry.database import Database
from registry.errors import RegistryError
from registry.process_locks import ProcessLocks
from registry.processes import LOOP_PREFIX, FleetRows, ProcessRow
from workflows.durable.access import AccessLog

PROBE_SECONDS: Final = 60.0
"""Seconds between two tries of what this process has no access to."""

_log = logging.getLogger("sagegraph.fleet")


def process_name() -> str:
    """The name of this process for people: the machine's, which is the pod's, and its number."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """Facts that a process tells the others of itself.

    Attributes:
        name: Its name for people.
        settings: A digest of each block of its settings, without secrets.
        access: What it has no access to.
    """

    name: str = field(default_factory=process_name)
    settings: Mapping[str, str] = field(default_factory=dict)
    access: AccessLog = field(default_factory=AccessLog)


@dataclass(frozen=True, slots=True)
class SettingsDifference:
    """A live process with other settings.

    Attributes:
        process: Its name.
        blocks: The blocks of the settings that differ.
    """

    process: str
    blocks: tuple[str, ...]


class Fleet:
    """Tells the others of this process, and looks at them now and then.

    Attributes:
        id: The id of this process, which holds the leases of loops.
        access: What this process has no access to.
        view: The fleet as it was last seen.
        handed_over: How many pieces of durable work were handed to another process.

    Args:
        database: The registry.
        process_id: The id of this process.
        info: What it tells of itself.
        version: The version of the durable work that it does.
        locks: Tell whether a process of this machine is gone; open for as long as the process lives.
    """

    def __init__(
        self,
        database: Database,
        process_id: str,
        info: ProcessInfo,
        version: str,
        locks: ProcessLocks,
    ) -> None:
        self.id = process_id
        self.access = info.access
        self.view = FleetRows()
        self.handed_over = 0
        self._database = database
        self._info = info
        self._version = version
        self._locks = locks
        self._executor = ""
        self._told_of: frozenset[str] = frozenset()
        self.access.is_left = self.is_left

    async def join(self, executor: str) -> None:
        """Tell of this process, whose first life has this id. Raises RegistryError."""
        self._executor = executor
        row = ProcessRow(
            id=self.id,
            executor=executor,
            name=self._info.name,
            version=self._version,
            settings=self._info.settings,
            has_lock=self._locks.hold(self.id),
            started_at=datetime.now(UTC),
        )
        async with self._database.writing() as connection:
            await processes.register(connection, row)
        await self.refresh()

    def begin_life(self, executor: str) -> None:
        """Publish this process under a new executor id as soon as the database can be written."""
        self._executor = executor
        self.access.changed.set()

    async def leave(self) -> None:
        """Tell that this process ends; a database that is away learns of it with the end of the lease."""
        with suppress(RegistryError):
            async with self._database.writing() as connection:
                await processes.remove(connection, process_id=self.id)

    async def refresh(self) -> None:
        """Look at the fleet, and let the leases of processes end that are known to be gone. Raises RegistryError."""
        async with self._database.reading() as connection:
            view = await processes.fleet(connection)
        gone = [row for row in view.processes.values() if self._is_gone(row)]
        if gone:
            async with self._database.writing() as connection:
                await processes.end_leases(connection, gone)
            _log.warning("These processes died, and their work is resumed: %s", ", ".join(row.name for row in gone))
            async with self._database.reading() as connection:
                view = await processes.fleet(connection)
        self.view = view
        self._log_differences()

    async def run(self, seconds: float) -> None:
        """Publish what this process has no access to as soon as that changes, and look at the fleet every so often."""
        clock = asyncio.get_running_loop().time
        probe_at = clock() + PROBE_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.access.changed.wait()
            try:
                await self._publish()
                await self.refresh()
            except RegistryError as error:
                _log.warning("The fleet cannot be read; the last reading is used: %s", error)
                await asyncio.sleep(seconds)
            if clock() >= probe_at:
                await self.access.probe()
                probe_at = clock() + PROBE_SECONDS

    def others_with_access(self, subjects: Collection[str]) -> tuple[ProcessRow, ...]:
        """The other live processes of this version that have access to all of these, as far as is known; oldest first.

        A process that has not tried yet is among them: it tries, and tells.
        """
        others = (row for row in self.view.processes.values() if row.id != self.id and row.version == self._version)
        able = (row for row in others if not row.faults.keys() & set(subjects))
        return tuple(sorted(able, key=lambda row: (row.started_at, row.id)))

    def is_left(self, subject: str) -> bool:
        """Tell whether this process leaves a subject to others, because it has no access and they may have.

        Where nobody can, everybody goes on trying.
        """
        return subject in self.access.faults and bool(self.others_with_access((subject,)))

    def left_by_leader(self, loop: str) -> frozenset[str]:
        """The subjects that the leader of a loop leaves to others, and this process can take."""
        holder = self.view.loops.get(loop)
        leader = None if holder is None or holder == self.id else self.view.processes.get(holder)
        return frozenset() if leader is None else frozenset(leader.faults.keys() - self.access.faults.keys())

    def has_others(self) -> bool:
        """Tell whether another process lives."""
        return any(id != self.id for id in self.view.processes)

    def holders(self) -> Mapping[str, str]:
        """The names of the processes that hold loops, by the loop's name; for one of an earlier version, its id."""
        known = self.view.processes
        return {loop: known[id].name if id in known else id for loop, id in self.view.loops.items()}

    def settings_differences(self) -> tuple[SettingsDifference, ...]:
        """The live processes whose settings are not those of this one."""
        own = self._info.settings
        rows = sorted((row for row in self.view.processes.values() if row.id != self.id), key=lambda row: row.name)
        found = (
            SettingsDifference(
                row.name,
                tuple(sorted(key for key in {*own, *row.settings} if own.get(key) != row.settings.get(key))),
            )
            for row in rows
        )
        return tuple(difference for difference in found if difference.blocks)

    def _is_gone(self, row: ProcessRow) -> bool:
        return row.has_lock and row.id != self.id and self._locks.is_gone(row.id)

    async def _publish(self) -> None:
        if not self.access.changed.is_set():
            return
        self.access.changed.clear()
        try:
            async with self._database.writing() as connection:
                await processes.set_executor(connection, self.id, self._executor)
                await processes.replace_faults(connection, self.id, list(self.access.faults.values()))
        except RegistryError:
            self.access.changed.set()
            raise

    def _log_differences(self) -> None:
        """Log each process with other settings once."""
        differences = self.settings_differences()
        for difference in differences:
            if difference.process not in self._told_of:
                blocks = ", ".join(difference.blocks)
                _log.warning("The process %s runs with other settings than this one: %s", difference.process, blocks)
        self._told_of = frozenset(difference.process for difference in differences)


def loop_lease(loop: str, subject: str | None = None) -> str:
    """The name of a loop's lease, or of that of one subject that its leader leaves."""
    return LOOP_PREFIX + loop + (f"/{subject}" if subject is not None else "")
