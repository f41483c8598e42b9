"""What is wrong with the content of a mutation's input, as data for whoever filled it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


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
