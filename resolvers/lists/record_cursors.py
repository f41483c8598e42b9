"""Cursors of registry pages and of numbered sequences."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry.pages import KeysetPosition
from resolvers.lists.opaque_cursors import OpaqueCursors, malformed_cursor

_OFFSET: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RecordCursors(OpaqueCursors):
    """Encodes and decodes the cursors of one list of records."""

    def encode_place(self, place: KeysetPosition) -> str:
        """Give the cursor of a record's place."""
        moment, key = place
        return self.encode(moment.astimezone(UTC).isoformat(), key)

    def decode_place(self, cursor: str | None) -> KeysetPosition | None:
        """Give the record's place of a cursor; None for no cursor.

        Raises:
            BadInputError: This list has not given out the cursor.
        """
        if cursor is None:
            return None
        try:
            timestamp, key = self.decode(cursor)
            moment = datetime.fromisoformat(timestamp)
            if moment.tzinfo is None or not key.isprintable():
                raise malformed_cursor()
            return moment.astimezone(UTC), key
        except (ValueError, OverflowError) as error:
            raise malformed_cursor() from error

    def decode_offset(self, cursor: str) -> int:
        """Give the place of a cursor of a list whose places are numbers.

        Raises:
            BadInputError: This list has not given out the cursor.
        """
        place = self.decode(cursor)
        if len(place) != 1 or _OFFSET.fullmatch(place[0]) is None:
            raise malformed_cursor()
        return int(place[0])
