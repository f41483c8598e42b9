"""Puts what SQLAlchemy raises into the registry's own words."""

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

from registry.errors import RegistryConflictError, RegistryError, RegistryUnavailableError

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
