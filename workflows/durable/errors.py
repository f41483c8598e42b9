"""Errors of durable work; DBOS's own exceptions end here."""

from typing import ClassVar


class DurableError(Exception):
    """Any failure of durable work. The message is safe to show.

    Attributes:
        code: The contract's error code.
    """

    code: ClassVar[str] = "INTERNAL"


class DurableTablesError(DurableError):
    """DBOS's tables are missing or of an earlier version; the message names the remedy."""


class DurableUnavailableError(DurableError):
    """Nothing can be started here now: the process is ending, or has lost its lease and has no new one yet."""

    code = "UPSTREAM_UNAVAILABLE"


class WorkMismatchError(DurableError):
    """The id belongs to work of another name, or the name is none that this process knows."""


class StepFailedError(DurableError):
    """A step has failed for good; it fails in the same way whenever its work is resumed.

    A step's function raises it with a kind and a message of its own, for a failure that is an answer; both are kept, so
    they may hold no secret. Any other exception reaches the body as one of these, with its class for a kind.

    Attributes:
        kind: A word for the failure, such as `SNAPSHOT_GONE`, or the name of the exception's class.
        message: The reason that people read.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
