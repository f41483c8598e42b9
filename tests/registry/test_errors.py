"""registry.errors: each of SQLAlchemy's exceptions becomes one of ours, with a remedy and without a parameter."""

import traceback

import pytest
from psycopg.errors import (
    AdminShutdown,
    DiskFull,
    InsufficientPrivilege,
    OperationalError,
    ReadOnlySqlTransaction,
    TooManyConnections,
)
from sqlalchemy import exc

from registry import errors
from registry.errors import (
    RegistryConflictError,
    RegistryError,
    RegistryPermissionError,
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
        (exc.InternalError("S", {}, ReadOnlySqlTransaction("x")), RegistryUnavailableError, "it takes no writes"),
        (exc.InternalError("S", {}, CAUSE), RegistryError, "this is a fault in the gateway."),
        (exc.DataError("S", {}, CAUSE), RegistryError, "this is a fault in the gateway."),
        (exc.NoResultFound(), RegistryError, "this is a fault in the gateway."),
    ],
)
def test_each_becomes_one_of_ours(raised: Exception, kind: type[Exception], words: str) -> None:
    with pytest.raises(RegistryError) as exception_info, translated_errors("the database"):
        raise raised
    assert type(exception_info.value) is kind
    assert words in str(exception_info.value)
    assert "what nobody should see" not in str(exception_info.value)
    assert exception_info.value.__cause__ is (None if "takes no writes" in words else raised)


@pytest.mark.parametrize("raised", [UnstorableTextError("A name"), KeyError("name")])
def test_what_is_no_exception_of_sqlalchemy_s_stays(raised: Exception) -> None:
    with pytest.raises(type(raised)) as exception_info, translated_errors("the database"):
        raise raised
    assert exception_info.value is raised


def test_what_goes_well() -> None:
    with translated_errors("the database"):
        pass


CONNECTING = 'connection to server at "db.internal" (10.0.0.7), port 5432 failed: '


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (OperationalError(CONNECTING + "Connection refused"), "the connection was refused; nothing listens there"),
        (
            OperationalError(CONNECTING + 'FATAL:  password authentication failed for user "me"'),
            "it refuses the user or the password",
        ),
        (OperationalError("failed to resolve host 'db.internal': Name unknown"), "its host name is unknown"),
        (OperationalError(CONNECTING + 'FATAL:  database "graph" does not exist'), "it has no database of this name"),
        (
            OperationalError("db.internal in words of tomorrow"),
            "it gives no reason that may be shown (OperationalError)",
        ),
        (DiskFull("could not extend file"), "its disk is full"),
        (TooManyConnections("x"), "it admits no more connections"),
        (AdminShutdown("x"), "it was shut down"),
    ],
)
def test_a_reason_has_nothing_of_the_address(cause: Exception, reason: str) -> None:
    with pytest.raises(RegistryUnavailableError) as exception_info, translated_errors("PostgreSQL"):
        raise exc.OperationalError("S", {}, cause)
    assert str(exception_info.value) == f"The registry (PostgreSQL) does not answer: {reason}."
    printed = "".join(traceback.format_exception(exception_info.value))
    assert not any(part in printed for part in ("db.internal", "10.0.0.7", "5432"))


@pytest.mark.parametrize(
    ("words", "grant"),
    [
        ("permission denied for schema public", "GRANT USAGE, CREATE ON SCHEMA public"),
        ("permission denied for schema dbos", "GRANT USAGE, CREATE ON SCHEMA dbos"),
        ('permission denied for schema "hidden"', "GRANT USAGE, CREATE ON SCHEMA …"),
        ("permission denied for database hidden", "GRANT CREATE ON DATABASE … TO"),
        (
            "permission denied for table hidden",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, dbos",
        ),
        ("permission denied for sequence hidden", "GRANT USAGE ON ALL SEQUENCES"),
        ("must be owner of table hidden", "run `migrate` as the owner"),
    ],
)
def test_a_missing_right_is_named_with_its_grant(words: str, grant: str) -> None:
    with pytest.raises(RegistryPermissionError) as exception_info, translated_errors("PostgreSQL"):
        raise exc.ProgrammingError("S", {}, InsufficientPrivilege(words))
    assert grant in str(exception_info.value)
    assert "hidden" not in str(exception_info.value)


def test_codes() -> None:
    known: list[type[errors.RegistryError]] = [errors.RegistryError, *_subclasses(errors.RegistryError)]
    assert {error.__name__: (error.code, error.input_code, error.input_field) for error in known} == {
        "RegistryError": ("INTERNAL", None, None),
        "RegistryUnavailableError": ("UPSTREAM_UNAVAILABLE", None, None),
        "RegistryPermissionError": ("UPSTREAM_UNAVAILABLE", None, None),
        "SchemaVersionError": ("INTERNAL", None, None),
        "SchemaBehindError": ("INTERNAL", None, None),
        "SchemaAheadError": ("INTERNAL", None, None),
        "RegistryConflictError": ("INTERNAL", "CONFLICT", None),
        "UnstorableTextError": ("INTERNAL", "INVALID", None),
        "MetadataError": ("INTERNAL", "INVALID", ("customMetadata",)),
    }


def _subclasses(error: type[errors.RegistryError]) -> list[type[errors.RegistryError]]:
    return [known for child in error.__subclasses__() for known in (child, *_subclasses(child))]
