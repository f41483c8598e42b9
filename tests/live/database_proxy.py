"""A PostgreSQL that can be away: whoever connects is passed on to the real one, until nothing is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

_SOCKET: Final = ".s.PGSQL.5432"


@dataclass
class DatabaseProxy:
    """A database behind a socket of its own.

    Attributes:
        url: The address by which it is reached.
        answers: Cleared while it is silent: connections stand, and nothing comes.
    """

    url: str
    answers: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def database_behind_proxy(url: str, folder: Path) -> AsyncIterator[DatabaseProxy]:
    """Reach the database of this address, which has a socket in a folder, by another one while the block runs."""
    known = make_url(url)
    real = Path(str(known.query["host"])) / _SOCKET
    proxy = DatabaseProxy(known.set(query={"host": str(folder)}).render_as_string(hide_password=False))
    proxy.answers.set()
    passing: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        passing.add(task)
        with suppress(OSError, asyncio.CancelledError):
            far_reader, far_writer = await asyncio.open_unix_connection(str(real))
            await asyncio.gather(_pass_on(proxy, reader, far_writer), _pass_on(proxy, far_reader, writer))
        writer.close()
        passing.discard(task)

    server = await asyncio.start_unix_server(serve, str(folder / _SOCKET))
    try:
        yield proxy
    finally:
        server.close()
        for task in list(passing):
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)


async def _pass_on(proxy: DatabaseProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            await proxy.answers.wait()
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
