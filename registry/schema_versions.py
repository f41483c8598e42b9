"""Schema versions: the version of a database's tables, and migrations between versions."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, delete, insert, inspect, select, text
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
from registry.tables import schema_compatibility

_log = logging.getLogger("sagegraph.registry")

MIGRATIONS = Path(__file__).parent / "migrations"
# The version of the tables of each release of the gateway.
TABLES_OF_RELEASES: Final[Mapping[str, str]] = MappingProxyType({"0.1.0": "0004", "0.2.0": "0008"})
_REMEDY = "run `python -m gateway migrate --config FILE` first"
# An arbitrary number that all migrations share: PostgreSQL runs one at a time, until the end of its transaction.
# Gateways of 0.1.0 know only this lock.
_MIGRATION_LOCK = text("SELECT pg_advisory_xact_lock(7236283431)")
# The lock around a whole migration. It is polled: CREATE INDEX CONCURRENTLY, which DBOS uses, waits for each earlier
# statement, so a statement that waited for the lock would be a deadlock.
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(7236283432)")
# The lock lasts as long as its transaction, so the server must not end an idle one.
_STAY = text("SET LOCAL idle_in_transaction_session_timeout = 0")
# Seconds until the wait for the lock is given up, and between two tries.
_PATIENCE = 60
_PAUSE = 0.1


def latest_version() -> str:
    """The version of the tables that this gateway was made for.

    Raises:
        RegistryError: The package holds no migrations.
    """
    head = _scripts().get_current_head()
    if head is None:
        raise RegistryError(f"There are no migrations in {MIGRATIONS}.")
    return head


async def current_version(url: str) -> str | None:
    """The version of the tables of the database at `url`; None if it has no tables.

    Raises:
        RegistryUnavailableError: The database does not answer.
    """
    known = parse_url(url)
    if _is_missing(known):
        return None
    engine = migrating_engine(known)
    try:
        return await _read_version(known, engine)
    finally:
        await engine.dispose()


async def is_behind(url: str) -> bool:
    """Tell whether the database at `url` has no tables, or those of an earlier version.

    Raises:
        RegistryUnavailableError: The database does not answer.
    """
    version = await current_version(url)
    return version is None or (version != latest_version() and _is_known(version))


async def verify_version(url: URL, engine: AsyncEngine) -> None:
    """Return only if this gateway works with the tables at `url`: its own, or later ones that are compatible.

    Raises:
        SchemaBehindError: There are no tables, or they are of an earlier version.
        SchemaAheadError: They are of a later version, with which this gateway does not work.
        RegistryUnavailableError: The database does not answer.
    """
    version = None if _is_missing(url) else await _read_version(url, engine)
    if version is None:
        raise SchemaBehindError(f"The registry ({database_name(url)}) has no tables yet; {_REMEDY}.")
    if not _is_known(version):
        with translated_errors(database_name(url)):
            async with engine.connect() as connection:
                if not await connection.run_sync(_is_compatible, version):
                    raise _schema_ahead_error(url, version)
        _log.info(
            "The tables have version %s and this gateway has %s, which are compatible.", version, latest_version()
        )
    elif version != latest_version():
        raise SchemaBehindError(
            f"The registry ({database_name(url)}) has the tables of version {version}, "
            f"but this gateway works with {latest_version()}; {_REMEDY}."
        )


async def upgrade(url: str, version: str = "head") -> None:
    """Migrate the tables of the database at `url` to `version`; create the file of SQLite and its folder.

    A migration is one transaction. Concurrent calls wait for each other, and later ones find the work done. Later
    tables that are compatible with this gateway stay.

    Raises:
        SchemaAheadError: They are of a later version, with which this gateway does not work.
        RegistryUnavailableError: The database does not answer, or cannot be changed.
        RegistryError: The address is invalid, or the folder cannot be created.
    """
    known = parse_url(url)
    _make_folder(known)
    await _migrate(known, lambda config: command.upgrade(config, version), leave_compatible=True)


async def downgrade(url: str, version: str) -> None:
    """Migrate the tables back to an earlier version, `base` for none; data of later versions is lost.

    Raises:
        SchemaAheadError: They are of a version that this gateway does not know.
        RegistryUnavailableError: The database does not answer, or cannot be changed.
    """
    await _migrate(parse_url(url), lambda config: command.downgrade(config, version), leave_compatible=False)


async def migrate_to(url: str, version: str) -> str:
    """Migrate the tables to a version, forwards or back; returns the version.

    Args:
        url: The address of the database.
        version: A version of the tables, or a release of the gateway, which stands for its tables.

    Raises:
        RegistryError: There is no such version, or the errors of `upgrade` and `downgrade`.
    """
    wanted = TABLES_OF_RELEASES.get(version, version)
    if not _is_known(wanted):
        known = ", ".join([*TABLES_OF_RELEASES, *sorted(script.revision for script in _scripts().walk_revisions())])
        raise RegistryError(f"There are no tables of version {version}; this gateway knows {known}.")
    if wanted < (await current_version(url) or ""):
        await downgrade(url, wanted)
    else:
        await upgrade(url, wanted)
    return wanted


@asynccontextmanager
async def migration_lock(url: URL, patience: float = _PATIENCE) -> AsyncIterator[None]:
    """Let one process at a time change the tables, while the block runs; `patience` seconds limit the wait.

    With SQLite the transaction of each migration is that lock already.

    Raises:
        RegistryUnavailableError: The database does not answer, or another migration did not end in time.
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


async def _migrate(url: URL, change: Callable[[Config], None], *, leave_compatible: bool) -> None:
    file = sqlite_file(url)
    if file is not None:
        await asyncio.to_thread(write_ahead, file)
    engine = migrating_engine(url)
    try:
        with translated_errors(database_name(url)):
            async with migration_lock(url), engine.begin() as connection:
                await connection.run_sync(_run_migration, url, change, leave_compatible=leave_compatible)
    except CommandError as error:
        raise RegistryError(f"The tables of the registry ({database_name(url)}) cannot be changed: {error}.") from error
    finally:
        await engine.dispose()


def _run_migration(
    connection: Connection, url: URL, change: Callable[[Config], None], *, leave_compatible: bool
) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_MIGRATION_LOCK)
    version = _current_revision(connection)
    if version is not None and not _is_known(version):
        if leave_compatible and _is_compatible(connection, version):
            return
        raise _schema_ahead_error(url, version)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    change(config)
    _record_compatibility(connection)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RegistryError(
            f"A migration of the registry ({database_name(url)}) would leave rows without the rows that own "
            "them, so it was undone."
        )


async def _read_version(url: URL, engine: AsyncEngine) -> str | None:
    with translated_errors(database_name(url)):
        async with engine.connect() as connection:
            return await connection.run_sync(_current_revision)


def _current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_compatible(connection: Connection, version: str) -> bool:
    """Tell whether tables of a later version declare that this gateway works with them; versions sort as text."""
    if not inspect(connection).has_table(schema_compatibility.name):
        return False
    columns = schema_compatibility.c
    since = connection.execute(select(columns.compatible_since).where(columns.version == version)).scalar()
    return since is not None and since <= latest_version()


def _record_compatibility(connection: Connection) -> None:
    """Write the oldest version whose gateways work with the tables, once there is a table for it."""
    version = _current_revision(connection)
    if version is None or not inspect(connection).has_table(schema_compatibility.name):
        return
    since = _scripts().get_revision(version).module.compatible_since
    connection.execute(delete(schema_compatibility))
    connection.execute(insert(schema_compatibility).values(version=version, compatible_since=since))


def _is_known(version: str) -> bool:
    return any(script.revision == version for script in _scripts().walk_revisions())


@cache
def _scripts() -> ScriptDirectory:
    """Read the migrations once: each read loads every migration module, and a start needs two."""
    return ScriptDirectory(str(MIGRATIONS))


def _is_missing(url: URL) -> bool:
    """Tell whether SQLite's file is missing: a connection would create it, which only a migration may do."""
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
        "run the gateway that made them or a later one, or take the tables back with that one's `migrate --to`."
    )
