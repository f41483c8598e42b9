"""What tests of the work of deployments share: processes on a database and a sandbox."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.workflows.durable.processes import Worker

_ROOT = Path(__file__).parents[3]


class Mortal(Worker):
    """A process of `worker.py`."""

    async def died(self) -> str:
        """The point at which it has died, once it has."""
        await self._end()
        (point,) = [line.removeprefix("dies ") for line in self.said if line.startswith("dies ")]
        return point


Begin = Callable[..., Awaitable[Mortal]]


@pytest.fixture
async def begin(database_url: str, sandbox: Sandbox) -> AsyncIterator[Begin]:
    """Begins processes that take deployments through their phases; arguments are points at which one dies.

    The next one is loading while one runs: that takes a second.
    """
    begun: list[Mortal] = []

    async def load() -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.workflows.deployments.worker", database_url, sandbox.url),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_ROOT,
        )
        begun.append(Mortal(process))

    async def begin(*deaths: str, lease: float = 1.2) -> Mortal:
        one = begun[-1]
        await load()
        one.tell(*(f"die {point}" for point in deaths), f"go {lease}")
        await one.hears("ready")
        return one

    await load()
    yield begin
    for each in begun:
        await each.clear()
