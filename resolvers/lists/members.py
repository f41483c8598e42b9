"""Members of lists that no link of the index tells: read by name, and merged into the pages that the index gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aws.client.errors import AWSError
from aws.inventory.link_queries import Coverage
from aws.inventory.listings import OrderKey, order_key
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from resolvers.lists.connections import LinkedByHand


@dataclass(frozen=True, slots=True)
class Member:
    """A described resource that belongs to a list, and the reason why.

    Attributes:
        resource: The resource, with its detail.
        reason: The reason, a MatchReason or LinkedByHand.
    """

    resource: AnyResource
    reason: object


@dataclass(frozen=True, slots=True)
class ListMembers:
    """The members of one parent's list.

    Attributes:
        members: The members.
        unreadable: The number of things that could not be read and belong to the list, or might have led to more.
        open_kinds: The kinds of which there may be more that no list or link shows, even to a role that may read all.
        failure: Why the members are not known, if it is no refusal: the list is this error.
    """

    members: tuple[Member, ...] = ()
    unreadable: int = 0
    open_kinds: frozenset[Kind] = frozenset()
    failure: AWSError | None = None

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to merge, and nothing that might have led to more."""
        return not self.members and not self.unreadable and not self.open_kinds and self.failure is None

    def and_also(self, other: "ListMembers") -> "ListMembers":
        """These members and the other ones, in one list."""
        return ListMembers(
            (*self.members, *other.members),
            self.unreadable + other.unreadable,
            self.open_kinds | other.open_kinds,
            self.failure or other.failure,
        )


NO_MEMBERS: Final = ListMembers()


@dataclass(frozen=True, slots=True)
class MembersOfLists:
    """The members of the list of each parent of a level.

    Attributes:
        lists: One for each parent.
        coverage: The coverage of the resources that tell the members; None if it is that of the lists themselves.
    """

    lists: Sequence[ListMembers]
    coverage: Coverage | None = None

    @property
    def are_empty(self) -> bool:
        """Tell whether every list is known to have no members."""
        return self.lists.count(NO_MEMBERS) == len(self.lists)


def with_members(
    rows: Sequence[AnyResource], members: Iterable[Member], after: OrderKey | None, *, is_end: bool
) -> Sequence[AnyResource]:
    """Merge rows of a list, newest first, with the members that were created between them.

    Args:
        rows: The rows behind `after`.
        members: All members of the list; one that is among the rows is there once.
        after: The place behind which the rows begin; None for the newest.
        is_end: True if no row comes behind these, so that all further members do.
    """
    last = None if is_end or not rows else order_key(rows[-1])
    known = {order_key(row): row for row in rows}
    for member in members:
        place = order_key(member.resource)
        if (after is None or place < after) and (is_end or last is None or place > last):
            known.setdefault(place, member.resource)
    return [known[place] for place in sorted(known, reverse=True)] if len(known) > len(rows) else rows


def is_member(members: Iterable[Member], resource: AnyResource) -> bool:
    """Tell whether a resource is one of the members."""
    place = order_key(resource)
    return any(order_key(member.resource) == place for member in members)


def reason_with_member(reason: object, members: Iterable[Member], resource: AnyResource) -> object:
    """The reason for which a resource is in a list that has members, too.

    Args:
        reason: The reason that the links give; None without one. It is stronger than those of members.
        members: The members of the list.
        resource: The resource, which may be among the members.

    Returns:
        The reason; LinkedByHand around it if somebody has linked the resource besides.
    """
    place = order_key(resource)
    own = [member.reason for member in members if order_key(member.resource) == place]
    strongest = next((candidate for candidate in (reason, *own) if candidate is not None), None)
    by_hand = next((candidate for candidate in own if isinstance(candidate, LinkedByHand)), None)
    if by_hand is None or strongest is by_hand:
        return strongest
    return LinkedByHand(strongest, by_hand.by)
