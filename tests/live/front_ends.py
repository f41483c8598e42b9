"""Front ends that run beside a test, each in a process of Node.js, which tell of their screens line by line."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


class FrontEnd:
    """A front end that runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> Any:
        """The next line, read as JSON.

        Raises:
            AssertionError: It has ended; the message is what it wrote to its error stream.
        """
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, (await self._rest())[1]
        return json.loads(line)

    async def ended(self) -> tuple[int | None, str]:
        """Its status, and what it wrote to its error stream."""
        _, errors = await self._rest()
        return self._process.returncode, errors

    async def _rest(self) -> tuple[str, str]:
        out, errors = await self._process.communicate()
        return out.decode(), errors.decode()

    async def kill(self) -> None:
        """End it, if it still runs."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


@asynccontextmanager
async def front_ends(folder: Path, arguments: Mapping[str, Mapping[str, Any]]) -> AsyncIterator[Mapping[str, FrontEnd]]:
    """Run `screens.mjs` once for each client, with these arguments; all of them end with the block."""
    running: dict[str, FrontEnd] = {}
    try:
        for client, values in arguments.items():
            process = await asyncio.create_subprocess_exec(
                *("node", "screens.mjs", client, json.dumps(values)),
                cwd=folder,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            running[client] = FrontEnd(process)
        yield running
    finally:
        for front_end in running.values():
            await front_end.kill()
