"""The registry's database: opened once for a process, read and written in short transactions."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import AsyncExitStack, asynccontextmanager
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from registry.addresses import database_name, parse_url, sqlite_file
from registry.changes import RecordChanges, take_audited, take_noted
from registry.engines import POOL_SIZE, PoolState, listening_engine, serving_engines
from registry.errors import translated_errors
from registry.schema_versions import verify_version
from registry.webhook_deliveries import WebhookFilters, prepare

# A process that is paused within a transaction (SIGSTOP, a frozen machine) would keep its locks while it sleeps, such
# as those on a lease that others wait for. PostgreSQL ends that transaction; no transaction here idles otherwise.
_END_IDLE: Final = text("SET LOCAL idle_in_transaction_session_timeout = '10s'")

Connection = AsyncConnection
"""A transaction under way, the first argument of the registry's functions; it belongs to one task at a time."""


class Database:
    """The registry's database, open while the block runs.

    Entering it verifies that its tables have this gateway's version. It raises SchemaBehindError, SchemaAheadError, or
    RegistryUnavailableError.

    Args:
        url: SQLAlchemy's address of it. Raises RegistryError for an address of another kind of database.
        pool_size: The most connections; a statement waits for a free one.
        webhooks: The events that each webhook subscribes to.

    Attributes:
        changes: The watchers of records in this process.
        audited: The number of audit events that this process has added, by action and outcome.
    """

    def __init__(self, url: str, pool_size: int = POOL_SIZE, webhooks: WebhookFilters = MappingProxyType({})) -> None:
        self._url = parse_url(url)
        self._name = database_name(self._url)
        path = sqlite_file(self._url)
        self._file = None if path is None else str(path)
        self._engines = serving_engines(self._url, pool_size)
        self._webhooks = webhooks
        self.changes = RecordChanges()
        self.audited: Counter[tuple[str, str]] = Counter()

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

    @property
    def is_postgres(self) -> bool:
        """True for PostgreSQL, False for SQLite."""
        return self._file is None

    def pools(self) -> tuple[PoolState, ...]:
        """Give the states of the pools: one with PostgreSQL, two with SQLite."""
        return self._engines.pools()

    def file_version(self) -> Hashable:
        """Give a value that changes whenever any process writes to SQLite's file; None for PostgreSQL."""
        return None if self._file is None else (_stamp(self._file), _stamp(f"{self._file}-wal"))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Any]:
        """Give a psycopg connection to PostgreSQL outside of the pool, in no transaction: for LISTEN.

        Raises:
            RegistryUnavailableError: The database does not answer.
        """
        engine = listening_engine(self._url)
        try:
            with translated_errors(self._name):
                async with engine.connect() as connection:
                    yield (await connection.get_raw_connection()).driver_connection
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection that only reads.

        Raises:
            RegistryUnavailableError: The database does not answer.
            RegistryError: It refuses a statement.
        """
        with translated_errors(self._name):
            async with self._engines.reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """A connection in one transaction, which is committed at the end of the block, and rolled back after an error.

        SQLite has one writer at a time: await nothing in the block but this connection.

        Raises:
            RegistryConflictError: A row no longer fits the others, such as an asset of a removed registration.
            RegistryUnavailableError: The database does not answer, or is locked.
            RegistryError: It refuses a statement.
        """
        with translated_errors(self._name):
            async with self._engines.writing.begin() as connection:
                if self.is_postgres:
                    await connection.execute(_END_IDLE)
                take_noted(connection)
                take_audited(connection)
                prepare(connection, self._webhooks)
                yield connection
                noted, audited = take_noted(connection), take_audited(connection)
        self.audited.update(audited)
        self.changes.announce(noted)


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        # Each query of jobs comes here, and `os.stat` of a text takes half the time of a Path.
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
