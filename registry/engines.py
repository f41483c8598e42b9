"""Engines of the database, with the settings of each connection to SQLite and PostgreSQL."""

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from registry.addresses import sqlite_file
from registry.column_types import to_json
from registry.connection_checks import check_connections
from registry.errors import RegistryUnavailableError

# Readers then neither wait for the writer nor hold it up. The file keeps the mode, and a migration sets it. A
# connection sets it again for a file that was restored without it; if the file is in use, it goes on without: SQLite's
# busy timeout does not cover this statement.
_WRITE_AHEAD = "PRAGMA journal_mode = WAL"
# Safe with a write-ahead log; a power cut may cost the last moments before it, as with most replicated databases. FULL
# would wait for the disk at each commit.
_SYNCHRONOUS = "PRAGMA synchronous = NORMAL"
# SQLite enforces foreign keys only on connections that ask for it.
_FOREIGN_KEYS = "PRAGMA foreign_keys = ON"
# Another process may be writing; a transaction here takes milliseconds, so ten seconds of waiting are a fault.
_BUSY_TIMEOUT = "PRAGMA busy_timeout = 10000"
# A migration waits for another one, which may copy a large table.
_MIGRATION_BUSY_TIMEOUT = "PRAGMA busy_timeout = 60000"
# Readers cannot write by mistake. PostgreSQL has READ ONLY transactions for this.
_QUERY_ONLY = "PRAGMA query_only = ON"
# If a transaction takes the write lock after it has read, and another has written meanwhile, SQLite refuses it at once,
# whatever the busy timeout. A transaction that takes the lock first waits its turn.
_WRITE = "BEGIN IMMEDIATE"
_READ = "BEGIN"

# Seconds until the switch of a file to its write-ahead log is given up, and between two tries.
_SWITCH_PATIENCE = 60
_SWITCH_PAUSE = 0.02

POOL_SIZE: Final = 10
"""Connections of one process; its transactions are short, and a page of queries needs fewer at once."""

# Seconds to wait for a free connection, and for a new one to PostgreSQL: a request has thirty.
_TIMEOUT_SECONDS = 10
# Firewalls and proxies forget idle connections after about an hour; connections are replaced before that (seconds).
_MAX_CONNECTION_AGE_SECONDS = 1800
# A host that is gone without closing its connections is noticed after 30 seconds, not after TCP's quarter of an hour.
# The names are libpq's, and a URL may set them otherwise.
_KEEPALIVE = {
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


# psycopg's arguments for every connection. A pooler in transaction mode, such as PgBouncer, gives each transaction
# another connection to the server, on which a prepared statement is unknown or somebody else's.
POSTGRES_CONNECT_ARGS: Final[Mapping[str, Any]] = {"prepare_threshold": None}


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool of connections.

    Attributes:
        name: `all`, or with SQLite `reading` and `writing`.
        size: The most connections that it may have.
        in_use: The connections that are in use.
    """

    name: str
    size: int
    in_use: int


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines for reading and writing; SQLite has two, because it has one writer at a time.

    Attributes:
        reading: The engine of read-only transactions.
        writing: The engine of transactions that write.
    """

    reading: AsyncEngine
    writing: AsyncEngine

    def pools(self) -> tuple[PoolState, ...]:
        """The states of the pools; with PostgreSQL both engines share one."""
        if self.reading.pool is self.writing.pool:
            return (_pool_state("all", self.writing.pool),)
        return _pool_state("reading", self.reading.pool), _pool_state("writing", self.writing.pool)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.writing.dispose()
        await self.reading.dispose()


def write_ahead(file: Path, patience: float = _SWITCH_PATIENCE) -> None:
    """Switch an SQLite file to its write-ahead log; create the file if it is missing.

    SQLite refuses the switch at once while another connection uses the file, so it is repeated for `patience`
    seconds.

    Raises:
        RegistryUnavailableError: The file stayed in use, or it cannot be opened or changed.
    """
    deadline = time.monotonic() + patience
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            while not _switched(connection, last=time.monotonic() >= deadline):
                time.sleep(_SWITCH_PAUSE)
    except sqlite3.Error as error:
        raise RegistryUnavailableError(f"The registry (SQLite) does not answer: {error}.") from error


def _switched(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute(_WRITE_AHEAD)
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _pool_state(name: str, pool: Any) -> PoolState:
    return PoolState(name, pool.size(), pool.checkedout())


def serving_engines(url: URL, pool_size: int = POOL_SIZE) -> Engines:
    """Make the engines of a serving process, with at most `pool_size` connections, opened on first use."""
    if sqlite_file(url) is None:
        engine = _postgres_engine(url, pool_size)
        return Engines(engine.execution_options(postgresql_readonly=True), engine)
    settings = (_BUSY_TIMEOUT, _WRITE_AHEAD, _SYNCHRONOUS, _FOREIGN_KEYS)
    # One connection writes, so that writers of this process wait for it in a queue and not for SQLite's lock.
    writing = _sqlite_engine(url, _WRITE, settings, pool_size=1)
    return Engines(_sqlite_engine(url, _READ, (*settings, _QUERY_ONLY), pool_size=pool_size), writing)


def listening_engine(url: URL) -> AsyncEngine:
    """Give an engine with one PostgreSQL connection to `url` that begins no transaction: for LISTEN."""
    return _postgres_engine(url, pool_size=1).execution_options(isolation_level="AUTOCOMMIT")


def migrating_engine(url: URL) -> AsyncEngine:
    """Give the engine of a migration of the database at `url`.

    With SQLite it enforces no foreign keys: Alembic changes a table by copying it and dropping the old one, and the
    drop would delete the rows that refer to it.
    """
    if sqlite_file(url) is None:
        return _postgres_engine(url)
    return _sqlite_engine(url, _WRITE, (_MIGRATION_BUSY_TIMEOUT, _WRITE_AHEAD, _SYNCHRONOUS), pool_size=1)


def _postgres_engine(url: URL, pool_size: int = POOL_SIZE) -> AsyncEngine:
    engine = create_async_engine(
        url,
        connect_args={
            "connect_timeout": _TIMEOUT_SECONDS,
            "application_name": "sagegraph",
            **POSTGRES_CONNECT_ARGS,
            **_keepalive_settings(url),
        },
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_TIMEOUT_SECONDS,
        pool_recycle=_MAX_CONNECTION_AGE_SECONDS,
        # An idle process uses one connection again and again, so that the others can age.
        pool_use_lifo=True,
        hide_parameters=True,
        json_serializer=to_json,
    )
    check_connections(engine.sync_engine)
    return engine


def _keepalive_settings(url: URL) -> dict[str, str]:
    return {name: value for name, value in _KEEPALIVE.items() if name not in url.query}


def _sqlite_engine(url: URL, begin: str, settings: tuple[str, ...], *, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_TIMEOUT_SECONDS,
        hide_parameters=True,
        json_serializer=to_json,
    )
    event.listen(engine.sync_engine, "connect", partial(_configure_connection, settings))
    event.listen(engine.sync_engine, "begin", partial(_begin, begin))
    event.listen(engine.sync_engine, "invalidate", _rollback)
    return engine


def _configure_connection(settings: tuple[str, ...], connection: Any, _record: Any) -> None:
    """Prepare a new connection; `isolation_level` None keeps Python's sqlite3 from beginning transactions itself."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in settings:
        with suppress(sqlite3.OperationalError) if setting == _WRITE_AHEAD else nullcontext():
            cursor.execute(setting)
    cursor.close()


def _begin(statement: str, connection: Connection) -> None:
    connection.exec_driver_sql(statement)


def _rollback(connection: Any, _record: Any, _error: BaseException | None) -> None:
    """End the transaction of a connection that is discarded because its user was cancelled.

    A close is not enough: SQLite keeps a closed connection with its locks until its last statement is released, and the
    error refers to the statement that was under way.
    """
    with suppress(sqlite3.Error):
        connection.rollback()
