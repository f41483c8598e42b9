"""Why something was not done in AWS though AWS could be asked: what is at fault in what was wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input.

    Attributes:
        message: The fault and its remedy, in a sentence. It repeats no value of an environment or a hyper-parameter.
        field: The path of the field that it is about, as the contract spells it; empty where it is about no field.
    """

    message: str
    field: tuple[str, ...] = ()


class NotDoneError(Exception):
    """Nothing was done, because of the content of what was asked for; asking again changes nothing.

    Attributes:
        code: The contract's word for it (`UserErrorCode`).
        faults: Every fault that was found, at least one.
    """

    code: ClassVar[str]

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = tuple(faults)


class InvalidInputError(NotDoneError):
    """The input breaks a rule: one of SageMaker's that was looked up here, one of ours, or one that AWS told of."""

    code = "INVALID"


class MissingTargetError(NotDoneError):
    """Something that the input names is not there."""

    code = "NOT_FOUND"


class AlreadyExistsError(NotDoneError):
    """The name is taken by something that was not made through this gateway."""

    code = "ALREADY_EXISTS"


class ConflictError(NotDoneError):
    """The name or the key stands for other content, or the thing is in a state in which this cannot be done."""

    code = "CONFLICT"


class QuotaExceededError(NotDoneError):
    """A quota of the account is used up, or it goes beyond what the group may start."""

    code = "QUOTA_EXCEEDED"
