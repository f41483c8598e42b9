"""Texts that people write into the registry: their length, and what no database keeps."""

from typing import Final

from registry.texts import is_storable
from resolvers.user_errors import UserErrorCode, fault

LONGEST_DISPLAY_NAME: Final = 256
LONGEST_DESCRIPTION: Final = 10_000


def checked_display_name(text: str | None) -> str | None:
    """The name without the spaces around it; None for none. Raises UserFaultError for an empty or too long one."""
    text = checked_text(text, LONGEST_DISPLAY_NAME, "displayName")
    if text is not None and not text.strip():
        raise fault("The display name is empty; give one, or leave it out.", UserErrorCode.INVALID, "displayName")
    return text if text is None else text.strip()


def checked_text(text: str | None, longest: int, *path: str) -> str | None:
    """The text itself. Raises UserFaultError where it is too long or holds what cannot be kept."""
    if text is not None and len(text) > longest:
        raise fault(f"This may have {longest:,} characters, not {len(text):,}.", UserErrorCode.INVALID, *path)
    if text is not None and not is_storable(text):
        raise fault("This holds a NUL or half of a surrogate pair; leave it out.", UserErrorCode.INVALID, *path)
    return text
