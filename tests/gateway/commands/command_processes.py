"""Runs the command line as a process of its own, as a person or a supervisor would."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.processes.starting import PIPE, ROOT, Process, start

SECONDS = 60.0
# A warning at the end of a process is a defect, so it is told; and what is said is heard at once.
_ENVIRONMENT = {"PYTHONWARNINGS": "default", "PYTHONUNBUFFERED": "1"}

AnyProcess = Process | asyncio.subprocess.Process


@asynccontextmanager
async def command(*arguments: str, anew: bool = False) -> AsyncIterator[AnyProcess]:
    """`python -m gateway …` while the block runs; ended, if it has not ended itself.

    It is forked from a process that has the gateway imported, unless it is to be started anew, by an interpreter.
    """
    process: AnyProcess
    if anew:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "gateway", *arguments),
            cwd=ROOT,
            env={**os.environ, **_ENVIRONMENT},
            stdout=PIPE,
            stderr=PIPE,
        )
    else:
        process = await start("gateway", *arguments, stdout=PIPE, stderr=PIPE, environment=_ENVIRONMENT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def until(stream: asyncio.StreamReader | None, words: str) -> list[str]:
    """The lines up to the one with these words."""
    assert stream is not None
    lines: list[str] = []
    async with asyncio.timeout(SECONDS):
        while not lines or words not in lines[-1]:
            line = await stream.readline()
            assert line, f"It ended before it said {words!r}; it said: {''.join(lines)}"
            lines.append(line.decode())
    return lines


async def ended_by(process: AnyProcess, number: signal.Signals) -> tuple[int | None, str]:
    """Its status after this signal, and what it still said on standard error."""
    process.send_signal(number)
    async with asyncio.timeout(SECONDS):
        _, data = await process.communicate()
    return process.returncode, data.decode()


async def finished(*arguments: str, anew: bool = False) -> tuple[int | None, str, str]:
    """The status, standard output and standard error of a command that ends by itself."""
    async with command(*arguments, anew=anew) as process, asyncio.timeout(SECONDS):
        data, complained = await process.communicate()
    return process.returncode, data.decode(), complained.decode()


async def is_open(url: str) -> bool:
    """Whether anybody listens at this URL."""
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
