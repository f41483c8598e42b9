"""The version of the registry's tables: which one a database has, and the way from one to another."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from registry.engines import migrating_engine, named, parsed, sqlite_file
from registry.errors import RegistryError, SchemaAheadError, SchemaBehindError
from registry.refusals import translated

MIGRATIONS = Path(__file__).parent / "migrations"
_REMEDY = "run `python -m gateway migrate --config FILE` first"
# Any number, the same for all who migrate: PostgreSQL lets one of them at a time, for as long as its transaction lasts.
_LOCK = text("SELECT pg_advisory_xact_lock(7236283431)")


def newest() -> str:
    """The version that this gateway works with."""
    head = _scripts().get_current_head()
    if head is None:
        raise RegistryError(f"There are no migrations in {MIGRATIONS}.")
    return head


async def current(url: str) -> str | None:
    """The version of a database's tables; None where it has none. Raises RegistryUnavailableError."""
    known = parsed(url)
    if _is_missing(known):
        return None
    engine = migrating_engine(known)
    try:
        return await _version(known, engine)
    finally:
        await engine.dispose()


async def is_behind(url: str) -> bool:
    """Whether a database has no tables, or those of an earlier version. Raises RegistryUnavailableError."""
    version = await current(url)
    return version is None or (version != newest() and _is_known(version))


async def verify(url: URL, engine: AsyncEngine) -> None:
    """Makes sure that the tables are those of this gateway.

    Raises:
        SchemaBehindError: There are none, or they are of an earlier version.
        SchemaAheadError: They are of a version that this gateway does not know.
        RegistryUnavailableError: The database cannot be reached.
    """
    version = None if _is_missing(url) else await _version(url, engine)
    if version is None:
        raise SchemaBehindError(f"The registry ({named(url)}) has no tables yet; {_REMEDY}.")
    if not _is_known(version):
        raise _ahead(url, version)
    if version != newest():
        raise SchemaBehindError(
            f"The registry ({named(url)}) has the tables of version {version} and this gateway works with {newest()}; "
            f"{_REMEDY}."
        )


async def upgrade(url: str, version: str = "head") -> None:
    """Brings a database's tables to this version; makes the file of SQLite and its folder.

    All of it happens, or nothing. Several may do it at once: one does it, the others find it done.

    Raises:
        SchemaAheadError: They are of a version that this gateway does not know.
        RegistryUnavailableError: The database cannot be reached or changed.
        RegistryError: The address is none, or the folder cannot be made.
    """
    known = parsed(url)
    _make_folder(known)
    await _migrate(known, lambda config: command.upgrade(config, version))


async def downgrade(url: str, version: str) -> None:
    """Takes a database's tables back to an earlier version, `base` for none; what only later ones keep is lost.

    Raises as `upgrade` does.
    """
    await _migrate(parsed(url), lambda config: command.downgrade(config, version))


async def _migrate(url: URL, change: Callable[[Config], None]) -> None:
    engine = migrating_engine(url)
    try:
        with translated(named(url)):
            async with engine.begin() as connection:
                await connection.run_sync(_run, url, change)
    except CommandError as error:
        raise RegistryError(f"The tables of {named(url)} cannot be changed: {error}.") from error
    finally:
        await engine.dispose()


def _run(connection: Connection, url: URL, change: Callable[[Config], None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    version = _found(connection)
    if version is not None and not _is_known(version):
        raise _ahead(url, version)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    change(config)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RegistryError(f"A migration of {named(url)} would leave rows without what they belong to; it is undone.")


async def _version(url: URL, engine: AsyncEngine) -> str | None:
    with translated(named(url)):
        async with engine.connect() as connection:
            return await connection.run_sync(_found)


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_known(version: str) -> bool:
    return any(script.revision == version for script in _scripts().walk_revisions())


@cache
def _scripts() -> ScriptDirectory:
    """The migrations, read once: each reading loads every module of theirs, and an opening asks twice."""
    return ScriptDirectory(str(MIGRATIONS))


def _is_missing(url: URL) -> bool:
    """Whether there is no file: SQLite would make one, and only a migration is to do that."""
    file = sqlite_file(url)
    return file is not None and not file.exists()


def _make_folder(url: URL) -> None:
    file = sqlite_file(url)
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegistryError(f"The folder of {named(url)} cannot be made: {error.strerror}.") from error


def _ahead(url: URL, version: str) -> SchemaAheadError:
    return SchemaAheadError(
        f"The registry ({named(url)}) has the tables of version {version}, which this gateway does not know; "
        "run the version of the gateway that made them, or a later one."
    )
