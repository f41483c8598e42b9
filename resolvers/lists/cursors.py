"""Opaque cursors: one codec for places in lists of resources, of records and of sequences."""

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, overload

from aws.inventory.listings import OrderKey, order_key
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from registry.ids import decode_base64url, encode_base64url
from registry.pages import KeysetPosition
from registry.storable_text import is_storable
from resolvers.errors import BadInputError

# A digest, a time, a name of 63 characters and a kind come to about 200; a display name has 256 characters of twelve
# bytes at most, as JSON spells them.
_MAX_CURSOR_LENGTH: Final = 4_500
_OFFSET: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
NOT_A_CURSOR: Final = (
    "`after` is not a cursor of this list. A cursor is valid for one field, group, region, filter and order; take it "
    "from `pageInfo.endCursor` of the same list."
)


class Cursors(Sequence[str]):
    """The cursors of a page, each encoded only when it is asked for: most queries show none of them, or the last.

    Args:
        encode: Encodes the cursor of a place.
        places: The places, or the values that places are read off.
    """

    __slots__ = ("_encode", "_places")

    def __init__(self, encode: Callable[[Any], str], places: Sequence[Any]) -> None:
        self._encode = encode
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> "Cursors": ...

    def __getitem__(self, index: int | slice) -> "str | Cursors":
        if isinstance(index, slice):
            return Cursors(self._encode, self._places[index])
        return self._encode(self._places[index])


@dataclass(frozen=True, slots=True)
class CursorCodec:
    """Encode and decode the cursors of one list.

    Each `decode…` method raises BadInputError for a cursor that this list has not given out.

    Attributes:
        bound_to: The list's identity: its owner, field, filter and order. Its digest is part of each cursor.
    """

    bound_to: Hashable

    def encode_order(self, place: OrderKey) -> str:
        """The cursor of a resource's place in an order."""
        moment, name, kind = place
        return self.encode_parts(moment.astimezone(UTC).isoformat(), name, kind)

    def of_resources(self, resources: Sequence[AnyResource]) -> Cursors:
        """The cursors of resources, each encoded when it is asked for."""
        return Cursors(lambda resource: self.encode_order(order_key(resource)), resources)

    def decode_order(self, cursor: str | None) -> OrderKey | None:
        """Decode a place in an order; None without a cursor.

        Raises:
            BadInputError: The cursor is not of this list and order.
        """
        if cursor is None:
            return None
        place = self.decode_parts(cursor, parts=3)
        try:
            return parse_time(place[0]), place[1], Kind(place[2]).value
        except ValueError as error:
            raise BadInputError(NOT_A_CURSOR) from error

    def encode_record(self, position: KeysetPosition) -> str:
        """The cursor of a record at a position: its value in the order, a text or a moment, and its key."""
        value, key = position
        return self.encode_parts(value if isinstance(value, str) else value.astimezone(UTC).isoformat(), key)

    def decode_record(self, cursor: str | None, *, by_text: bool = False) -> KeysetPosition | None:
        """Decode the position of a record, a text or a moment with its key; None without a cursor.

        Raises:
            BadInputError: The cursor is not of this list and order.
        """
        if cursor is None:
            return None
        value, key = self.decode_parts(cursor, parts=2)
        if not key.isprintable() or not is_storable(value):
            raise BadInputError(NOT_A_CURSOR)
        return value if by_text else parse_time(value), key

    def encode_offset(self, offset: int) -> str:
        """The cursor of the element at an offset, from 0, in a sequence."""
        return self.encode_parts(str(offset))

    def decode_offset(self, cursor: str) -> int:
        """Decode the index of an element of a sequence, from 0.

        Raises:
            BadInputError: The cursor is not of this list.
        """
        (offset,) = self.decode_parts(cursor, parts=1)
        if _OFFSET.fullmatch(offset) is None:
            raise BadInputError(NOT_A_CURSOR)
        return int(offset)

    def encode_parts(self, *place: str) -> str:
        """The cursor of a place that these texts tell."""
        plain = json.dumps([self._digest(place), *place], separators=(",", ":"))
        return encode_base64url(plain.encode())

    def decode_parts(self, cursor: str, parts: int) -> tuple[str, ...]:
        """Decode the texts of a cursor, of the expected number.

        Raises:
            BadInputError: The cursor is not of this list, or has another number of texts.
        """
        plain = None if len(cursor) > _MAX_CURSOR_LENGTH else decode_base64url(cursor)
        if plain is None:
            raise BadInputError(NOT_A_CURSOR)
        try:
            decoded = json.loads(plain)
        except (ValueError, RecursionError) as error:
            raise BadInputError(NOT_A_CURSOR) from error
        if not isinstance(decoded, list) or not all(isinstance(part, str) for part in decoded):
            raise BadInputError(NOT_A_CURSOR)
        place = tuple(decoded[1:])
        if len(place) != parts or self.encode_parts(*place) != cursor:
            raise BadInputError(NOT_A_CURSOR)
        return place

    def _digest(self, place: tuple[str, ...]) -> str:
        """Cover the place too, so that an edited cursor is not one of this list's."""
        return hashlib.blake2s(repr((self.bound_to, place)).encode(), digest_size=9).hexdigest()


def parse_time(text: str) -> datetime:
    """The moment of an ISO 8601 text, in UTC.

    Raises:
        BadInputError: The text is no such moment: a digest is no secret, so a forged cursor may hold anything.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise BadInputError(NOT_A_CURSOR)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInputError(NOT_A_CURSOR) from error
