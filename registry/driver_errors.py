"""Errors of database drivers in words that may be shown: a reason, or the right that is missing.

The messages of PostgreSQL's driver hold the database's host, port, name and user; SQLite's do not.
"""

import re
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)

_READ_ONLY: Final = "25006"
_INSUFFICIENT_PRIVILEGE: Final = "42501"
# PostgreSQL's SQLSTATEs, https://www.postgresql.org/docs/current/errcodes-appendix.html
_REASONS_BY_STATE: Final[Mapping[str, str]] = {
    _READ_ONLY: "it takes no writes: it is a standby, or an operator has stopped them",
    "28000": "it refuses the user",
    "28P01": "it refuses the user or the password",
    "3D000": "it has no database of this name",
    "40P01": "two transactions waited for each other",
    "53100": "its disk is full",
    "53200": "it is out of memory",
    "53300": "it admits no more connections",
    "55P03": "a lock was not free in time",
    "57014": "it cancelled a statement that took too long",
    "57P01": "it was shut down",
    "57P02": "it crashed",
    "57P03": "it is starting or shutting down",
}
# A connection that fails has no SQLSTATE, only a message.
_REASONS_BY_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        ("connection refused", "the connection was refused; nothing listens there"),
        ("resolve host|translate host name", "its host name is unknown"),
        ("timeout|timed out", "there was no answer in time"),
        ("no route to host|network is unreachable", "its host cannot be reached"),
        ("no such file or directory", "its socket is missing"),
        ("authentication failed|no password supplied", "it refuses the user or the password"),
        ('role ".*" does not exist', "it has no user of this name"),
        ('database ".*" does not exist', "it has no database of this name"),
        ("pg_hba.conf", "it does not admit this client (pg_hba.conf)"),
        ("too many (clients|connections)|remaining connection slots", "it admits no more connections"),
        ("starting up|shutting down", "it is starting or shutting down"),
        ("SSL|certificate", "TLS could not be agreed on"),
        ("closed|terminat|lost|reset by peer|broken pipe", "it closed the connection"),
    )
)
_DENIED: Final = re.compile(r'permission denied for (\w+) "?(\w+)')
_GRANTS: Final[Mapping[str, str]] = {
    "database": "GRANT CREATE ON DATABASE …",
    "sequence": "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, dbos",
    "function": "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dbos",
}
_TABLES: Final = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, dbos"


def unavailable_reason(error: SQLAlchemyError) -> str | None:
    """Give the reason of an `error` that is the fault of the database; None if the statement is at fault."""
    if not _is_unavailable(error):
        return None
    original = error.orig if isinstance(error, DBAPIError) else None
    if not _is_psycopg(original):
        lines = str(original).strip().splitlines() if original is not None else []
        return lines[0].rstrip(".:") if lines else "it gives no reason"
    state, words = getattr(original, "sqlstate", None), str(original)
    by_words = next((reason for pattern, reason in _REASONS_BY_WORDS if pattern.search(words)), None)
    unknown = f"it gives no reason that may be shown ({type(original).__name__}{f', {state}' if state else ''})"
    return _REASONS_BY_STATE.get(state or "") or by_words or unknown


def missing_right(error: SQLAlchemyError) -> str | None:
    """Give the remedy for a missing right in PostgreSQL, with its GRANT; None for any other error."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if getattr(original, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
        return None
    denied = _DENIED.search(str(original))
    if denied is None:
        return "run `migrate` as the owner of its tables"
    kind, name = denied.groups()
    if kind == "schema":
        return f"run GRANT USAGE, CREATE ON SCHEMA {name if name in {'public', 'dbos'} else '…'} TO its user"
    return f"run {_GRANTS.get(kind, _TABLES)} TO its user"


def holds_address(error: SQLAlchemyError) -> bool:
    """Tell whether the message of `error` may hold the database's address."""
    return isinstance(error, DBAPIError) and _is_psycopg(error.orig)


def _is_unavailable(error: SQLAlchemyError) -> bool:
    """Tell whether the database is at fault. For a file that is not a database, the class is DatabaseError itself."""
    if isinstance(error, InternalError):
        return getattr(error.orig, "sqlstate", None) == _READ_ONLY
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _is_psycopg(error: BaseException | None) -> bool:
    return type(error).__module__.startswith("psycopg")
