"""Errors of notifications."""


class SenderClosedError(Exception):
    """A delivery cannot be sent, because its process is ending; another one sends it."""
