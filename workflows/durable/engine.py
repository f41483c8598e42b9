"""Durable work in this process, from the lifespan's beginning to its end."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from registry.database import Database
from registry.errors import RegistryError
from registry.ids import new_key
from workflows.durable.errors import DurableError, DurableUnavailableError
from workflows.durable.executor import Executor
from workflows.durable.holding import Holding
from workflows.durable.recovery import PREFIX, Recovery
from workflows.durable.rows import still_open
from workflows.durable.tables import durable_url
from workflows.durable.turns import Turns
from workflows.durable.version import APPLICATION_VERSION
from workflows.durable.work import Body

_log = logging.getLogger("sagegraph.durable")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the engine is, in seconds.

    Attributes:
        lease: How long a process's lease lasts; it is renewed three times in that.
        dead: How long after the end of its lease a process is held to be dead.
        close: What running steps have to end when the process ends; less than half of `lease`.
        wait: How long a start waits for a process that has lost its lease to get a new one.
    """

    lease: float = 30
    dead: float = 60
    close: float = 5
    wait: float = 10


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Work that this process does not take up: it is another version's.

    Attributes:
        version: The version that started it.
        name: The name of its body.
        count: How many pieces there are.
    """

    version: str
    name: str
    count: int


class Engine:
    """Durable work, while the block runs; one at a time in a process, because DBOS is one.

    Entering it raises DurableTablesError, RegistryError, or DurableError where another one is open.

    Args:
        url: The registry's address; DBOS's tables are found from it.
        database: The registry, open.
        bodies: What can be started: by name, a function of a `Work` and ids.
        pace: How patient it is.
        version: The version of the work, see `version.py`.
    """

    def __init__(
        self,
        url: str,
        database: Database,
        bodies: Mapping[str, Body],
        pace: Pace = Pace(),
        version: str = APPLICATION_VERSION,
    ) -> None:
        self._url = durable_url(url)
        self._database = database
        self._bodies = dict(bodies)
        self._pace = pace
        self._version = version
        self._holder = new_key()
        self._loops: list[asyncio.Task[None]] = []
        self._ready = asyncio.Event()
        self._ending = asyncio.Event()
        self._executor: Executor | None = None
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        executor = await self._launched()
        self._watch = asyncio.create_task(self._live(executor))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        for loop in reversed(self._loops):
            loop.cancel()
            await asyncio.wait((loop,))
        if self._watch is not None:
            await self._watch

    @property
    def lease(self) -> str:
        """The name of the lease that this process has for as long as it lives. It gets another one after a loss.

        Raises DurableUnavailableError before the process has its first.
        """
        if self._executor is None:
            raise DurableUnavailableError("Durable work has not begun in this process yet; try again.")
        return self._executor.holding.lease.name

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        """Starts the work of this name, here and at once; where there is some under this id already, nothing happens.

        Raises:
            WorkMismatchError: The id belongs to work of another name, or the name is none.
            DurableUnavailableError: The process is ending, or could not get a lease in time.
            TypeError: The arguments are not JSON.
        """
        await (await self._able()).start(name, work_id, arguments)

    def every(self, name: str, seconds: float, function: Callable[[], Awaitable[None]]) -> None:
        """Calls the function over and over, in one process of all, with so many seconds between; at once for a start.

        Its errors are logged. It is cancelled where the process ends, or loses the lease `loop/<name>`.
        """
        turns = Turns(self._database, name, self._holder, seconds, function, self._pace.lease)
        self._loops.append(asyncio.create_task(turns.run(), name=f"loop/{name}"))

    async def idle(self) -> None:
        """Waits until nothing runs in this process; work that is yet to be taken up does not count."""
        await (await self._able()).idle()

    async def unfinished_elsewhere(self) -> tuple[Unfinished, ...]:
        """Work of versions that this process does not run, for `/readyz`. Raises DurableUnavailableError."""
        await self._able()
        others = Counter((row.version, row.name) for row in await still_open() if row.version != self._version)
        return tuple(Unfinished(version, name, count) for (version, name), count in sorted(others.items()))

    async def _able(self) -> Executor:
        """The executor, once it may start work."""
        try:
            async with asyncio.timeout(self._pace.wait):
                while not self._ending.is_set():
                    await self._ready.wait()
                    if self._executor is not None and self._executor.able:
                        return self._executor
                    self._ready.clear()
        except TimeoutError as error:
            raise DurableUnavailableError(
                "This process has lost its lease; it gets a new one, so try again."
            ) from error
        raise DurableUnavailableError("This process is ending; try again.")

    async def _launched(self) -> Executor:
        """A fresh executor, under an id that nobody has had."""
        key = new_key()
        holding = await Holding.take(self._database, PREFIX + key, key, self._pace.lease)
        if holding is None:
            raise DurableError(f"The lease {PREFIX}{key} is taken, though nobody knows its name.")
        executor = Executor(holding, self._url, self._bodies, self._version)
        try:
            await executor.launch()
        except BaseException:
            await holding.give_back()
            raise
        self._executor = executor
        self._ready.set()
        return executor

    async def _live(self, executor: Executor | None) -> None:
        """Goes from one executor to the next, as leases are lost, until the end."""
        while executor is not None:
            await self._attend(executor)
            self._ready.clear()
            ending = self._ending.is_set()
            if not ending:
                _log.error("The lease of %s is lost; its work is left to others, and a new life begins.", executor.id)
            await executor.close(self._pace.close if ending else 0)
            executor = None if ending else await self._relaunched()

    async def _attend(self, executor: Executor) -> None:
        """Keeps the executor's lease and sweeps, until it is lost or the process ends."""
        tasks = (
            asyncio.create_task(executor.holding.keep()),
            asyncio.create_task(self._ending.wait()),
            asyncio.create_task(self._sweep(executor)),
        )
        await asyncio.wait(tasks[:2], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _sweep(self, executor: Executor) -> None:
        recovery = Recovery(self._database, executor, self._pace.lease, self._pace.dead)
        while True:
            try:
                await recovery.sweep()
            except Exception:  # noqa: BLE001 - a watch goes on, whatever it meets; this is its outermost loop.
                _log.exception("The look for work that nobody has in hand failed; the next one comes all the same.")
            await asyncio.sleep(self._pace.lease / 3)

    async def _relaunched(self) -> Executor | None:
        """The next executor, as soon as the database lets it; None where the process ends before."""
        while not self._ending.is_set():
            try:
                return await self._launched()
            except (RegistryError, DurableError) as error:
                _log.warning("Durable work cannot begin anew yet; trying again: %s", error)
            await asyncio.sleep(self._pace.lease / 10)
        return None
