"""Engines on a test's database, and the work `pair` for them to do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from registry.database import Database
from workflows.durable.engine import Engine, Pace
from workflows.durable.work import Body, Work

PACE = Pace(lease=30, dead=60, close=0.2, wait=5)
# Looks after what is lost, and after the dead, ten times a second.
QUICK = Pace(lease=3, dead=0.5, close=0.2, wait=20)


@asynccontextmanager
async def engine_on(
    url: str, bodies: Mapping[str, Body], pace: Pace = PACE, version: str = "1"
) -> AsyncIterator[Engine]:
    async with Database(url) as database, Engine(url, database, bodies, pace, version) as engine:
        yield engine


@dataclass
class Pair:
    """The work `pair`: two steps, the second of which waits at a gate. Keeps what was called."""

    calls: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def body(self, work: Work, key: str) -> None:
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
