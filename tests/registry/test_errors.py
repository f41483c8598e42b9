"""registry.errors: each of SQLAlchemy's exceptions becomes one of ours, with a remedy and without a parameter."""

import pytest
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import exc

from registry import errors
from registry.errors import (
    RegistryConflictError,
    RegistryError,
    RegistryUnavailableError,
    UnstorableTextError,
    translated_errors,
)

CAUSE = Exception("connection refused:\nDETAIL: what nobody should see")
AWAY = "The registry (the database) does not answer: connection refused."


@pytest.mark.parametrize(
    ("raised", "kind", "words"),
    [
        (
            exc.IntegrityError("S", {}, CAUSE),
            RegistryConflictError,
            "Somebody else changed or removed this at the same time",
        ),
        (exc.OperationalError("S", {}, CAUSE), RegistryUnavailableError, AWAY),
        (exc.InterfaceError("S", {}, CAUSE), RegistryUnavailableError, AWAY),
        (exc.DatabaseError("S", {}, CAUSE), RegistryUnavailableError, AWAY),
        (exc.OperationalError("S", {}, Exception()), RegistryUnavailableError, "it gives no reason."),
        (exc.TimeoutError("QueuePool"), RegistryUnavailableError, "(the database) is too busy"),
        (exc.ProgrammingError("S", {}, CAUSE), RegistryError, "this is a fault in the gateway."),
        (exc.InternalError("S", {}, ReadOnlySqlTransaction("connection refused:\n")), RegistryUnavailableError, AWAY),
        (exc.InternalError("S", {}, CAUSE), RegistryError, "this is a fault in the gateway."),
        (exc.DataError("S", {}, CAUSE), RegistryError, "this is a fault in the gateway."),
        (exc.NoResultFound(), RegistryError, "this is a fault in the gateway."),
    ],
)
def test_each_becomes_one_of_ours(raised: Exception, kind: type[Exception], words: str) -> None:
    with pytest.raises(RegistryError) as told, translated_errors("the database"):
        raise raised
    assert type(told.value) is kind
    assert words in str(told.value)
    assert "what nobody should see" not in str(told.value)
    assert told.value.__cause__ is raised


@pytest.mark.parametrize("raised", [UnstorableTextError("A name"), KeyError("name")])
def test_what_is_no_exception_of_sqlalchemy_s_stays(raised: Exception) -> None:
    with pytest.raises(type(raised)) as told, translated_errors("the database"):
        raise raised
    assert told.value is raised


def test_what_goes_well() -> None:
    with translated_errors("the database"):
        pass


def test_codes() -> None:
    known = [errors.RegistryError, *_subclasses(errors.RegistryError)]
    assert {error.__name__: (error.code, error.input_code, error.input_field) for error in known} == {
        "RegistryError": ("INTERNAL", None, None),
        "RegistryUnavailableError": ("UPSTREAM_UNAVAILABLE", None, None),
        "SchemaVersionError": ("INTERNAL", None, None),
        "SchemaBehindError": ("INTERNAL", None, None),
        "SchemaAheadError": ("INTERNAL", None, None),
        "RegistryConflictError": ("INTERNAL", "CONFLICT", None),
        "UnstorableTextError": ("INTERNAL", "INVALID", None),
        "MetadataError": ("INTERNAL", "INVALID", ("customMetadata",)),
    }


def _subclasses(error: type[errors.RegistryError]) -> list[type[errors.RegistryError]]:
    return [known for child in error.__subclasses__() for known in (child, *_subclasses(child))]
