"""Errors of writes that were rejected because of their input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

# Nobody reads more than these, and an input of 100 kB can have thousands.
_MAX_FAULTS = 100


@dataclass(frozen=True, slots=True)
class InputFault:
    """One fault of an input.

    Attributes:
        message: The fault and its remedy, in a sentence. It repeats no value of an environment or a hyper-parameter.
        field: The path of the field that it is about, as the contract spells it; empty where it is about no field.
    """

    message: str
    field: tuple[str, ...] = ()


class WriteRejectedError(Exception):
    """Nothing was done, because of the content of what was asked for; asking again changes nothing.

    Attributes:
        code: The contract's word for it (`UserErrorCode`).
        faults: Every fault that was found, at least one; of very many the first hundred, and how many there are
            besides.
    """

    code: ClassVar[str]

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = _first(faults)
        super().__init__(" ".join(fault.message for fault in self.faults))

    @property
    def parts(self) -> tuple["WriteRejectedError", ...]:
        """The errors that it tells of, each with a code of its own: itself alone, but for several at once."""
        return (self,)


class InvalidInputError(WriteRejectedError):
    """The input breaks a rule: one of SageMaker's that was looked up here, one of ours, or one that AWS told of."""

    code = "INVALID"


class MissingTargetError(WriteRejectedError):
    """Something that the input names is not there."""

    code = "NOT_FOUND"


class AlreadyExistsError(WriteRejectedError):
    """The name is taken by something that was not made through this gateway."""

    code = "ALREADY_EXISTS"


class WriteConflictError(WriteRejectedError):
    """The name or the key stands for other content, or the thing is in a state in which this cannot be done."""

    code = "CONFLICT"


class QuotaExceededError(WriteRejectedError):
    """A quota of the account is used up, or it goes beyond what the group may start."""

    code = "QUOTA_EXCEEDED"


class MultipleFaultsError(InvalidInputError):
    """The input is at fault in several ways, which have codes of their own.

    Attributes:
        errors: One for each way.
    """

    def __init__(self, errors: Sequence[WriteRejectedError]) -> None:
        super().__init__([fault for error in errors for fault in error.faults])
        self.errors = tuple(errors)

    @property
    def parts(self) -> tuple[WriteRejectedError, ...]:
        """The errors that it is made of."""
        return self.errors


def _first(faults: Sequence[InputFault]) -> tuple[InputFault, ...]:
    if len(faults) <= _MAX_FAULTS:
        return tuple(faults)
    return (*faults[:_MAX_FAULTS], InputFault(f"There are {len(faults) - _MAX_FAULTS} more faults like these."))
