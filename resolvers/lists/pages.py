"""Connections built from registry pages, sequences and scans."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

from aws.inventory.listings import order_key
from aws.inventory.scans import Scan
from aws.kinds.catalog import AnyResource
from registry.pages import Page
from resolvers.errors import BadInputError
from resolvers.lists.connections import (
    Connection,
    ListCompleteness,
    PageArguments,
    build_connection,
    build_page_info,
)
from resolvers.lists.cursors import CursorCodec, Cursors
from resolvers.views.resource_view import ResourceView, Viewed, viewed

Record = TypeVar("Record")


def page_of_records(
    page: Page[Record], cursors: CursorCodec, after: str | None, total: int | None = None
) -> Connection[Record]:
    """A page of the registry's as a connection.

    Args:
        page: The records with their positions.
        cursors: The codec of the list's cursors.
        after: The cursor that was asked for; None for the first page.
        total: The number of all records of the list; None if it was not counted.
    """
    places = Cursors(cursors.encode_record, page.positions)
    info = build_page_info(places, after, more=page.has_more)
    return build_connection(page.records, places, info, ListCompleteness(total_count=total))


def page_of_sequence(items: Sequence[Record], bound_to: Hashable, page: PageArguments) -> Connection[Record]:
    """A page of `items`, the whole list. Raises BadInputError for a cursor of another list than `bound_to` names."""
    cursors = CursorCodec(bound_to)
    begin = 0 if page.after is None else cursors.decode_offset(page.after) + 1
    shown = items[begin : begin + page.first]
    places = Cursors(cursors.encode_offset, range(begin, begin + len(shown)))
    info = build_page_info(places, page.after, more=begin + page.first < len(items))
    return build_connection(shown, places, info, ListCompleteness(total_count=len(items)))


ResourceT = TypeVar("ResourceT", bound=AnyResource)


def page_of_scan(
    view: ResourceView,
    resources: Sequence[ResourceT],
    bound_to: Hashable,
    page: PageArguments,
    completeness: ListCompleteness,
    matches: Sequence[object] | None = None,
) -> Connection[Viewed[ResourceT]] | BadInputError:
    """The page of resources that stand newest first; a cursor of another list comes back as an error in its place.

    Args:
        view: The view that they were read through.
        resources: All that belong to the relation, newest first.
        bound_to: The identity of this relation's list, which its cursors are valid for.
        page: The page that is asked for.
        completeness: The completeness of the whole list.
        matches: The reason for each of `resources`; None if there are no reasons.
    """
    cursors = CursorCodec((view.key, bound_to))
    try:
        after = cursors.decode_order(page.after)
    except BadInputError as error:
        return error
    begin = 0 if after is None else sum(order_key(resource) >= after for resource in resources)
    end = begin + page.first
    places = cursors.of_resources(resources[begin:end])
    shown = [viewed(view, resource) for resource in resources[begin:end]]
    info = build_page_info(places, page.after, more=end < len(resources))
    reasons = matches[begin:end] if matches is not None else None
    return build_connection(shown, places, info, completeness, reasons, view)


def completeness_of(total: int, *scans: Scan, unreadable: int = 0) -> ListCompleteness:
    """The completeness of a list that rests on several scans.

    Args:
        total: The number of resources in the list.
        scans: The scans; the list is complete if all of them are.
        unreadable: The number of things that could not be read besides those of the scans.
    """
    complete = [scan.complete_as_of for scan in scans]
    looked_back = [scan.looked_back_to for scan in scans if scan.complete_as_of is None and scan.looked_back_to]
    known = [moment for moment in complete if moment is not None]
    is_complete = len(known) == len(scans)
    return ListCompleteness(
        total_count=total if is_complete else None,
        unreadable_count=unreadable + sum(len(scan.refused) for scan in scans),
        complete_as_of=min(known) if is_complete else None,
        looked_back_to=max(looked_back, default=None),
    )
