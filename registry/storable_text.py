"""Text that both databases can store."""

import re

from registry.errors import UnstorableTextError

# PostgreSQL stores no NUL, and neither database half of a surrogate pair: JSON can write both, as \u0000 and \ud800.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Tell whether both databases can store the text."""
    return _UNSTORABLE.search(text) is None


def require_storable(text: str, label: str, max_characters: int | None = None) -> str:
    """Give the text back if both databases can store it.

    Args:
        text: The text.
        label: Its name for the message, such as `A display name`.
        max_characters: The most characters that it may have; None for any number.

    Raises:
        UnstorableTextError: It cannot be stored, or is too long.
    """
    if not is_storable(text):
        raise UnstorableTextError(f"{label} holds a NUL or half of a surrogate pair; leave it out.")
    if max_characters is not None and len(text) > max_characters:
        raise UnstorableTextError(f"{label} may have {max_characters} characters, not {len(text)}.")
    return text


def replace_unstorable(text: str) -> str:
    """Replace each character that a database cannot store by U+FFFD, in a text that must be kept."""
    return _UNSTORABLE.sub("\ufffd", text)
