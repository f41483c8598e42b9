"""Errors of the registry, and the translation of SQLAlchemy's exceptions into them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class RegistryError(Exception):
    """Any failure of the registry. The message is safe to show: it holds no password and nothing of what is kept."""


class RegistryUnavailableError(RegistryError):
    """The database cannot be reached, is locked, or broke off; the same may well work a little later."""


class SchemaVersionError(RegistryError):
    """The database's tables are not those of this version of the gateway; the message names the remedy."""


class SchemaBehindError(SchemaVersionError):
    """The database is not there, is empty, or has the tables of an earlier version."""


class SchemaAheadError(SchemaVersionError):
    """The database has tables of a version that this gateway does not know."""


class RegistryConflictError(RegistryError):
    """Somebody else changed or removed, at the same time, what this was about."""


class UnstorableTextError(RegistryError):
    """A text holds what no database keeps: a NUL, or half of a surrogate pair."""


class MetadataError(RegistryError):
    """Custom metadata is no JSON object, or larger or deeper than the registry keeps; the message names the limit."""


# PostgreSQL's word for a write where there are only reads: on a standby, or while an operator has stopped writes.
_READ_ONLY = "25006"


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Lets no exception of SQLAlchemy's out of the block; `name` is the database in words."""
    try:
        yield
    except IntegrityError as error:
        raise RegistryConflictError(
            "Somebody else changed or removed this at the same time; look at it again."
        ) from error
    except PoolTimeoutError as error:
        raise RegistryUnavailableError(
            f"The registry ({name}) is too busy: no connection was free in time; try again."
        ) from error
    except SQLAlchemyError as error:
        if _is_unavailable(error):
            raise RegistryUnavailableError(f"The registry ({name}) does not answer: {_reason(error)}") from error
        raise RegistryError(f"The registry ({name}) refused a statement; this is a fault in the gateway.") from error


def _is_unavailable(error: SQLAlchemyError) -> bool:
    """Whether the database is at fault, and not the statement. A file that is none is a DatabaseError and no more."""
    if isinstance(error, InternalError):
        return getattr(error.orig, "sqlstate", None) == _READ_ONLY
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _reason(error: SQLAlchemyError) -> str:
    """The first line of the driver's own words, which never hold a password."""
    lines = str(error.orig).strip().splitlines() if isinstance(error, DBAPIError) else []
    return lines[0].rstrip(".:") + "." if lines else "it gives no reason."
