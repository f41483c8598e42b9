"""Durable work in this process, from the lifespan's beginning to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from dbos import error as dbos_errors

from registry.addresses import database_name
from registry.database import Database
from registry.errors import RegistryError, translated_errors
from registry.ids import new_key
from registry.process_locks import ProcessLocks
from workflows.durable.access import LoopShare
from workflows.durable.context import APPLICATION_VERSION, UNOBSERVED_STEPS, StepObserver, WorkflowBody
from workflows.durable.dbos_internals import count_open_workflows
from workflows.durable.dbos_rows import WorkflowCount, delete_workflows, ended_workflows
from workflows.durable.dbos_tables import dbos_url
from workflows.durable.errors import DurableError, DurableUnavailableError
from workflows.durable.executor import Executor
from workflows.durable.fleet import Fleet, ProcessInfo
from workflows.durable.held_lease import HeldLease
from workflows.durable.leader_loop import LeaderLoop, LoopSpec, LoopStatus, Turn
from workflows.durable.recovery import EXECUTOR_LEASE_PREFIX, Recovery, hand_over_work
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
        self._database = database
        self._bodies = dict(bodies)
        self._timings = timings
        self._version = version
        self._observer = observer
        self.process_id = new_key()
        self._locks = ProcessLocks(url)
        self.fleet = Fleet(database, self.process_id, info or ProcessInfo(), version, self._locks)
        self._loops: list[asyncio.Task[None]] = []
        self.loops: list[LoopStatus] = []
        self._ready = asyncio.Event()
        self._closing = asyncio.Event()
        self._executor: Executor | None = None
        self._fault: RegistryError | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.enter_context(self._locks)
            executor = await self._launch_executor()
            stack.push_async_callback(executor.close, 0)
            await self.fleet.join(executor.id)
            self._supervisor = asyncio.create_task(self._supervise(executor))
            self._watching = asyncio.create_task(self.fleet.run(self._timings.lease / 3))
            stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for loop in reversed(self._loops):
            loop.cancel()
            await asyncio.wait((loop,))
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait((self._watching,))
        if self._supervisor is not None:
            await self._supervisor
        await self.fleet.leave()
        self._locks.__exit__(kind, error, trace)

    @property
    def lease(self) -> str:
        """The name of the lease that this process has for as long as it lives. It gets another one after a loss.

        Raises DurableUnavailableError before the process has its first.
        """
        if self._executor is None:
            raise DurableUnavailableError("Durable work has not begun in this process yet; try again.")
        return self._executor.held_lease.lease.name

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
        loop = LeaderLoop(self._database, spec, self.process_id, self._timings.lease, self.fleet)
        self.loops.append(loop.status)
        self._loops.append(asyncio.create_task(loop.run(), name=f"loop/{name}"))

    async def idle(self) -> None:
        """Waits until nothing runs in this process; work that is yet to be taken up does not count."""
        await (await self._usable_executor()).idle()

    async def unfinished_elsewhere(self) -> tuple[WorkflowCount, ...]:
        """Count the open work of versions that this process does not run, for `/readyz`.

        Raises:
            DurableUnavailableError: The process is ending, or could not get a lease in time.
            RegistryError: The database does not answer.
        """
        await self._usable_executor()
        return tuple(work for work in await self.count_open() if work.version != self._version)

    async def ended_before(self, moment: datetime, most: int, skip: int) -> Sequence[str]:
        """The ids of work that ended before a moment, at most `most`, behind the first `skip`.

        Raises as `unfinished_elsewhere` does.
        """
        await self._usable_executor()
        with self._translated_errors():
            return await ended_workflows(moment, most, skip)

    async def forget(self, ids: Collection[str]) -> None:
        """Delete ended work; an id that is deleted can be started again. Raises as `unfinished_elsewhere` does."""
        await self._usable_executor()
        with self._translated_errors():
            await delete_workflows(ids)

    async def count_open(self) -> tuple[WorkflowCount, ...]:
        """Count the work that has not ended, of every process, by name, state and version.

        Raises:
            DurableUnavailableError: No durable work runs in this process now.
            RegistryError: The database does not answer.
        """
        if self._executor is None:
            raise DurableUnavailableError("Durable work has not begun in this process yet; try again.")
        with self._translated_errors():
            return await count_open_workflows(self._executor.dbos)

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            with translated_errors(database_name(self._url)):
                yield
        except dbos_errors.DBOSException as error:
            raise DurableUnavailableError("DBOS's tables cannot be read now; try again.") from error

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
        held_lease = await HeldLease.acquire(self._database, EXECUTOR_LEASE_PREFIX + key, key, self._timings.lease)
        if held_lease is None:
            raise DurableError(f"The lease {EXECUTOR_LEASE_PREFIX}{key} is taken, although its name is new.")
        executor = Executor(held_lease, self._url, self._bodies, self._version, self._observer, self._hand_over)
        try:
            await executor.launch()
        except BaseException:
            await held_lease.release()
            raise
        self._executor = executor
        self._ready.set()
        return executor

    async def _supervise(self, executor: Executor | None) -> None:
        """Goes from one executor to the next, as leases are lost, until the end."""
        while executor is not None:
            await self._hold_lease(executor)
            self._ready.clear()
            ending = self._closing.is_set()
            if not ending:
                _log.error(
                    "The lease of %s is lost; other processes resume its work, and this process gets a new id.",
                    executor.id,
                )
            await executor.close(self._timings.close_timeout if ending else 0)
            executor = None if ending else await self._relaunch_executor()

    async def _hold_lease(self, executor: Executor) -> None:
        """Keeps the executor's lease and sweeps, until it is lost or the process ends."""
        tasks = (
            asyncio.create_task(executor.held_lease.keep_renewing()),
            asyncio.create_task(self._closing.wait()),
            asyncio.create_task(self._sweep(executor)),
        )
        await asyncio.wait(tasks[:2], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

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

    async def _hand_over(self, work_id: str, subjects: Collection[str]) -> bool:
        """Give work to a process that may have access to what it needs; see `HandOver`."""
        return self._executor is not None and await hand_over_work(self.fleet, self._executor, work_id, subjects)
