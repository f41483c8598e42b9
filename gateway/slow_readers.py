"""The pace at which a client must take the bytes written to it: one that takes none would hold its connection."""

from typing import Final

WRITE_SECONDS: Final = 10.0
MIN_WRITE_BYTES: Final = 65_536
"""A client takes so many bytes in `WRITE_SECONDS`, or the rest that waits for it, or its connection is cut."""


def takes_too_little(before: int, waiting: int) -> bool:
    """Tell whether a client is too slow.

    Args:
        before: The bytes that waited for it `WRITE_SECONDS` ago.
        waiting: The bytes that wait for it now.
    """
    return waiting > max(before - MIN_WRITE_BYTES, 0)
