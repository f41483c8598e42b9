"""Real processes that do durable work, for tests to kill, pause and wake."""

import asyncio
import os
import signal

from tests.processes.starting import PIPE, Process, start

# Far longer than anything here takes, so that a failure is told as one.
_PATIENCE = 30


class Worker:
    """A process of `worker.py`; what it said is kept in `said`."""

    def __init__(self, process: Process) -> None:
        self.said: list[str] = []
        self._process = process

    async def hears(self, line: str) -> None:
        """Waits until the process has said this, from now on."""
        while await self.hears_line(line) != line:
            pass

    async def hears_line(self, beginning: str) -> str:
        """The next line that begins so."""
        assert self._process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            while True:
                read = (await self._process.stdout.readline()).decode().rstrip()
                assert read, f"It ended without `{beginning}`; it said {self.said}."
                self.said.append(read)
                if read.startswith(beginning):
                    return read

    @property
    def lease(self) -> str:
        """The name of its first lease."""
        return next(line for line in self.said if line.startswith("lease ")).removeprefix("lease ")

    def tell(self, *lines: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())

    def pause(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    async def kill(self) -> None:
        """Kills it, and reads what it said before."""
        self._process.kill()
        await self._end()

    async def close(self) -> None:
        """Ends it in good order."""
        self.tell("close")
        async with asyncio.timeout(_PATIENCE):
            await self._end()
        assert self._process.returncode == 0

    async def _end(self) -> None:
        rest, _ = await self._process.communicate()
        self.said += rest.decode().splitlines()

    async def clear(self) -> None:
        """Leaves no process behind, however the test has ended."""
        if self._process.returncode is None:
            self.wake()
            await self.kill()


class Workers:
    """Begins workers, each with its seconds: how long its lease lasts, and after which time others are dead for it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._begun: list[Worker] = []

    async def begin(self, lease: float, dead: float) -> Worker:
        """A worker that is ready."""
        text = (self._url, str(lease), str(dead))
        process = await start("tests.workflows.durable.worker", *text, stdin=PIPE, stdout=PIPE)
        begun = Worker(process)
        self._begun.append(begun)
        await begun.hears("ready")
        return begun

    async def clear(self) -> None:
        for one in self._begun:
            await one.clear()
