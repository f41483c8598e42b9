"""Errors of rehearsals. Each ends as the reason that a deployment shows."""

from typing import ClassVar


class RehearsalError(Exception):
    """A rehearsal cannot be made; the message names the asset or resource at fault and the remedy.

    Attributes:
        code: The contract's error code.
    """

    code: ClassVar[str] = "BAD_USER_INPUT"


class ComparatorError(RehearsalError):
    """A comparator cannot be read, or is malformed."""


class UnreadableInputError(RehearsalError):
    """Test data cannot be read."""


class TooManyValuesError(RehearsalError):
    """The output has more values than are compared."""

    code = "LIMIT_EXCEEDED"
