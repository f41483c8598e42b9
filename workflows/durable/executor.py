"""DBOS in this process, under an id that lives as long as its lease: starts work and runs it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowStatus
from dbos import error as dbos_errors

from registry.addresses import database_name
from registry.errors import RegistryError, translated_errors
from workflows.durable import dbos_internals
from workflows.durable.context import UNOBSERVED_STEPS, StepObserver, WorkflowBody, WorkflowContext
from workflows.durable.dbos_tables import connect_args, quiet_dbos
from workflows.durable.errors import DurableError, DurableTablesError, DurableUnavailableError, WorkMismatchError
from workflows.durable.fleet import Fleet
from workflows.durable.held_lease import HeldLease
from workflows.durable.serialization import JSONSerializer, as_json_value

_log = logging.getLogger("sagegraph.durable")

# DBOS makes these threads the event loop's own, for its statements and for whatever else the loop runs in threads.
_THREADS = 16
# Connections to its tables; each statement of DBOS's is short.
_CONNECTIONS = 5
# DBOS's threads that look for messages, which nobody here sends, look up this often (seconds), also to see that they
# are to end.
_LISTEN_INTERVAL = 0.2


@dataclass(eq=False)
class Executor:
    """One life of DBOS in this process: a process that has lost its lease begins another one, under another id.

    Attributes:
        held_lease: The lease `executor/<id>`.
        url: Where DBOS's tables are, see `dbos_tables.dbos_url`.
        bodies: What can be started, by name.
        version: The version of the work, see `context.py`.
        fleet: The processes that work is handed to if this one lacks access to what it needs.
        observer: Hears of each step that ends.
    """

    held_lease: HeldLease
    url: str
    bodies: Mapping[str, WorkflowBody]
    version: str
    fleet: Fleet
    observer: StepObserver = UNOBSERVED_STEPS
    _workflows: dict[str, Callable[..., Any]] = field(default_factory=dict, init=False)
    _starting: dict[asyncio.Task[None], str] = field(default_factory=dict, init=False)
    _closing: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _dbos: DBOS | None = field(default=None, init=False)

    @property
    def id(self) -> str:
        """The id that DBOS keeps with the work in hand here."""
        return self.held_lease.lease.holder

    @property
    def dbos(self) -> DBOS:
        """DBOS itself, for `dbos_rows.py`. Raises DurableUnavailableError where it is not running."""
        if self._dbos is None:
            raise DurableUnavailableError("No durable work runs in this process now; try again.")
        return self._dbos

    @property
    def running_ids(self) -> frozenset[str]:
        """The ids of the work that this process has in hand, or is about to have."""
        return dbos_internals.running_ids(self.dbos) | frozenset(self._starting.values())

    @property
    def usable(self) -> bool:
        """Tell whether work may be started, and steps of it."""
        return not self._closing.is_set() and self.held_lease.alive

    def guard(self) -> None:
        """Raises CancelledError where no step may be started here. DBOS then writes no outcome: the work stays open."""
        if not self.usable:
            raise asyncio.CancelledError("This process starts no more steps; another one goes on with the work.")

    async def launch(self) -> None:
        """Starts DBOS on the running loop. Runs no migration.

        Raises:
            DurableError: There is one in this process already.
            DurableTablesError: Its tables are missing or of an earlier version.
        """
        quiet_dbos()
        dbos = DBOS(config=self._config())
        if DBOS.executor_id != self.id:  # DBOS exists once in a process, and gives the one that exists.
            raise DurableError("Durable work is open in this process already; close that engine before another starts.")
        try:
            self._workflows = {name: self._registered(name, body) for name, body in self.bodies.items()}
            dbos_internals.resume_on_this_loop(dbos)
            with translated_errors(database_name(self.url)):
                await _uncancellable(asyncio.to_thread(DBOS.launch))
            dbos_internals.end_polling(dbos)
        except BaseException as error:
            await self._destroy()
            if isinstance(error, dbos_errors.DBOSInitializationError):
                raise DurableTablesError(
                    "The tables of durable work are missing or out of date; run `python -m gateway migrate "
                    "--config FILE` first."
                ) from error
            raise
        self._dbos = dbos

    async def start(self, name: str, work_id: str, arguments: tuple[Any, ...]) -> None:
        """Start work, unless work of this id exists; it starts even if the caller is cancelled meanwhile.

        It is nobody's request: nothing of the caller's context goes with it.

        Raises:
            WorkMismatchError: No body has this name, or the id belongs to work of another name.
            DurableUnavailableError: The process is ending, or has lost its lease.
            RegistryError: The database does not answer.
        """
        workflow = self._workflows.get(name)
        if workflow is None:
            raise WorkMismatchError(f"No work is named `{name}`; choose one of {', '.join(sorted(self._workflows))}.")
        if not self.usable:
            raise DurableUnavailableError("This process starts no more work; try again.")
        starting = asyncio.get_running_loop().create_task(
            self._start(workflow, work_id, as_json_value(arguments)), context=Context()
        )
        self._starting[starting] = work_id
        starting.add_done_callback(self._started)
        await asyncio.shield(starting)

    async def take(self, workflows: Collection[WorkflowStatus]) -> Collection[str]:
        """Run work here that no process has in hand; see `dbos_internals.take`."""
        return await dbos_internals.take(self.dbos, workflows, self.id, self.version) if workflows else ()

    async def close(self, seconds: float) -> None:
        """Start nothing more, wait `seconds` for running steps, and give the lease back; others resume the rest.

        To close it again changes nothing.
        """
        self._closing.set()
        if self._dbos is None:
            return
        if self._starting:
            await asyncio.wait(self._starting)
        await self._end_tasks(seconds)
        await self._destroy()
        await self.held_lease.release()

    async def _start(self, workflow: Callable[..., Any], work_id: str, arguments: list[Any]) -> None:
        try:
            with SetWorkflowID(work_id), translated_errors(database_name(self.url)):
                await DBOS.start_workflow_async(workflow, *arguments)
        except dbos_errors.DBOSConflictingWorkflowError as error:
            raise WorkMismatchError(f"The id `{work_id}` belongs to work of another name.") from error

    def _started(self, starting: asyncio.Task[None]) -> None:
        del self._starting[starting]
        if not starting.cancelled():
            # Whoever waited may have left; a failure that nobody waits for is not worth a warning of asyncio's.
            starting.exception()

    def _registered(self, name: str, body: WorkflowBody) -> Callable[..., Any]:
        """The body as DBOS knows it; what it raises is logged whole by DBOS, and kept as ERROR."""
        context = partial(
            WorkflowContext,
            guard=self.guard,
            closing=self._closing,
            hand_over=self._hand_over,
            name=name,
            observer=self.observer,
        )

        async def run(*arguments: Any) -> None:
            self.guard()
            await body(context(str(DBOS.workflow_id)), *arguments)

        return DBOS.workflow(name=name)(run)

    async def _hand_over(self, work_id: str, subjects: Collection[str]) -> bool:
        """Give work in hand to the oldest process that may have access to subjects; False if there is none."""
        try:
            await self.fleet.refresh()
            others = self.fleet.others_with_access(subjects)
            with translated_errors(database_name(self.url)):
                moved = bool(others) and await dbos_internals.hand_over(self.dbos, work_id, self.id, others[0].executor)
        except (RegistryError, DurableError) as error:
            _log.warning("The work %s cannot be handed over: %s", work_id, error)
            return False
        if moved:
            self.fleet.handed_over += 1
            _log.warning(
                "The work %s is handed over to the process %s, which may have access.", work_id, others[0].name
            )
        return moved

    async def _end_tasks(self, seconds: float) -> None:
        """Lets work end by itself, at its next step or its end, for so long; what is in a step still is cancelled."""
        tasks = dbos_internals.running_tasks(self.dbos)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.wait(tasks)

    async def _destroy(self) -> None:
        """Ends DBOS and its threads. The loop gets threads of its own again: those that DBOS gave it end now."""
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(thread_name_prefix="asyncio")
        loop.set_default_executor(threads)
        await _uncancellable(asyncio.to_thread(partial(DBOS.destroy, destroy_registry=True)))
        if self._dbos is not None:
            # Work that was taken up at the last moment has begun no step.
            await self._end_tasks(0)
        loop.set_default_executor(threads)
        self._dbos = None

    def _config(self) -> DBOSConfig:
        return DBOSConfig(
            name="sagegraph",
            system_database_url=self.url,
            run_migrations=False,
            application_version=self.version,
            executor_id=self.id,
            max_executor_threads=_THREADS,
            sys_db_pool_size=_CONNECTIONS,
            # A statement's parameters are no line for a log.
            db_engine_kwargs={"hide_parameters": True, "connect_args": connect_args(self.url, "sagegraph-durable")},
            # Nobody here waits for messages or events, and a pooler in transaction mode forgets a LISTEN.
            use_listen_notify=False,
            serializer=JSONSerializer(),
            log_level="WARNING",
            notification_listener_polling_interval_sec=_LISTEN_INTERVAL,
        )


async def _uncancellable(awaitable: Awaitable[None]) -> None:
    """Waits for what cannot be broken off, and is cancelled only after it."""
    task = asyncio.ensure_future(awaitable)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
