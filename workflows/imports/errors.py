"""Errors of imports."""

from typing import ClassVar


class UnreadableCopyError(Exception):
    """A stored copy was made by another version of the gateway; a sync makes it anew.

    Attributes:
        code: The contract's error code.
    """

    code: ClassVar[str] = "INTERNAL"
