"""Texts that people write into the registry: their length, and what no database keeps."""

from typing import Final

from registry.texts import is_storable
from resolvers.user_errors import UserErrorCode, user_fault

MAX_DISPLAY_NAME_LENGTH: Final = 256
MAX_DESCRIPTION_LENGTH: Final = 10_000


def checked_display_name(text: str | None) -> str | None:
    """The name without the spaces around it; None for none. Raises UserFaultError for an empty or too long one."""
    text = checked_text(text, MAX_DISPLAY_NAME_LENGTH, "displayName")
    if text is not None and not text.strip():
        raise user_fault("The display name is empty; give one, or leave it out.", UserErrorCode.INVALID, "displayName")
    return text if text is None else text.strip()


def checked_text(text: str | None, max_length: int, *path: str) -> str | None:
    """The text itself. Raises UserFaultError where it is too long or holds what cannot be kept."""
    if text is not None and len(text) > max_length:
        raise user_fault(f"This may have {max_length:,} characters, not {len(text):,}.", UserErrorCode.INVALID, *path)
    if text is not None and not is_storable(text):
        raise user_fault("This holds a NUL or half of a surrogate pair; leave it out.", UserErrorCode.INVALID, *path)
    return text
