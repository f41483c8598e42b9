"""What a question itself can have wrong with it."""


class BadInputError(Exception):
    """The question's arguments are at fault; the message names the argument and the remedy (BAD_USER_INPUT)."""


class DeadlineError(Exception):
    """The request's time was up before this part of the answer was known (TIMEOUT)."""


class ScanBoundError(Exception):
    """There is more than one answer may look through, and what was looked at does not tell (LIMIT_EXCEEDED)."""
