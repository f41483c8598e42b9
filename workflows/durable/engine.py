"""Durable work in this process, from the lifespan's beginning to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from concurrency.background import running_beside
from registry.addresses import database_name
from registry.database import Database
from registry.errors import RegistryError
from registry.ids import new_key
from registry.process_locks import ProcessLocks
from registry.processes import EXECUTOR_PREFIX
from workflows.durable.access import LoopShare
from workflows.durable.context import APPLICATION_VERSION, UNOBSERVED_STEPS, StepObserver, WorkflowBody
from workflows.durable.dbos_rows import WorkflowCount, WorkflowRows
from workflows.durable.dbos_tables import dbos_url
from workflows.durable.errors import DurableError, DurableUnavailableError
from workflows.durable.executor import Executor
from workflows.durable.fleet import Fleet, ProcessInfo
from workflows.durable.held_lease import HeldLease
from workflows.durable.leader_loop import LeaderLoop, LoopSpec, LoopStatus, Turn
from workflows.durable.recovery import Recovery
from workflows.durable.timings import USUAL_TIMINGS, EngineTimings

__all__ = ["Engine", "EngineTimings", "WorkflowCount"]

_log = logging.getLogger("sagegraph.durable")


class Engine:
    """Durable work, while the block runs; one at a time in a process, because DBOS is one.

    Entering it raises DurableTablesError, RegistryError, or DurableError where another one is open.

    Args:
        url: The registry's address; DBOS's tables are found from it.
        database: The registry, open.
        bodies: What can be started: by name, a function of a `WorkflowContext` and ids.
        timings: How patient it is.
        version: The version of the work, see `context.py`.
        observer: Hears of each step that ends, for metrics.
        info: What it tells the others of itself.

    Attributes:
        process_id: The id under which this process holds loops' leases.
        loops: How each loop does in this process.
        fleet: The processes that share the database.
        rows: The work of every process, to be counted and deleted.
    """

    def __init__(
        self,
        url: str,
        database: Database,
        bodies: Mapping[str, WorkflowBody],
        timings: EngineTimings = USUAL_TIMINGS,
        version: str = APPLICATION_VERSION,
        observer: StepObserver = UNOBSERVED_STEPS,
        info: ProcessInfo | None = None,
    ) -> None:
        self._url = dbos_url(url)
        self.rows = WorkflowRows(lambda: self._begun_executor.dbos, database_name(url), version)
        self._database = database
        self._bodies = dict(bodies)
        self._timings = timings
        self._version = version
        self._observer = observer
        self.process_id = new_key()
        self._locks = ProcessLocks(url)
        self.fleet = Fleet(database, self.process_id, info or ProcessInfo(), version, self._locks)
        self.loops: list[LoopStatus] = []
        self._ready = asyncio.Event()
        self._closing = asyncio.Event()
        self._executor: Executor | None = None
        self._fault: RegistryError | None = None
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.enter_context(self._locks)
            executor = await self._launch_executor()
            stack.push_async_callback(self.fleet.leave)
            stack.push_async_callback(executor.close, 0)
            await self.fleet.join(executor.id)
            supervising = asyncio.create_task(self._supervise(executor))
            stack.push_async_callback(lambda: supervising)
            stack.push_async_callback(_cancel, asyncio.create_task(self.fleet.run(self._timings.lease / 3)))
            self._exits = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        await self._exits.aclose()

    @property
    def lease(self) -> str:
        """The name of the lease that this process has for as long as it lives. It gets another one after a loss.

        Raises DurableUnavailableError before the process has its first.
        """
        return self._begun_executor.held_lease.lease.name

    @property
    def _begun_executor(self) -> Executor:
        if self._executor is None:
            raise DurableUnavailableError("Durable work has not begun in this process yet; try again.")
        return self._executor

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        """Starts the work of this name, here and at once; where there is some under this id already, nothing happens.

        Raises:
            WorkMismatchError: The id belongs to work of another name, or the name is none.
            DurableUnavailableError: The process is ending, or could not get a lease in time.
            TypeError: The arguments are not JSON.
        """
        await (await self._usable_executor()).start(name, work_id, arguments)

    def every(self, name: str, seconds: float, function: Callable[[], Awaitable[None]]) -> None:
        """Call a function again and again, in one process of the fleet, with a pause of `seconds` in between.

        Its errors are logged. It is cancelled where the process ends, or loses the lease `loop/<name>`.
        """

        async def turn(_share: LoopShare) -> None:
            await function()

        self._begin_loop(name, seconds, turn, by_subject=False)

    def every_share(self, name: str, seconds: float, function: Turn) -> None:
        """Call a function like `every`, for the subjects that this process has access to.

        What this process has no access to, another one does meanwhile; see LeaderLoop.
        """
        self._begin_loop(name, seconds, function, by_subject=True)

    def _begin_loop(self, name: str, seconds: float, turn: Turn, *, by_subject: bool) -> None:
        spec = LoopSpec(name, seconds, turn, by_subject)
        loop = LeaderLoop(self._database, spec, self._timings.lease, self.fleet)
        self.loops.append(loop.status)
        self._exits.push_async_callback(_cancel, asyncio.create_task(loop.run(), name=f"loop/{name}"))

    @property
    def registry_fault(self) -> RegistryError | None:
        """Why the database took no write when this process last renewed its lease; None if it did."""
        return self._fault or (None if self._executor is None else self._executor.held_lease.fault)

    @property
    def is_closing(self) -> bool:
        """True once this process ends."""
        return self._closing.is_set()

    @property
    def is_usable(self) -> bool:
        """Tell whether work may be started here now; not while a lost lease is replaced by a new one."""
        return self._executor is not None and self._executor.usable

    async def _usable_executor(self) -> Executor:
        """The executor, once it may start work."""
        try:
            async with asyncio.timeout(self._timings.start_timeout):
                while not self._closing.is_set():
                    await self._ready.wait()
                    if self._executor is not None and self._executor.usable:
                        return self._executor
                    self._ready.clear()
        except TimeoutError as error:
            raise DurableUnavailableError(
                "This process has lost its lease; it gets a new one, so try again."
            ) from error
        raise DurableUnavailableError("This process is ending; try again.")

    async def _launch_executor(self) -> Executor:
        """A fresh executor, under an id that nobody has had."""
        key = new_key()
        held_lease = await HeldLease.acquire(self._database, EXECUTOR_PREFIX + key, key, self._timings.lease)
        if held_lease is None:
            raise DurableError(f"The lease {EXECUTOR_PREFIX}{key} is taken, although its name is new.")
        executor = Executor(held_lease, self._url, self._bodies, self._version, self.fleet, self._observer)
        try:
            await executor.launch()
        except BaseException:
            await held_lease.release()
            raise
        self._executor = executor
        self._ready.set()
        return executor

    async def _supervise(self, executor: Executor | None) -> None:
        """Go from one executor to the next, as leases are lost, until the process ends."""
        while executor is not None:
            async with running_beside(self._sweep(executor)):
                await executor.held_lease.hold_during(self._closing.wait())
            self._ready.clear()
            if self._closing.is_set():
                await executor.close(self._timings.close_timeout)
                return
            _log.error(
                "The lease of %s is lost; other processes resume its work, and this process gets a new id.",
                executor.id,
            )
            await executor.close(0)
            executor = await self._relaunch_executor()

    async def _sweep(self, executor: Executor) -> None:
        recovery = Recovery(self._database, executor, self._timings.lease, self._timings.dead_after)
        while True:
            try:
                await recovery.sweep()
            except Exception:  # noqa: BLE001 - a watch goes on, whatever it meets; this is its outermost loop.
                _log.exception("The search for work that no process has in hand failed; trying again.")
            await asyncio.sleep(self._timings.lease / 3)

    async def _relaunch_executor(self) -> Executor | None:
        """The next executor, as soon as the database lets it; None where the process ends before."""
        while not self._closing.is_set():
            try:
                executor = await self._launch_executor()
                self.fleet.begin_life(executor.id)
                self._fault = None
                return executor
            except (RegistryError, DurableError) as error:
                self._fault = error if isinstance(error, RegistryError) else None
                _log.warning("Durable work cannot be started again yet; trying again: %s", error)
            await asyncio.sleep(self._timings.lease / 10)
        return None


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))
