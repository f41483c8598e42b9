"""Pages of records: every one once, and no cursor that the list has not given out."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.pages import Page
from resolvers.errors import BadInputError
from resolvers.lists.connections import PageArguments
from resolvers.lists.pages import page_of_records, page_of_sequence
from resolvers.lists.record_cursors import RecordCursors

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CURSORS = RecordCursors(("Query.things", "risk"))


def test_a_list_at_hand() -> None:
    """Page by page, with the same places whichever page they are on."""
    seen: list[str] = []
    after = None
    for size, more in ((2, True), (2, True), (1, False)):
        found = page_of_sequence("abcde", "letters", PageArguments(2, after))
        assert (len(found.nodes), found.page_info.has_next_page) == (size, more)
        assert found.page_info.has_previous_page is (after is not None)
        seen += found.nodes
        after = found.page_info.end_cursor
    assert seen == list("abcde")
    assert page_of_sequence("", "letters", PageArguments(2, None)).page_info.end_cursor is None


def test_records_keep_their_places() -> None:
    place = NOON.astimezone(timezone(timedelta(hours=9))), "key"
    found = page_of_records(Page(("record",), (place,), has_more=True), CURSORS, None, total=7)
    (edge,) = found.edges
    assert (edge.node, found.total_count, found.page_info.has_next_page) == ("record", 7, True)
    assert CURSORS.decode_place(edge.cursor) == (NOON, "key")
    assert CURSORS.decode_place(None) is None


def edited(cursor: str, old: str, new: str) -> str:
    plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    return base64.urlsafe_b64encode(plain.replace(old, new).encode()).decode().rstrip("=")


OWN = CURSORS.encode_place((NOON, "key"))
FOREIGN = {
    "nothing": "",
    "no base64": "é",
    "no JSON": base64.urlsafe_b64encode(b"no").decode(),
    "no list": base64.urlsafe_b64encode(b"{}").decode(),
    "an empty list": base64.urlsafe_b64encode(b"[]").decode(),
    "numbers": base64.urlsafe_b64encode(b"[1,2]").decode(),
    "too long": "a" * 401,
    "another list's": RecordCursors(("Query.things", "marketing")).encode_place((NOON, "key")),
    "edited": edited(OWN, "key", "kez"),
    "another moment": edited(OWN, "2026", "2025"),
    "padded": f"{OWN}=",
    "reckoned, without a moment": CURSORS.encode("yesterday", "key"),
    "reckoned, a moment of nowhere": CURSORS.encode("2026-01-01T12:00:00", "key"),
    "reckoned, a moment before all": CURSORS.encode("0001-01-01T00:00:00+09:00", "key"),
    "reckoned, with a NUL": CURSORS.encode(NOON.isoformat(), "k\0y"),
    "reckoned, with half of a pair": CURSORS.encode(NOON.isoformat(), "k\ud800y"),
    "reckoned, too short": CURSORS.encode(NOON.isoformat()),
    "reckoned, too much": CURSORS.encode(NOON.isoformat(), "key", "key"),
}


@pytest.mark.parametrize("cursor", FOREIGN)
def test_a_cursor_that_is_none(cursor: str) -> None:
    with pytest.raises(BadInputError, match="`after` is no cursor of this list"):
        CURSORS.decode_place(FOREIGN[cursor])


@pytest.mark.parametrize("place", [(), ("-1",), ("1", "2"), ("1_0",), ("\u0661",), ("1" * 10,), ("",)])
def test_a_number_that_is_none(place: tuple[str, ...]) -> None:
    assert CURSORS.decode_offset(CURSORS.encode("7")) == 7
    with pytest.raises(BadInputError, match="`after` is no cursor of this list"):
        CURSORS.decode_offset(CURSORS.encode(*place))


@given(st.text(max_size=320) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_whatever_is_given(cursor: Any) -> None:
    with pytest.raises(BadInputError):
        CURSORS.decode(cursor)
