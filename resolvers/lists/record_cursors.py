"""Opaque cursors of registry pages and sequences, each bound to one list."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry.pages import KeysetPosition
from resolvers.errors import BadInputError

# A digest, a time and a key of 32 digits come to about 120.
_MAX_RECORD_CURSOR_LENGTH: Final = 300
_OFFSET: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_NOT_A_RECORD_CURSOR: Final = "`after` is no cursor of this list; take one from `pageInfo.endCursor` of the same field."


@dataclass(frozen=True, slots=True)
class RecordCursors:
    """Gives out and takes back the cursors of one list of records.

    Attributes:
        bound_to: What tells this list from any other: its field, owner and filter. Its digest is in each cursor.
    """

    bound_to: Hashable

    def encode(self, *place: str) -> str:
        """The cursor of a place, which is a few texts."""
        plain = json.dumps([self._digest(place), *place], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    def decode(self, cursor: str) -> tuple[str, ...]:
        """The place of a cursor. Raises BadInputError for one that this list has not given out."""
        if len(cursor) > _MAX_RECORD_CURSOR_LENGTH:
            raise BadInputError(_NOT_A_RECORD_CURSOR)
        try:
            plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            parts = json.loads(plain)
        except (binascii.Error, UnicodeError, ValueError, RecursionError) as error:
            raise BadInputError(_NOT_A_RECORD_CURSOR) from error
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise BadInputError(_NOT_A_RECORD_CURSOR)
        place = tuple(parts[1:])
        if self.encode(*place) != cursor:
            raise BadInputError(_NOT_A_RECORD_CURSOR)
        return place

    def encode_place(self, place: KeysetPosition) -> str:
        """The cursor of a record's place."""
        moment, key = place
        return self.encode(moment.astimezone(UTC).isoformat(), key)

    def decode_place(self, cursor: str | None) -> KeysetPosition | None:
        """The record's place of a cursor; None for no cursor. Raises BadInputError."""
        if cursor is None:
            return None
        # Whoever reckons out a digest is told no more of the place than whoever does not.
        try:
            told, key = self.decode(cursor)
            moment = datetime.fromisoformat(told)
            if moment.tzinfo is None or not key.isprintable():
                raise BadInputError(_NOT_A_RECORD_CURSOR)
            return moment.astimezone(UTC), key
        except (ValueError, OverflowError) as error:
            raise BadInputError(_NOT_A_RECORD_CURSOR) from error

    def decode_offset(self, cursor: str) -> int:
        """The place of a cursor of a list whose places are numbers. Raises BadInputError."""
        place = self.decode(cursor)
        if len(place) != 1 or _OFFSET.fullmatch(place[0]) is None:
            raise BadInputError(_NOT_A_RECORD_CURSOR)
        return int(place[0])

    def _digest(self, place: tuple[str, ...]) -> str:
        """Over the place too, so that a cursor that somebody has edited is not one of this list's."""
        return hashlib.blake2s(repr((self.bound_to, place)).encode(), digest_size=9).hexdigest()
