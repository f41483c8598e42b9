"""Engines on a test's database, and the work `pair` for them to do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from registry.database import Database
from registry.process_locks import ProcessLocks
from workflows.durable.context import UNOBSERVED_STEPS, StepObserver, WorkflowBody, WorkflowContext
from workflows.durable.dbos_internals import running_tasks
from workflows.durable.engine import Engine, EngineTimings
from workflows.durable.fleet import Fleet, ProcessInfo

PACE = EngineTimings(lease=30, dead_after=60, close_timeout=0.2, start_timeout=5)
# Looks after what is lost, and after the dead, ten times a second.
QUICK = EngineTimings(lease=3, dead_after=0.5, close_timeout=0.2, start_timeout=20)


def no_fleet(url: str, database: Database, process_id: str = "one") -> Fleet:
    """The fleet of a process that knows of no other one."""
    return Fleet(database, process_id, ProcessInfo(), "1", ProcessLocks(url))


@asynccontextmanager
async def engine_on(
    url: str,
    bodies: Mapping[str, WorkflowBody],
    timings: EngineTimings = PACE,
    version: str = "1",
    observer: StepObserver = UNOBSERVED_STEPS,
) -> AsyncIterator[Engine]:
    async with Database(url) as database, Engine(url, database, bodies, timings, version, observer) as engine:
        yield engine


async def idle(engine: Engine) -> None:
    """Waits until nothing runs in this process; work that is yet to be taken up does not count."""
    executor = await engine._usable_executor()
    while busy := {*running_tasks(executor.dbos), *executor._starting}:
        await asyncio.wait(busy)


@dataclass
class Pair:
    """The work `pair`: two steps, the second of which waits at a gate. Keeps what was called."""

    calls: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def body(self, work: WorkflowContext, key: str) -> None:
        number = await work.step("first", self._first, key)
        await work.step("second", self._second, key, number)
        self.calls.append(f"end {key}")

    async def _first(self, key: str) -> int:
        self.calls.append(f"first {key}")
        return 7

    async def _second(self, key: str, number: int) -> None:
        self.calls.append(f"second {key} {number}")
        self.reached.set()
        await self.gate.wait()
