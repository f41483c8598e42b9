"""The registry's database: opened once for a process, read and written in short transactions."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection

from registry.addresses import database_name, parse_url
from registry.engines import POOL_SIZE, serving_engines
from registry.errors import translated_errors
from registry.schema_versions import verify_version

Connection = AsyncConnection
"""A transaction under way, which the registry's functions take; it belongs to one task at a time."""


class Database:
    """The registry's database, open while the block runs.

    Entering it makes sure that its tables are those of this version. Raises SchemaBehindError, SchemaAheadError, or
    RegistryUnavailableError.

    Args:
        url: SQLAlchemy's address of it. Raises RegistryError for one that the registry does not know.
        pool_size: Connections at most; a statement waits for a free one.
    """

    def __init__(self, url: str, pool_size: int = POOL_SIZE) -> None:
        self._url = parse_url(url)
        self._name = database_name(self._url)
        self._engines = serving_engines(self._url, pool_size)

    def __repr__(self) -> str:
        return f"Database({self._name})"

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._engines.dispose)
            await verify_version(self._url, self._engines.reading)
            stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._engines.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection that only reads. Raises RegistryUnavailableError, and RegistryError for what else goes wrong."""
        with translated_errors(self._name):
            async with self._engines.reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """A connection in one transaction: all of it happens when the block ends well, else nothing of it.

        SQLite has one writer at a time: do nothing in the block that waits for anything but this connection.

        Raises:
            RegistryConflictError: A row no longer fits the others, such as an asset of a removed registration.
            RegistryUnavailableError: The database is away or locked.
            RegistryError: Anything else that the database refuses.
        """
        with translated_errors(self._name):
            async with self._engines.writing.begin() as connection:
                yield connection
