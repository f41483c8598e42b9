"""Tells what is the content's fault among all that can go wrong, and puts it into the contract's words."""

from typing import Final

from auth.errors import UnknownRegionError
from aws.errors import InvalidRequestError, NotFoundError
from aws.writing.errors import WriteRejectedError
from registry import errors as registry
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError

# What else is the content's fault, in which word, and at which field where that can only be one.
_INPUT_ERRORS: Final[tuple[tuple[type[Exception], UserErrorCode, tuple[str, ...] | None], ...]] = (
    (UnknownRegionError, UserErrorCode.INVALID, ("region",)),
    (registry.MetadataError, UserErrorCode.INVALID, ("customMetadata",)),
    (registry.UnstorableTextError, UserErrorCode.INVALID, None),
    (registry.RegistryConflictError, UserErrorCode.CONFLICT, None),
    (NotFoundError, UserErrorCode.NOT_FOUND, None),
    (InvalidRequestError, UserErrorCode.INVALID, None),
)


def user_errors_of(error: Exception) -> tuple[UserError, ...] | None:
    """The faults of the input that the error tells of; None where anything else is the matter."""
    if isinstance(error, UserFaultError):
        return error.errors
    if isinstance(error, WriteRejectedError):
        return tuple(
            UserError(fault.message, UserErrorCode[part.code], fault.field or None)
            for part in error.parts
            for fault in part.faults
        )
    for kind, code, field in _INPUT_ERRORS:
        if isinstance(error, kind):
            return (UserError(str(error), code, field),)
    return None
