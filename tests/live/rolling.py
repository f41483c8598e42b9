"""A rolling restart under load: gateways that end and begin anew one after the other, while clients ask."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from tests.gateway_client import identity_headers
from tests.processes.starting import PIPE, Process, start

PATIENCE: Final = 60.0
QUERY: Final = {"query": "{ models(first: 5) { nodes { name } } }"}


@dataclass
class Load:
    """What clients have been answered.

    Attributes:
        answers: How often each status came, or the name of the error instead of one.
    """

    answers: Counter[int | str] = field(default_factory=Counter)


@dataclass
class RollingGateways:
    """Gateways with the same settings, each at a port of its own."""

    config: Path
    ports: Sequence[int]
    _processes: dict[int, Process] = field(default_factory=dict)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self, port: int) -> None:
        """Begin the gateway of this port, and wait until it is ready."""
        process = await start("gateway", "serve", "--config", str(self.config), "--port", str(port), stderr=PIPE)
        self._processes[port] = process
        self._readers.append(asyncio.create_task(_read(process)))
        async with asyncio.timeout(PATIENCE):
            while await self.readiness(port) != 200:  # noqa: ASYNC110 - Nobody tells of another process's start.
                await asyncio.sleep(0.05)

    async def readiness(self, port: int) -> int | None:
        """Give the status of its probe; None if nobody listens."""
        try:
            async with httpx.AsyncClient(timeout=PATIENCE) as http:
                return (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code
        except httpx.TransportError:
            return None

    async def end(self, port: int) -> list[int | None]:
        """Tell it to end, and wait until it has; gives what its probe has answered meanwhile."""
        process = self._processes[port]
        process.send_signal(signal.SIGTERM)
        answers: list[int | None] = []
        while process.returncode is None:
            answers.append(await self.readiness(port))
            await asyncio.sleep(0.05)
        assert process.returncode == 0
        return answers

    async def clear(self) -> None:
        """Leave no process behind: what these have started ends with them, and closes what it was read from."""
        for process in self._processes.values():
            process.kill()
            await process.wait()
        await asyncio.gather(*self._readers)


async def _read(process: Process) -> None:
    """Read what it says, so that it never waits for a reader."""
    assert process.stderr is not None
    while await process.stderr.readline():
        pass


@asynccontextmanager
async def rolling_gateways(config: Path, ports: Sequence[int]) -> AsyncIterator[RollingGateways]:
    """Run gateways at these ports while the block runs."""
    gateways = RollingGateways(config, ports)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(gateways.clear)
        await asyncio.gather(*(gateways.begin(port) for port in ports))
        yield gateways


@asynccontextmanager
async def asking(url: str, clients: int) -> AsyncIterator[Load]:
    """Let so many clients ask one question after the other while the block runs, each over one connection."""
    load, ending = Load(), asyncio.Event()

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, headers=identity_headers("ann", ["risk"])) as http:
            while not ending.is_set():
                try:
                    response = await http.post("/graphql", json=QUERY)
                    whole = response.status_code == 200 and "errors" not in response.json()
                    load.answers[response.status_code if whole or response.status_code != 200 else "errors"] += 1
                except httpx.TransportError as error:
                    load.answers[type(error).__name__] += 1

    async with asyncio.TaskGroup() as tasks:
        for _ in range(clients):
            tasks.create_task(ask())
        try:
            yield load
        finally:
            ending.set()
