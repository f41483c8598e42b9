"""Schema versions: the version of a database's tables, and migrations between versions."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from registry.addresses import database_name, parse_url, sqlite_file
from registry.engines import migrating_engine, write_ahead
from registry.errors import (
    RegistryError,
    RegistryUnavailableError,
    SchemaAheadError,
    SchemaBehindError,
    translated_errors,
)

MIGRATIONS = Path(__file__).parent / "migrations"
_REMEDY = "run `python -m gateway migrate --config FILE` first"
# Any number, the same for all who migrate: PostgreSQL lets one of them at a time, for as long as its transaction lasts.
# Gateways of 0.1.0 know this lock alone.
_MIGRATION_LOCK = text("SELECT pg_advisory_xact_lock(7236283431)")
# The lock around a whole migration. It is polled: CREATE INDEX CONCURRENTLY, which DBOS uses, waits for each statement
# that began before it, so a statement that waited for the lock would wait for ever.
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(7236283432)")
# The lock lasts as long as its transaction, so the server must not end that for being idle.
_STAY = text("SET LOCAL idle_in_transaction_session_timeout = 0")
# Seconds to get the lock, and between two tries.
_PATIENCE = 60
_PAUSE = 0.1


def latest_version() -> str:
    """The version that this gateway works with."""
    head = _scripts().get_current_head()
    if head is None:
        raise RegistryError(f"There are no migrations in {MIGRATIONS}.")
    return head


async def current_version(url: str) -> str | None:
    """The version of a database's tables; None where it has none. Raises RegistryUnavailableError."""
    known = parse_url(url)
    if _is_missing(known):
        return None
    engine = migrating_engine(known)
    try:
        return await _read_version(known, engine)
    finally:
        await engine.dispose()


async def is_behind(url: str) -> bool:
    """Tell whether a database has no tables, or those of an earlier version. Raises RegistryUnavailableError."""
    version = await current_version(url)
    return version is None or (version != latest_version() and _is_known(version))


async def verify_version(url: URL, engine: AsyncEngine) -> None:
    """Makes sure that the tables are those of this gateway.

    Raises:
        SchemaBehindError: There are none, or they are of an earlier version.
        SchemaAheadError: They are of a version that this gateway does not know.
        RegistryUnavailableError: The database cannot be reached.
    """
    version = None if _is_missing(url) else await _read_version(url, engine)
    if version is None:
        raise SchemaBehindError(f"The registry ({database_name(url)}) has no tables yet; {_REMEDY}.")
    if not _is_known(version):
        raise _schema_ahead_error(url, version)
    if version != latest_version():
        raise SchemaBehindError(
            f"The registry ({database_name(url)}) has the tables of version {version}, "
            f"but this gateway works with {latest_version()}; {_REMEDY}."
        )


async def upgrade(url: str, version: str = "head") -> None:
    """Brings a database's tables to this version; makes the file of SQLite and its folder.

    All of it happens, or nothing. Several may do it at once: one does it, the others find it done.

    Raises:
        SchemaAheadError: They are of a version that this gateway does not know.
        RegistryUnavailableError: The database cannot be reached or changed.
        RegistryError: The address is none, or the folder cannot be made.
    """
    known = parse_url(url)
    _make_folder(known)
    await _migrate(known, lambda config: command.upgrade(config, version))


async def downgrade(url: str, version: str) -> None:
    """Takes a database's tables back to an earlier version, `base` for none; what only later ones keep is lost.

    Raises as `upgrade` does.
    """
    await _migrate(parse_url(url), lambda config: command.downgrade(config, version))


@asynccontextmanager
async def migration_lock(url: URL, patience: float = _PATIENCE) -> AsyncIterator[None]:
    """Lets one process at a time change the tables, while the block runs.

    With SQLite the transaction of each migration is that lock already.

    Raises:
        RegistryUnavailableError: The database cannot be reached, or another migration did not end in time.
    """
    if sqlite_file(url) is not None:
        yield
        return
    engine = migrating_engine(url)
    try:
        with translated_errors(database_name(url)):
            async with engine.connect() as connection:
                await _lock(connection, url, patience)
                yield
    finally:
        await engine.dispose()


async def _lock(connection: AsyncConnection, url: URL, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        await connection.execute(_STAY)
        if (await connection.execute(_TRY_LOCK)).scalar_one():
            return
        await connection.rollback()
        if time.monotonic() >= deadline:
            raise RegistryUnavailableError(
                f"Another process has been migrating the registry ({database_name(url)}) for {patience:g} seconds. "
                "Wait until it ends, then run `python -m gateway migrate --config FILE` again."
            )
        await asyncio.sleep(_PAUSE)


async def _migrate(url: URL, change: Callable[[Config], None]) -> None:
    file = sqlite_file(url)
    if file is not None:
        await asyncio.to_thread(write_ahead, file)
    engine = migrating_engine(url)
    try:
        with translated_errors(database_name(url)):
            async with migration_lock(url), engine.begin() as connection:
                await connection.run_sync(_run_migration, url, change)
    except CommandError as error:
        raise RegistryError(f"The tables of the registry ({database_name(url)}) cannot be changed: {error}.") from error
    finally:
        await engine.dispose()


def _run_migration(connection: Connection, url: URL, change: Callable[[Config], None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_MIGRATION_LOCK)
    version = _current_revision(connection)
    if version is not None and not _is_known(version):
        raise _schema_ahead_error(url, version)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    change(config)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RegistryError(
            f"A migration of the registry ({database_name(url)}) would leave rows without their owners; it is undone."
        )


async def _read_version(url: URL, engine: AsyncEngine) -> str | None:
    with translated_errors(database_name(url)):
        async with engine.connect() as connection:
            return await connection.run_sync(_current_revision)


def _current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_known(version: str) -> bool:
    return any(script.revision == version for script in _scripts().walk_revisions())


@cache
def _scripts() -> ScriptDirectory:
    """Read the migrations once: each reading loads every migration module, and an opening asks twice."""
    return ScriptDirectory(str(MIGRATIONS))


def _is_missing(url: URL) -> bool:
    """Tell whether SQLite's file is missing: connecting would make one, and only a migration may do that."""
    file = sqlite_file(url)
    return file is not None and not file.exists()


def _make_folder(url: URL) -> None:
    file = sqlite_file(url)
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegistryError(
            f"The folder of the registry's file ({database_name(url)}) cannot be made: {error.strerror}."
        ) from error


def _schema_ahead_error(url: URL, version: str) -> SchemaAheadError:
    return SchemaAheadError(
        f"The registry ({database_name(url)}) has the tables of version {version}, which this gateway does not know; "
        "run the version of the gateway that made them, or a later one."
    )
