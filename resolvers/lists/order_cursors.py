"""Opaque cursors of resource lists: a place in an order, bound to one list."""

import base64
import binascii
import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime

from aws.inventory.listings import OrderKey
from aws.kinds.kind import Kind
from resolvers.errors import BadInputError

# A digest, a time, a name of 63 characters and a kind come to about 200.
_MAX_ORDER_CURSOR_LENGTH = 400
_NOT_AN_ORDER_CURSOR = "`after` is no cursor of this gateway; take one from `pageInfo.endCursor`."


@dataclass(frozen=True, slots=True)
class OrderCursors:
    """Gives out and takes back the cursors of one list.

    Attributes:
        bound_to: What tells this list from any other: its scope, field, filter and order. Its digest is in each cursor.
    """

    bound_to: Hashable

    def encode(self, place: OrderKey) -> str:
        """The cursor of a place."""
        moment, name, kind = place
        told = moment.astimezone(UTC).isoformat()
        plain = json.dumps([self._digest(told, name, kind), told, name, kind], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    def decode(self, cursor: str | None) -> OrderKey | None:
        """The place of a cursor; None for no cursor. Raises BadInputError for one that this list has not given out."""
        if cursor is None:
            return None
        if len(cursor) > _MAX_ORDER_CURSOR_LENGTH:
            raise BadInputError(_NOT_AN_ORDER_CURSOR)
        try:
            plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            digest, moment, name, kind = json.loads(plain)
            place = datetime.fromisoformat(moment).astimezone(UTC), str(name), Kind(kind).value
        except (binascii.Error, UnicodeError, ValueError, TypeError, OverflowError) as error:
            raise BadInputError(_NOT_AN_ORDER_CURSOR) from error
        if not isinstance(digest, str) or self.encode(place) != cursor:
            raise BadInputError(
                "`after` belongs to another list; a cursor holds for the group, region, filter and order it is from."
            )
        return place

    def _digest(self, *place: str) -> str:
        """Over the place too, so that a cursor that somebody has edited is not one of this list's."""
        return hashlib.blake2s(repr((self.bound_to, place)).encode(), digest_size=9).hexdigest()
