"""A balancer of connections that asks nobody whether they are ready: who refuses a connection is passed over."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle


@asynccontextmanager
async def balancing(ports: Sequence[int]) -> AsyncIterator[str]:
    """Spread connections over these ports of this machine while the block runs; gives the balancer's address."""
    turns = cycle(range(len(ports)))
    passing: set[asyncio.Task[None]] = set()

    async def reach() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        first = next(turns)
        for number in range(len(ports)):
            with suppress(ConnectionRefusedError):
                return await asyncio.open_connection("127.0.0.1", ports[(first + number) % len(ports)])
        raise ConnectionRefusedError

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        passing.add(task)
        with suppress(OSError):
            far_reader, far_writer = await reach()
            await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
        writer.close()
        passing.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(passing):
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, and close with it."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
