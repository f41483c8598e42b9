"""resolvers.lists.pages: pages of what is found at once, and what may be said of a list that rests on several scans."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from aws.inventory.scans import Scan
from aws.kinds.snapshots import Snapshot
from aws.scopes import OpenScope
from registry.pages import Page
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.pages import completeness_of, page_of_records, page_of_scan, page_of_sequence
from resolvers.views.resource_view import LiveView, Viewed
from tests.registry.factories import NOON, minutes_after_noon
from tests.schema.snapshot_row import SNAPSHOT_ROW

BOUND = ("scope", "Model.snapshots", "churn")
# Two of them were made at one moment; the newest come first, and of those the greater name.
FIVE = [replace(SNAPSHOT_ROW, name=f"s{n}", creation_time=NOON + timedelta(hours=n // 2)) for n in (4, 3, 2, 1, 0)]
CURSORS = CursorCodec(("Query.things", "risk"))
NOTHING: Any = None
SCOPE = OpenScope(SNAPSHOT_ROW.scope, "arn:1", "1", "eu-west-1", NOTHING, NOTHING)
VIEW = LiveView(SCOPE, "risk", sees_secrets=False, services=NOTHING)
WHOLE = Scan((), (), minutes_after_noon(2), minutes_after_noon(1))


def page(first: int, after: str | None = None, snapshots: list[Snapshot] | None = None) -> Connection[Viewed[Snapshot]]:
    """A page of the five."""
    value = FIVE if snapshots is None else snapshots
    matches = [f"reason {snapshot.name}" for snapshot in value]
    connection = page_of_scan(
        VIEW, value, BOUND, PageArguments(first, after), completeness_of(len(value), WHOLE), matches
    )
    assert isinstance(connection, Connection)
    return connection


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
def test_every_one_comes_once(size: int) -> None:
    names, after, more = [], None, True
    while more:
        shown = page(size, after)
        assert [edge.match for edge in shown.edges] == [f"reason {node.name}" for node in shown.nodes]
        names += [node.name for node in shown.nodes]
        after, more = shown.page_info.end_cursor, shown.page_info.has_next_page
    assert names == ["s4", "s3", "s2", "s1", "s0"]
    assert not page(5).page_info.has_next_page


def test_what_comes_or_goes_between_two_pages_shifts_nothing() -> None:
    """Nor does the end of the page before have to be there still."""
    after = page(2).page_info.end_cursor
    newer = replace(SNAPSHOT_ROW, name="new", creation_time=NOON + timedelta(hours=9))
    changed = [newer, *FIVE[2:]]
    assert [node.name for node in page(2, after, changed).nodes] == ["s2", "s1"]


def test_a_cursor_of_another_list_is_an_answer() -> None:
    """It fails the one parent, and not all of its level."""
    cursor = page(2).page_info.end_cursor
    other = ("scope", "Model.snapshots", "other")
    connection = page_of_scan(VIEW, FIVE, other, PageArguments(2, cursor), completeness_of(5, WHOLE))
    assert isinstance(connection, BadInputError)


def test_another_groups_list_is_another_one() -> None:
    """One scope, two groups: their nodes have two ids, and a cursor of one is none of the other's."""
    other = replace(VIEW, group="other")
    cursor = page(2).page_info.end_cursor
    connection = page_of_scan(other, FIVE, BOUND, PageArguments(5, None), completeness_of(5, WHOLE))
    assert isinstance(connection, Connection)
    assert not {node.id for node in connection.nodes} & {node.id for node in page(5).nodes}
    behind = page_of_scan(other, FIVE, BOUND, PageArguments(5, cursor), completeness_of(5, WHOLE))
    assert isinstance(behind, BadInputError)


def test_a_list_is_as_complete_as_the_oldest_scan_that_it_rests_on() -> None:
    older = replace(WHOLE, complete_as_of=minutes_after_noon(1), refused=("a", "b"))
    standing = completeness_of(3, WHOLE, older, unreadable=1)
    assert (standing.total_count, standing.unreadable_count) == (3, 3)
    assert (standing.complete_as_of, standing.looked_back_to) == (minutes_after_noon(1), None)


def test_where_a_scan_was_cut_short_there_may_be_more() -> None:
    """It is as far back as every scan has looked; an empty one has looked nowhere."""
    cut = [
        replace(WHOLE, complete_as_of=None, looked_back_to=minutes_after_noon(5)),
        replace(WHOLE, complete_as_of=None, looked_back_to=minutes_after_noon(7)),
        replace(WHOLE, complete_as_of=None, looked_back_to=None),
    ]
    standing = completeness_of(3, WHOLE, *cut)
    assert (standing.total_count, standing.complete_as_of, standing.looked_back_to) == (
        None,
        None,
        minutes_after_noon(7),
    )
    assert completeness_of(0, cut[2]).looked_back_to is None


def test_a_list_that_is_known_whole() -> None:
    """Page by page, with the same places whichever page they are on."""
    seen: list[str] = []
    after = None
    for size, more in ((2, True), (2, True), (1, False)):
        connection = page_of_sequence("abcde", "letters", PageArguments(2, after))
        assert (len(connection.nodes), connection.page_info.has_next_page) == (size, more)
        assert connection.page_info.has_previous_page is (after is not None)
        seen += connection.nodes
        after = connection.page_info.end_cursor
    assert seen == list("abcde")
    assert page_of_sequence("", "letters", PageArguments(2, None)).page_info.end_cursor is None


def test_records_keep_their_places() -> None:
    place = NOON.astimezone(timezone(timedelta(hours=9))), "key"
    connection = page_of_records(Page(("record",), (place,), has_more=True), CURSORS, None, total=7)
    (edge,) = connection.edges
    assert (edge.node, connection.total_count, connection.page_info.has_next_page) == ("record", 7, True)
    assert CURSORS.decode_record(edge.cursor) == (NOON, "key")
    assert CURSORS.decode_record(None) is None
