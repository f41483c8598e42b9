"""Opaque cursors: a place in one list as text that no other list takes and nobody can edit."""

import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from registry.ids import decode_base64url, encode_base64url
from resolvers.errors import BadInputError

MAX_CURSOR_LENGTH: Final = 400
"""Characters of a cursor. A digest, a time, a name of 63 characters and a kind come to about 200."""

_NOT_A_CURSOR: Final = (
    "`after` is no cursor of this list; take one from `pageInfo.endCursor` of the same field with the same arguments."
)


@dataclass(frozen=True, slots=True)
class OpaqueCursors:
    """Encodes and decodes the cursors of one list.

    Attributes:
        bound_to: The list's identity: its field, owner, scope, filter and order. Its digest is in each cursor.
    """

    bound_to: Hashable

    def encode(self, *place: str) -> str:
        """Give the cursor of a place, which is a few texts."""
        plain = json.dumps([self._digest(place), *place], separators=(",", ":"))
        return encode_base64url(plain.encode())

    def decode(self, cursor: str) -> tuple[str, ...]:
        """Give the place of a cursor.

        Raises:
            BadInputError: This list has not given out the cursor.
        """
        place = tuple(_parts(cursor)[1:])
        if self.encode(*place) != cursor:
            raise malformed_cursor()
        return place

    def _digest(self, place: tuple[str, ...]) -> str:
        """Give a digest over the list and the place, so that an edited cursor is not one of this list's."""
        return hashlib.blake2s(repr((self.bound_to, place)).encode(), digest_size=9).hexdigest()


def malformed_cursor() -> BadInputError:
    """Make the error for text that this list has not given out as a cursor."""
    return BadInputError(_NOT_A_CURSOR)


def _parts(cursor: str) -> list[str]:
    plain = None if len(cursor) > MAX_CURSOR_LENGTH else decode_base64url(cursor)
    if plain is None:
        raise malformed_cursor()
    try:
        parts = json.loads(plain)
    except (ValueError, RecursionError) as error:
        raise malformed_cursor() from error
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise malformed_cursor()
    return parts
