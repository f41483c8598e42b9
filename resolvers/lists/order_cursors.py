"""Cursors of resource lists: a place in an order."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aws.inventory.listings import OrderKey
from aws.kinds.kind import Kind
from resolvers.lists.opaque_cursors import OpaqueCursors, malformed_cursor


@dataclass(frozen=True, slots=True)
class OrderCursors(OpaqueCursors):
    """Encodes and decodes the cursors of one list of resources."""

    def encode_place(self, place: OrderKey) -> str:
        """Give the cursor of a place."""
        moment, name, kind = place
        return self.encode(moment.astimezone(UTC).isoformat(), name, kind)

    def decode_place(self, cursor: str | None) -> OrderKey | None:
        """Give the place of a cursor; None for no cursor.

        Raises:
            BadInputError: This list has not given out the cursor.
        """
        if cursor is None:
            return None
        try:
            moment, name, kind = self.decode(cursor)
            return datetime.fromisoformat(moment).astimezone(UTC), name, Kind(kind).value
        except (ValueError, OverflowError) as error:
            raise malformed_cursor() from error
