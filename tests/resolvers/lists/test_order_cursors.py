"""resolvers.lists.order_cursors: a place in an order, good for the list that it was given out for and no other."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.errors import BadInputError
from resolvers.lists.order_cursors import OrderCursors

MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)
LIST = OrderCursors(("scope", "models"))
PLACE = (MOMENT, "name", "Model")


@given(
    moment=st.datetimes(timezones=st.just(UTC)),
    name=st.text("abcXYZ019-", min_size=1, max_size=63),
    kind=st.sampled_from(["Model", "Snapshot", "Runtime", "TrainingJob", "TransformJob"]),
)
def test_a_place_comes_back(moment: datetime, name: str, kind: str) -> None:
    assert LIST.decode_place(LIST.encode_place((moment, name, kind))) == (moment, name, kind)


def test_no_cursor_is_no_place() -> None:
    assert LIST.decode_place(None) is None


def test_a_moment_is_one_moment_in_every_zone() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5)))
    assert LIST.encode_place((elsewhere, "name", "Model")) == LIST.encode_place(PLACE)


def test_a_cursor_tells_nothing_of_what_it_is_bound_to() -> None:
    assert "scope" not in base64.urlsafe_b64decode(LIST.encode_place(PLACE) + "==").decode()


def test_a_cursor_of_another_list() -> None:
    with pytest.raises(BadInputError, match="is no cursor of this list"):
        OrderCursors(("scope", "snapshots")).decode_place(LIST.encode_place(PLACE))


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
        LIST.encode_place(PLACE)[:-3],
        LIST.encode_place(PLACE) + "====",
    ],
)
def test_a_forged_cursor(cursor: str) -> None:
    with pytest.raises(BadInputError, match="is no cursor of this list"):
        LIST.decode_place(cursor)


@given(st.text(max_size=60))
def test_no_text_is_more_than_a_bad_cursor(cursor: str) -> None:
    with pytest.raises(BadInputError):
        LIST.decode_place(cursor)


@pytest.mark.parametrize("change", ["digest", "spelling"])
def test_a_cursor_that_was_changed(change: str) -> None:
    digest, moment, name, kind = json.loads(base64.urlsafe_b64decode(LIST.encode_place(PLACE) + "=="))
    parts = ("0" * 18, moment, name, kind) if change == "digest" else (digest, moment.replace("T", " "), name, kind)
    with pytest.raises(BadInputError):
        LIST.decode_place(forged(*parts))
