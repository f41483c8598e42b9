"""resolvers.errors: faults as data, and as the error that carries them."""

import pytest

from auth.errors import ForbiddenError, UnknownRegionError
from aws.client.errors import AccessDeniedError, InvalidRequestError, NotFoundError, ThrottledError
from aws.write.errors import InputFault, MissingTargetError, MultipleFaultsError, QuotaExceededError
from registry.errors import MetadataError, RegistryConflictError, RegistryUnavailableError, UnstorableTextError
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_errors_of, user_fault


def test_one_fault() -> None:
    error = user_fault("Wrong.", UserErrorCode.UNREADABLE, "content", "s3Uri")
    assert error.errors == (UserError("Wrong.", UserErrorCode.UNREADABLE, ("content", "s3Uri")),)
    assert str(error) == "Wrong."


def test_a_fault_of_no_field_is_about_none() -> None:
    assert user_fault("Wrong.").errors == (UserError("Wrong.", UserErrorCode.INVALID, None),)


def test_several_are_told_in_their_order() -> None:
    errors = [UserError("One.", UserErrorCode.INVALID, ("a",)), UserError("Two.", UserErrorCode.CONFLICT)]
    error = UserFaultError(errors)
    assert (error.errors, str(error)) == (tuple(errors), "One. Two.")


@pytest.mark.parametrize(
    ("error", "code", "field"),
    [
        (UnknownRegionError("so"), UserErrorCode.INVALID, ("region",)),
        (MetadataError("so"), UserErrorCode.INVALID, ("customMetadata",)),
        (UnstorableTextError("so"), UserErrorCode.INVALID, None),
        (RegistryConflictError("so"), UserErrorCode.CONFLICT, None),
        (NotFoundError("so", operation="DescribeModel"), UserErrorCode.NOT_FOUND, None),
        (InvalidRequestError("so", operation="DescribeModel"), UserErrorCode.INVALID, None),
        (user_fault("so", UserErrorCode.DISABLED, "a", "b"), UserErrorCode.DISABLED, ("a", "b")),
        (QuotaExceededError([InputFault("so", ("instanceType",))]), UserErrorCode.QUOTA_EXCEEDED, ("instanceType",)),
        (QuotaExceededError([InputFault("so")]), UserErrorCode.QUOTA_EXCEEDED, None),
    ],
)
def test_the_contents_fault(error: Exception, code: UserErrorCode, field: tuple[str, ...] | None) -> None:
    assert user_errors_of(error) == (UserError("so", code, field),)


def test_several_faults_keep_their_codes() -> None:
    missing, beyond = (
        MissingTargetError([InputFault("one", ("a",))]),
        QuotaExceededError([InputFault("two"), InputFault("three")]),
    )
    assert user_errors_of(MultipleFaultsError([missing, beyond])) == (
        UserError("one", UserErrorCode.NOT_FOUND, ("a",)),
        UserError("two", UserErrorCode.QUOTA_EXCEEDED),
        UserError("three", UserErrorCode.QUOTA_EXCEEDED),
    )


@pytest.mark.parametrize(
    "error",
    [
        ForbiddenError("so"),
        AccessDeniedError("so", operation="DescribeModel"),
        ThrottledError("so", operation="DescribeModel"),
        RegistryUnavailableError("so"),
        ValueError("so"),
    ],
)
def test_anything_else(error: Exception) -> None:
    assert user_errors_of(error) is None
