"""What tests of the work of deployments share: processes on a database and a sandbox."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.processes.starting import PIPE, start
from tests.workflows.durable.processes import Worker


class Mortal(Worker):
    """A process of `worker.py`."""

    async def died(self) -> str:
        """The point at which it has died, once it has."""
        await self._end()
        (point,) = [line.removeprefix("dies ") for line in self.said if line.startswith("dies ")]
        return point

    @property
    def unanswered(self) -> set[str]:
        """The calls that changed something in AWS, and were under way as it died."""
        return {line.removeprefix("unanswered ") for line in self.said if line.startswith("unanswered ")}

    async def readiness(self) -> Any:
        """What its `/readyz` would say."""
        self.tell("readiness")
        line = await self.hears_line("readiness ")
        return json.loads(line.removeprefix("readiness "))


Begin = Callable[..., Awaitable[Mortal]]


@pytest.fixture
async def begin(database_url: str, sandbox: Sandbox) -> AsyncIterator[Begin]:
    """Begins processes that take deployments through their phases: with points at which one dies, its lease's seconds,
    and blocks of settings.
    """
    begun: list[Mortal] = []

    async def begin(*deaths: str, lease: float = 4, use: Mapping[str, Any] | None = None) -> Mortal:
        text = (database_url, sandbox.url)
        one = Mortal(await start("tests.workflows.deployments.worker", *text, stdin=PIPE, stdout=PIPE))
        begun.append(one)
        if use is not None:
            one.tell(f"use {json.dumps(use)}")
        one.tell(*(f"die {point}" for point in deaths), f"go {lease}")
        await one.hears("ready")
        return one

    yield begin
    for mortal in begun:
        await mortal.clear()
