"""A page out of what a scan has found, for relations that SageMaker has no list of its own for."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

from aws.inventory.listings import place_of
from aws.inventory.scans import Scan
from aws.resources import AnyResource
from resolvers.connections import Connection, PageArguments, Standing, connection, page_info
from resolvers.cursors import Cursors
from resolvers.errors import BadInputError

Node = TypeVar("Node", bound=AnyResource)


def page_of(
    found: Sequence[Node],
    bound_to: Hashable,
    page: PageArguments,
    standing: Standing,
    matches: Sequence[object] | None = None,
) -> Connection[Node] | BadInputError:
    """The page of resources that are given newest first; a cursor of another list comes back as the error that it is.

    Args:
        found: All that belong to the relation, newest first.
        bound_to: What tells this relation's list from any other.
        page: Which page.
        standing: What is known of the whole.
        matches: The reason for each of `found`, where there is one.
    """
    cursors = Cursors(bound_to)
    try:
        after = cursors.decode(page.after)
    except BadInputError as error:
        return error
    begin = 0 if after is None else sum(place_of(resource) >= after for resource in found)
    end = begin + page.first
    shown = found[begin:end]
    places = [cursors.encode(place_of(resource)) for resource in shown]
    info = page_info(places, page.after, more=end < len(found))
    return connection(shown, places, info, standing, matches[begin:end] if matches is not None else None)


def standing_of(total: int, *scans: Scan, unreadable: int = 0) -> Standing:
    """What scans allow to be said of a list that rests on all of them."""
    complete = [scan.complete_as_of for scan in scans]
    looked_back = [scan.looked_back_to for scan in scans if scan.complete_as_of is None and scan.looked_back_to]
    known = [moment for moment in complete if moment is not None]
    is_complete = len(known) == len(scans)
    return Standing(
        total_count=total if is_complete else None,
        unreadable_count=unreadable + sum(len(scan.refused) for scan in scans),
        complete_as_of=min(known) if is_complete else None,
        looked_back_to=max(looked_back, default=None),
    )
