"""Cursors of lists of several scopes: places in one order, which stay valid while scopes come and go."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aws.inventory.listings import OrderKey, order_key
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from resolvers.errors import BadInputError
from resolvers.lists.connections import ListedView
from resolvers.lists.cursors import NOT_A_CURSOR, CursorCodec, Cursors, parse_time
from resolvers.lists.filters import OrderField, ResourceOrder

Place = tuple[datetime, str, str, str, str]
"""A place among the resources of several scopes: time, name, account, region and kind."""

_BEHIND_EVERY_KIND: Final = "\uffff"
_BEFORE_EVERY_KIND: Final = ""


def place_of(view: ListedView, resource: AnyResource) -> Place:
    """The place of a resource that a view lists, which no other resource of any account and region has."""
    moment, name, kind = order_key(resource)
    return moment, name, view.account_id, view.region, kind


def sort_key(place: Place, order: ResourceOrder) -> tuple[object, ...]:
    """The part of a place that an order goes by."""
    return place if order.by is OrderField.CREATION_TIME else place[1:]


@dataclass(frozen=True, slots=True)
class MergedCursors:
    """The codec of the cursors of one list of several scopes.

    Attributes:
        bound_to: The list's identity: its caller, field, filter and order, and its narrowing arguments; no scope.
        order: Its order.
    """

    bound_to: Hashable
    order: ResourceOrder

    def encode(self, place: Place) -> str:
        """The cursor of a place."""
        moment, *rest = place
        return CursorCodec(self.bound_to).encode_parts(moment.astimezone(UTC).isoformat(), *rest)

    def decode(self, cursor: str | None) -> Place | None:
        """The place of a cursor; None without one. Raises BadInputError for a cursor of another list."""
        if cursor is None:
            return None
        moment, name, account, region, kind = CursorCodec(self.bound_to).decode_parts(cursor, parts=5)
        try:
            return parse_time(moment), name, account, region, Kind(kind).value
        except ValueError as error:
            raise BadInputError(NOT_A_CURSOR) from error

    def of_scope(self, account_id: str, region: str) -> "ScopeCursors":
        """The codec for the part of one scope, an account and a region."""
        return ScopeCursors(self.bound_to, self, account_id, region)


@dataclass(frozen=True, slots=True)
class ScopeCursors(CursorCodec):
    """The cursors of a merged list, as the list of one of its scopes reads and gives them.

    Attributes:
        merged: The cursors of the whole list.
        account_id: The scope's account.
        region: The scope's region.
    """

    merged: MergedCursors
    account_id: str
    region: str

    def encode_order(self, place: OrderKey) -> str:
        """The cursor of a resource's place."""
        moment, name, kind = place
        return self.merged.encode((moment, name, self.account_id, self.region, kind))

    def of_resources(self, resources: Sequence[AnyResource]) -> Cursors:
        """The cursors of resources, each encoded when it is asked for."""
        return Cursors(lambda resource: self.encode_order(order_key(resource)), resources)

    def decode_order(self, cursor: str | None) -> OrderKey | None:
        """The place in the scope's own order behind which everything is behind the cursor's place."""
        place = self.merged.decode(cursor)
        if place is None:
            return None
        moment, name, account, region, kind = place
        if (account, region) == (self.account_id, self.region):
            return moment, name, kind
        # Of one moment and name, a scope's resources are all behind the place, or none is.
        is_behind = ((self.account_id, self.region) > (account, region)) is self.merged.order.ascending
        is_shown_from = is_behind is self.merged.order.ascending
        return moment, name, _BEFORE_EVERY_KIND if is_shown_from else _BEHIND_EVERY_KIND
