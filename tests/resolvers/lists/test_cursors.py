"""resolvers.lists.cursors: a place comes back from its own list, and a forged or foreign cursor is BAD_USER_INPUT."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.errors import BadInputError
from resolvers.lists.cursors import CursorCodec

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LIST = CursorCodec(("scope", "models"))
CURSORS = CursorCodec(("Query.things", "risk"))
PLACE = (NOON, "name", "Model")


@given(
    moment=st.datetimes(timezones=st.just(UTC)),
    name=st.text("abcXYZ019-", min_size=1, max_size=63),
    kind=st.sampled_from(["Model", "Snapshot", "Runtime", "TrainingJob", "TransformJob"]),
)
def test_a_place_comes_back(moment: datetime, name: str, kind: str) -> None:
    assert LIST.decode_order(LIST.encode_order((moment, name, kind))) == (moment, name, kind)


def test_no_cursor_is_no_place() -> None:
    assert LIST.decode_order(None) is None


def test_a_moment_is_one_moment_in_every_zone() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))
    assert LIST.encode_order((elsewhere, "name", "Model")) == LIST.encode_order(PLACE)


def test_a_cursor_tells_nothing_of_what_it_is_bound_to() -> None:
    assert "scope" not in base64.urlsafe_b64decode(LIST.encode_order(PLACE) + "==").decode()


def test_a_cursor_of_another_list() -> None:
    with pytest.raises(BadInputError):
        CursorCodec(("scope", "snapshots")).decode_order(LIST.encode_order(PLACE))


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        " ",
        "a",
        "é",
        "%",
        forged(),
        forged("digest"),
        forged("digest", "never", "name", "Model"),
        forged("digest", "2026-01-01T00:00:00+00:00", "name", "Pipeline"),
        forged("digest", 5, "name", "Model"),
        forged("digest", "0001-01-01T00:00:00+23:59", "name", "Model"),
        LIST.encode_order(PLACE)[:-3],
        LIST.encode_order(PLACE) + "====",
    ],
)
def test_a_forged_cursor(cursor: str) -> None:
    with pytest.raises(BadInputError):
        LIST.decode_order(cursor)


@given(st.text(max_size=60))
def test_no_text_is_more_than_a_bad_cursor(cursor: str) -> None:
    with pytest.raises(BadInputError):
        LIST.decode_order(cursor)


@pytest.mark.parametrize("change", ["digest", "spelling"])
def test_a_cursor_that_was_changed(change: str) -> None:
    digest, moment, name, kind = json.loads(base64.urlsafe_b64decode(LIST.encode_order(PLACE) + "=="))
    parts = ("0" * 18, moment, name, kind) if change == "digest" else (digest, moment.replace("T", " "), name, kind)
    with pytest.raises(BadInputError):
        LIST.decode_order(forged(*parts))


def forged_place(*place: str) -> str:
    """A cursor whose digest is right: the list's identity can be guessed, so a digest proves nothing."""
    digest = hashlib.blake2s(repr((CURSORS.bound_to, place)).encode(), digest_size=9).hexdigest()
    plain = json.dumps([digest, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def edited(cursor: str, old: str, new: str) -> str:
    plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    return base64.urlsafe_b64encode(plain.replace(old, new).encode()).decode().rstrip("=")


OWN = CURSORS.encode_record((NOON, "key"))
FOREIGN = {
    "nothing": "",
    "no base64": "é",
    "no JSON": base64.urlsafe_b64encode(b"no").decode(),
    "no list": base64.urlsafe_b64encode(b"{}").decode(),
    "an empty list": base64.urlsafe_b64encode(b"[]").decode(),
    "numbers": base64.urlsafe_b64encode(b"[1,2]").decode(),
    "too long": "a" * 4_501,
    "another list's": CursorCodec(("Query.things", "marketing")).encode_record((NOON, "key")),
    "edited": edited(OWN, "key", "kez"),
    "another moment": edited(OWN, "2026", "2025"),
    "padded": f"{OWN}=",
    "reckoned, without a moment": forged_place("yesterday", "key"),
    "reckoned, a moment of nowhere": forged_place("2026-01-01T12:00:00", "key"),
    "reckoned, a moment before all": forged_place("0001-01-01T00:00:00+09:00", "key"),
    "reckoned, with a NUL": forged_place(NOON.isoformat(), "k\0y"),
    "reckoned, with half of a pair": forged_place(NOON.isoformat(), "k\ud800y"),
    "reckoned, too short": forged_place(NOON.isoformat()),
    "reckoned, too much": forged_place(NOON.isoformat(), "key", "key"),
}


@pytest.mark.parametrize("cursor", FOREIGN)
def test_a_cursor_that_is_none(cursor: str) -> None:
    with pytest.raises(BadInputError):
        CURSORS.decode_record(FOREIGN[cursor])


@pytest.mark.parametrize("place", [(), ("-1",), ("1", "2"), ("1_0",), ("\u0661",), ("1" * 10,), ("",)])
def test_a_number_that_is_none(place: tuple[str, ...]) -> None:
    assert CURSORS.decode_offset(CURSORS.encode_offset(7)) == 7
    with pytest.raises(BadInputError):
        CURSORS.decode_offset(forged_place(*place))


@given(st.text(max_size=420) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_is_more_than_a_bad_cursor_of_records(cursor: Any) -> None:
    for decode in (CURSORS.decode_record, CURSORS.decode_offset):
        with pytest.raises(BadInputError):
            decode(cursor)
