"""Errors of the registry, and the translation of SQLAlchemy's exceptions into them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

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
    """Any failure of the registry. The message is safe to show: it holds no address, no secret and no stored value.

    Attributes:
        code: The contract's error code.
        input_code: The contract's `UserErrorCode`, if the input of a mutation is at fault.
        input_field: The path of the input's field that is at fault, if it can only be one.
    """

    code: ClassVar[str] = "INTERNAL"
    input_code: ClassVar[str | None] = None
    input_field: ClassVar[tuple[str, ...] | None] = None


class RegistryUnavailableError(RegistryError):
    """The database cannot be reached, is locked or full, or closed the connection; a retry may work."""

    code = "UPSTREAM_UNAVAILABLE"


class SchemaVersionError(RegistryError):
    """The database's tables are not those of this version of the gateway; the message names the remedy."""


class SchemaBehindError(SchemaVersionError):
    """The database is missing, empty, or has the tables of an earlier version."""


class SchemaAheadError(SchemaVersionError):
    """The database has the tables of a later version than this gateway knows."""


class RegistryConflictError(RegistryError):
    """A concurrent change or removal of the same row."""

    input_code = "CONFLICT"


class UnstorableTextError(RegistryError):
    """A text that no database stores (with a NUL or half of a surrogate pair), or that is too long."""

    input_code = "INVALID"


class MetadataError(RegistryError):
    """Custom metadata that is no JSON object, or too large or too deep; the message names the limit."""

    input_code = "INVALID"
    input_field = ("customMetadata",)


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
