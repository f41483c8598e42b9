"""Errors of documents that ask for too much."""

from typing import ClassVar


class LimitExceededError(Exception):
    """A document is larger than the settings allow; the message names the limit and the remedy."""

    code: ClassVar[str] = "LIMIT_EXCEEDED"
