"""The authenticated caller, and the rules for names of callers and groups."""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.lookalikes import is_blank, look_alike
from auth.permissions import EVERYONE

GATEWAY_SUBJECT: Final = "sagegraph"
"""The name under which the gateway's own background work signs; no caller may bear it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller. An anonymous request has none: it is `None`, never a caller without a name.

    Attributes:
        subject: The caller's name as the trusted proxy or the token gives it.
        groups: The groups of the identity, in the order in which it lists them, each once; may be empty.
        requested_group: The group that this request asks to act for (the acting-group header); None if it names none.
        expires_at: The end of the token that names the caller, in seconds since 1970; None without a token.
    """

    subject: str
    groups: tuple[str, ...]
    requested_group: str | None = None
    expires_at: int | None = field(default=None, compare=False)


MAX_NAME_CHARACTERS: Final = 512
"""Characters in a user or a group. E-mail addresses and OpenID subjects end at 255; directory names run longer."""

MAX_GROUPS: Final = 1000
"""Groups in one identity. Directories give some people hundreds; more than this is no group list."""


def parse_name(text: str, source: str) -> str:
    """Give `text` without the white space around it; `source` names its header or claim in messages.

    Raises:
        MalformedIdentityError: The name is too long, or holds an invisible character.
    """
    trimmed = text.strip(" \t")
    if len(trimmed) > MAX_NAME_CHARACTERS:
        raise MalformedIdentityError(f"`{source}` holds a name of more than {MAX_NAME_CHARACTERS} characters.")
    # Most names are ASCII, of which the printable characters are all that can be seen.
    if not (trimmed.isascii() and trimmed.isprintable()) and not all(map(_is_visible, trimmed)):
        raise MalformedIdentityError(f"`{source}` holds an invisible character.")
    return trimmed


def parse_group(text: str, source: str) -> str:
    """Give the name of one group, trimmed; empty if `text` is blank. `source` names its header or claim in messages.

    Raises:
        MalformedIdentityError: It is not a valid name, or it is `*`.
    """
    named = parse_name(text, source)
    if named == EVERYONE:
        raise MalformedIdentityError("A group cannot be named `*`: in the settings this stands for everyone.")
    return named


def split_groups(text: str, separator: str, source: str) -> list[str]:
    """Split a text of groups: `a,b` at the separator, `["a", "b"]` as JSON, and `[a, b]` at its commas.

    Identity providers write a list as text in the last two forms; Amazon Cognito does for a mapped attribute.
    `source` names the header or claim in messages.

    Raises:
        MalformedIdentityError: It begins like a list and does not end like one, or an element is not text.
    """
    trimmed = text.strip(" \t")
    if not trimmed.startswith("["):
        return text.split(separator)
    if not trimmed.endswith("]"):
        raise MalformedIdentityError(f"`{source}` begins with `[` like a list and does not end with `]`.")
    try:
        names = json.loads(trimmed, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return [name.strip(" \t\"'") for name in trimmed[1:-1].split(",")]
    if not all(isinstance(name, str) for name in names):
        raise MalformedIdentityError(f"`{source}` holds a list with an item that is not text.")
    return list(names)


def parse_groups(names: Iterable[str], source: str) -> tuple[str, ...]:
    """Give the groups in `names` trimmed, without empty ones, each once, in their order; `source` is for messages.

    Raises:
        MalformedIdentityError: One of them is not a valid name, or there are more than `MAX_GROUPS`.
    """
    unique_groups: dict[str, None] = {}
    for piece in names:
        if group := parse_group(piece, source):
            unique_groups[group] = None
        if len(unique_groups) > MAX_GROUPS:
            raise MalformedIdentityError(f"`{source}` names more than {MAX_GROUPS} groups.")
    return tuple(unique_groups)


def reject_gateway_subject(subject: str) -> str:
    """Give `subject` back unless it looks like the name under which the gateway's own background work signs.

    Raises:
        InvalidIdentityError: It looks like that name.
    """
    if look_alike(subject, GATEWAY_SUBJECT):
        raise InvalidIdentityError(
            f"The name `{GATEWAY_SUBJECT}` is reserved for the gateway, and so is each that looks like it; "
            "no caller may have it."
        )
    return subject


def _is_visible(character: str) -> bool:
    """Tell whether names that differ in this character look different. Controls, formats and odd spaces do not."""
    return character == " " or (unicodedata.category(character)[0] not in "CZ" and not is_blank(character))
