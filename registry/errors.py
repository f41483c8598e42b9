"""Errors of the registry, and the translation of SQLAlchemy's exceptions into them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from registry.driver_errors import holds_address, missing_right, unavailable_reason


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


class RegistryPermissionError(RegistryError):
    """The database's user lacks a right that somebody must grant; the message names the GRANT."""

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
    """A text that a database cannot store (with a NUL or half of a surrogate pair), or that is too long."""

    input_code = "INVALID"


class MetadataError(RegistryError):
    """Custom metadata that is not a JSON object, or too large or too deep; the message names the limit."""

    input_code = "INVALID"
    input_field = ("customMetadata",)


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Translate SQLAlchemy's exceptions of the block; `name` is the database in words.

    An exception whose message may hold the database's address is not kept as the cause: a log would print it.

    Raises:
        RegistryConflictError: Another transaction changed the same rows, or a constraint refuses them.
        RegistryPermissionError: The database user lacks a right; the message names it.
        RegistryUnavailableError: The database does not answer, or has no free connection.
    """
    try:
        yield
    except IntegrityError as error:
        raise RegistryConflictError("Somebody else changed or removed this at the same time; read it again.") from error
    except PoolTimeoutError as error:
        raise RegistryUnavailableError(
            f"The registry ({name}) is too busy: no connection was free in time; try again."
        ) from error
    except SQLAlchemyError as error:
        raise _translated(name, error) from (None if holds_address(error) else error)


def _translated(name: str, error: SQLAlchemyError) -> RegistryError:
    remedy, reason = missing_right(error), unavailable_reason(error)
    if remedy is not None:
        return RegistryPermissionError(
            f"The registry ({name}) refuses a statement because a right is missing: {remedy}. "
            "docs/operations.md lists the rights that the gateway needs."
        )
    if reason is not None:
        return RegistryUnavailableError(f"The registry ({name}) does not answer: {reason}.")
    return RegistryError(f"The registry ({name}) refused a statement; this is a fault in the gateway.")
