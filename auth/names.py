"""What a caller's or a group's name may be, wherever it comes from: visible, bounded, and nobody else's."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from auth.caller import GATEWAY
from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.policy import EVERYONE

LONGEST_NAME: Final = 512
"""Characters in a user or a group. E-mail addresses and OpenID subjects end at 255; directory names run longer."""

MOST_GROUPS: Final = 1000
"""Groups in one identity. Directories give some people hundreds; more than this is no group list."""


def name(text: str, where: str) -> str:
    """Give the text without the white space around it; `where` names its header or claim in messages.

    Raises:
        MalformedIdentityError: It is too long, or a character of it cannot be seen.
    """
    trimmed = text.strip(" \t")
    if len(trimmed) > LONGEST_NAME:
        raise MalformedIdentityError(f"`{where}` holds a name of more than {LONGEST_NAME} characters.")
    if not all(map(_is_visible, trimmed)):
        raise MalformedIdentityError(f"`{where}` holds a character that cannot be seen.")
    return trimmed


def group(text: str, where: str) -> str:
    """Give one group's name, trimmed; empty where there is none.

    Raises:
        MalformedIdentityError: It is no name, or `*`.
    """
    named = name(text, where)
    if named == EVERYONE:
        raise MalformedIdentityError("A group cannot be named `*`: in the settings this stands for everyone.")
    return named


def groups(pieces: Iterable[str], where: str) -> tuple[str, ...]:
    """Give the groups trimmed, without empty ones, each once, in the order given.

    Raises:
        MalformedIdentityError: One of them is no name, or there are too many.
    """
    found = tuple(dict.fromkeys(filter(None, (group(piece, where) for piece in pieces))))
    if len(found) > MOST_GROUPS:
        raise MalformedIdentityError(f"`{where}` names more than {MOST_GROUPS} groups.")
    return found


def not_ours(subject: str) -> str:
    """Give the caller's name unless it is the gateway's own, under which its background work signs.

    Raises:
        InvalidIdentityError: It is.
    """
    if subject == GATEWAY:
        raise InvalidIdentityError(f"The name `{GATEWAY}` is the gateway's own; no caller may bear it.")
    return subject


def _is_visible(character: str) -> bool:
    """Whether names that differ in this character look different: no control, no format, no space but the plain one."""
    return character == " " or unicodedata.category(character)[0] not in "CZ"
