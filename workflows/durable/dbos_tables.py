"""DBOS's own tables: the schema `dbos` of the registry's PostgreSQL, or a second file beside SQLite's."""

import asyncio
import logging
import sqlite3
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from registry.addresses import database_name, parse_url, sqlite_file
from registry.engines import POSTGRES_CONNECT_ARGS, write_ahead
from registry.errors import RegistryError, translated_errors
from registry.schema_versions import migration_lock
from workflows.durable.dbos_internals import are_tables_behind, migrate_tables

T = TypeVar("T")
# With Python 3.12 and later, DBOS asks SQLite for fractions of a second, for which older ones give NULL.
_FIRST_PYTHON = (3, 12)
_FIRST_SQLITE = (3, 42, 0)
_PYTHON, _SQLITE = sys.version_info[:2], sqlite3.sqlite_version_info
# Seconds for a new connection to PostgreSQL, as the registry's own engine has.
_CONNECT_SECONDS = 10


def dbos_url(url: str) -> str:
    """The URL of DBOS's tables beside a registry. Raises RegistryError if the URL is no registry's."""
    known, file = parse_url(url), _dbos_file(url)
    if file is not None:
        known = known.set(drivername="sqlite", database=str(file), query={})
    return known.render_as_string(hide_password=False)


async def migrate_dbos(url: str) -> None:
    """Make or upgrade DBOS's tables for the registry at a URL; the folder of a SQLite file must exist.

    Several may do it at once: one does it, the others find it done.

    Raises:
        RegistryUnavailableError: The database cannot be reached or changed, or another migration does not end.
    """
    # DBOS has a lock of its own on PostgreSQL, but goes on without it after half a minute.
    async with migration_lock(parse_url(url)):
        await asyncio.to_thread(_migrate, url)


async def dbos_is_behind(url: str) -> bool:
    """Tell whether DBOS's tables are missing or of an earlier version. Raises RegistryUnavailableError."""
    return await asyncio.to_thread(_ask, are_tables_behind, url)


def _migrate(url: str) -> None:
    require_usable_sqlite(url)
    file = _dbos_file(url)
    if file is not None:
        # First of all, so that no process finds tables in a file that is yet to be switched.
        write_ahead(file)
    _ask(migrate_tables, url)


def _ask(question: Callable[[str, Mapping[str, Any]], T], url: str) -> T:
    """Call a function of `dbos_internals.py` for the registry at a URL; its errors are in the registry's words."""
    require_usable_sqlite(url)
    quiet_dbos()
    with translated_errors(database_name(url)):
        return question(dbos_url(url), connect_args(url, "sagegraph-migrate"))


def _dbos_file(url: str) -> Path | None:
    """SQLite's second file; None for another database."""
    file = sqlite_file(parse_url(url))
    return None if file is None else file.with_name(f"{file.stem}-dbos{file.suffix}")


def connect_args(url: str, application: str) -> dict[str, Any]:
    """Give the keyword arguments with which DBOS's driver connects; none for SQLite.

    Args:
        url: The registry's URL, or that of DBOS's own tables.
        application: The name that PostgreSQL shows for these connections.
    """
    if database_name(url) == "SQLite":
        return {}
    return {"application_name": application, "connect_timeout": _CONNECT_SECONDS, **POSTGRES_CONNECT_ARGS}


def require_usable_sqlite(url: str) -> None:
    """Refuse a SQLite that is too old for DBOS under this Python. Raises RegistryError."""
    if _dbos_file(url) and _PYTHON >= _FIRST_PYTHON and _SQLITE < _FIRST_SQLITE:
        raise RegistryError(
            f"This Python has SQLite {sqlite3.sqlite_version}; from Python 3.12 on, durable work takes 3.42 or later. "
            "Use PostgreSQL, a Python with a newer SQLite, or Python 3.11."
        )


def quiet_dbos() -> None:
    """Have DBOS's log be part of ours, from warnings on; to call it again changes nothing.

    DBOS gives its logger a handler of its own where it finds none, and then hides its lines from ours.
    """
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_is_told)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _is_told(record: logging.LogRecord) -> bool:
    """Refuse lines on cancelled work: another process goes on with it, and the line of the lost lease says so."""
    return not record.getMessage().startswith("Asyncio task cancelled")
