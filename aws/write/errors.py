"""Errors of writes that were rejected because of their input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

# The most faults that are reported; an input of 100 kB can have thousands.
_MAX_FAULTS = 100


@dataclass(frozen=True, slots=True)
class InputFault:
    """One fault of an input.

    Attributes:
        message: The fault and its remedy, in a sentence. It repeats no value of an environment variable or
            hyper-parameter.
        field: The path of the field, in the contract's spelling; empty if it concerns no field.
    """

    message: str
    field: tuple[str, ...] = ()


class WriteRejectedError(Exception):
    """Nothing was done, because of the content of the input; a repetition would be rejected again.

    Attributes:
        faults: The faults, at least one; beyond a hundred, the last one gives the number of the others.
        code: The contract's `UserErrorCode`.
    """

    code: ClassVar[str]

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = _first(faults)
        super().__init__(" ".join(fault.message for fault in self.faults))

    @property
    def parts(self) -> tuple["WriteRejectedError", ...]:
        """The errors that it combines, each with its code; itself alone, unless it combines several."""
        return (self,)


class InvalidInputError(WriteRejectedError):
    """The input breaks a rule: one of the service model, one of the gateway, or one that AWS has reported."""

    code = "INVALID"


class MissingTargetError(WriteRejectedError):
    """A resource that the input names does not exist."""

    code = "NOT_FOUND"


class AlreadyExistsError(WriteRejectedError):
    """The name belongs to a resource that was not created through this gateway."""

    code = "ALREADY_EXISTS"


class WriteConflictError(WriteRejectedError):
    """The name or key belongs to other content, or the resource is in a state that forbids the operation."""

    code = "CONFLICT"


class QuotaExceededError(WriteRejectedError):
    """A quota of the account, or a limit of the group, is used up."""

    code = "QUOTA_EXCEEDED"


class MultipleFaultsError(InvalidInputError):
    """The input has several kinds of faults, each with its code.

    Attributes:
        errors: One error for each kind.
    """

    def __init__(self, errors: Sequence[WriteRejectedError]) -> None:
        super().__init__([fault for error in errors for fault in error.faults])
        self.errors = tuple(errors)

    @property
    def parts(self) -> tuple[WriteRejectedError, ...]:
        """The errors that it combines."""
        return self.errors


def _first(faults: Sequence[InputFault]) -> tuple[InputFault, ...]:
    if len(faults) <= _MAX_FAULTS:
        return tuple(faults)
    return (*faults[:_MAX_FAULTS], InputFault(f"There are {len(faults) - _MAX_FAULTS} more faults like these."))
