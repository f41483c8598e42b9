"""User errors: faults of a mutation input, and the exceptions that map to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from auth.errors import AuthError
from aws.client.errors import InvalidRequestError, NotFoundError
from aws.write.errors import WriteRejectedError
from registry.errors import RegistryError


class UserErrorCode(Enum):
    """What sort of fault it is; the names are the contract's."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    CONFLICT = "CONFLICT"
    UNREADABLE = "UNREADABLE"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class UserError:
    """One fault.

    Attributes:
        message: The fault and its remedy, in a sentence; never a value that may be secret.
        code: What sort of fault it is.
        field: The path of the input's field that it is about, from below `input`; None where it is about no field.
    """

    message: str
    code: UserErrorCode
    field: tuple[str, ...] | None = None


class UserFaultError(Exception):
    """The input's content is at fault, and nothing was done; a mutation answers it with `userErrors`."""

    def __init__(self, errors: Sequence[UserError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = tuple(errors)


def user_fault(message: str, code: UserErrorCode = UserErrorCode.INVALID, *field: str) -> UserFaultError:
    """The error of a single fault; `field` is the path of what it is about, if it is about a field."""
    return UserFaultError([UserError(message, code, field or None)])


# What else is the content's fault, in which word, and at which field where that can only be one.
_INPUT_ERRORS: Final[tuple[tuple[type[Exception], UserErrorCode, tuple[str, ...] | None], ...]] = (
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
    if isinstance(error, AuthError | RegistryError):
        if error.input_code is None:
            return None
        return (UserError(str(error), UserErrorCode[error.input_code], error.input_field),)
    for kind, code, field in _INPUT_ERRORS:
        if isinstance(error, kind):
            return (UserError(str(error), code, field),)
    return None
