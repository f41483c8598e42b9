"""Errors of requests and of mutation inputs, and the exceptions that map to user errors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final

from auth.errors import AuthError
from aws.client.errors import InvalidRequestError, NotFoundError
from aws.write.errors import WriteRejectedError
from registry.errors import RegistryError


class BadInputError(Exception):
    """An argument is at fault; the message names the argument and the remedy."""

    code: ClassVar[str] = "BAD_USER_INPUT"


class DeadlineError(Exception):
    """The request's time was up before this part of the answer was known."""

    code: ClassVar[str] = "TIMEOUT"


class ScanBoundError(Exception):
    """The rows that one answer may look through do not settle the question."""

    code: ClassVar[str] = "LIMIT_EXCEEDED"


class RateLimitedError(Exception):
    """A caller has used up their share; the same request may be sent again later.

    Args:
        message: The limit and the remedy.
        retry_after: Seconds until then.
    """

    code: ClassVar[str] = "LIMIT_EXCEEDED"

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = max(1, math.ceil(retry_after))


class UserErrorCode(Enum):
    """Categories of input faults; the names are the contract's."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    CONFLICT = "CONFLICT"
    UNREADABLE = "UNREADABLE"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class UserError:
    """One fault of an input.

    Attributes:
        message: The fault and its remedy, in a sentence; never a value that may be secret.
        code: Its category.
        field: The path of the faulty field, from below `input`; None if no single field is at fault.
    """

    message: str
    code: UserErrorCode
    field: tuple[str, ...] | None = None


class UserFaultError(Exception):
    """The input's content is at fault and nothing was done; a mutation answers it with `userErrors`.

    Args:
        errors: The faults, at least one.
    """

    def __init__(self, errors: Sequence[UserError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = tuple(errors)


def user_fault(message: str, code: UserErrorCode = UserErrorCode.INVALID, *field: str) -> UserFaultError:
    """Build the error of a single fault; `field` is the path of the faulty field, if there is one."""
    return UserFaultError([UserError(message, code, field or None)])


# Other exceptions that are the input's fault: category, and the field if it can only be one.
_INPUT_ERRORS: Final[tuple[tuple[type[Exception], UserErrorCode, tuple[str, ...] | None], ...]] = (
    (NotFoundError, UserErrorCode.NOT_FOUND, None),
    (InvalidRequestError, UserErrorCode.INVALID, None),
)


def user_errors_of(error: Exception) -> tuple[UserError, ...] | None:
    """The input faults that the error stands for; None if the input is not at fault."""
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
