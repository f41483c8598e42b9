"""Puts what SQLAlchemy raises into the registry's own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from registry.errors import ConflictError, RegistryError, RegistryUnavailableError


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Lets no exception of SQLAlchemy's out of the block; `name` is the database in words."""
    try:
        yield
    except IntegrityError as error:
        raise ConflictError("Somebody else changed or removed this at the same time; look at it again.") from error
    except (OperationalError, InterfaceError) as error:
        raise RegistryUnavailableError(f"The registry ({name}) does not answer: {_reason(error)}") from error
    except PoolTimeoutError as error:
        raise RegistryUnavailableError(
            f"The registry ({name}) is too busy: no connection was free in time; try again."
        ) from error
    except SQLAlchemyError as error:
        raise RegistryError(f"The registry ({name}) refused a statement; this is a fault in the gateway.") from error


def _reason(error: DBAPIError) -> str:
    """The first line of the driver's own words, which never hold a password."""
    lines = str(error.orig).strip().splitlines()
    return lines[0].rstrip(".:") + "." if lines else "it gives no reason."
