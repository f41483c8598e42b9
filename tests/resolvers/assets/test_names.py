"""resolvers.assets.names: names and types of assets, and keys that keep groups and uploads apart."""

import pytest

from resolvers.assets.names import check_asset, is_upload_key, taken_key, upload_key
from resolvers.errors import UserFaultError


@pytest.mark.parametrize("name", ["a", "n" * 255, "März 2026, Bericht (final).pdf", "👩‍🔬", "../x", " x "])
@pytest.mark.parametrize("content_type", [None, "text/csv", "text/plain; charset=utf-8", "application/vnd.x+json"])
def test_what_an_asset_may_be_called(name: str, content_type: str | None) -> None:
    check_asset(name, content_type)


@pytest.mark.parametrize(
    "name", ["", "  ", "n" * 256, "a\nb", "a\x7fb", "a\x00b", "a\u2029b", "a\ud800b", "a\u202eb", "\u2066a"]
)
@pytest.mark.parametrize("content_type", ["", "csv", "text/", "a/b\n", "a/b; c=ü", "a/" + "b" * 255])
def test_every_fault_is_told(name: str, content_type: str) -> None:
    with pytest.raises(UserFaultError) as caught:
        check_asset(name, content_type)
    assert [error.field for error in caught.value.errors] == [("name",), ("contentType",)]


def last(name: str) -> str:
    return upload_key("222222222222", "risk", "r", "u", name).split("/")[5]


@pytest.mark.parametrize("name", ["train.csv", "a-b_c.D", "x" * 100])
def test_a_safe_name_stays(name: str) -> None:
    assert upload_key("222222222222", "risk", "r", "u", name) == f"222222222222/risk/uploads/r/u/{name}"


@pytest.mark.parametrize("name", [".", "..", "...", "/", "a/b", "a b", "ü", "*", "?", "${x}", "x" * 101, "a\\b", "%2e"])
def test_any_other_name_is_a_single_part_that_is_safe(name: str) -> None:
    assert set(last(name)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert 0 < len(last(name)) <= 113
    assert last(name)[0] != "."
    assert last(name) != name


def test_altered_parts_stay_apart() -> None:
    """A policy that lets a group write below its own part lets it write below no other group's."""
    groups = ["a b", "a_b", "a/b", "a*b", "b", "/b", "../b"]
    places = {upload_key("2", group, "r", "u", "n").split("/")[1] for group in groups}
    assert len(places) == len(groups)


@pytest.mark.parametrize("group", ["risk", "uploads", "taken"])
def test_no_form_writes_where_taken_uploads_lie(group: str) -> None:
    """Whatever a group or a file is called; each content of one upload has a place of its own."""
    form = upload_key("2", group, "r", "u", "taken")
    taken = taken_key("2", group, "r", "u", "0cc175b9", "n/ame")
    assert taken.startswith(f"2/{group}/taken/r/u/")
    assert not taken.startswith(form)
    assert taken != taken_key("2", group, "r", "u", "92eb5ffe", "n/ame")
    assert taken == taken_key("2", group, "r", "u", "0cc175b9", "n/ame")
    assert (is_upload_key(form, "2"), is_upload_key(taken, "2")) == (True, False)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("2/risk/uploads/r/u/n", True),
        ("2/risk/uploads/", True),
        ("2/risk/uploads", True),
        ("2/risk/upload", False),
        ("3/risk/uploads/r/u/n", False),
        ("uploads/a", False),
        ("", False),
    ],
)
def test_an_address_that_forms_write(key: str, expected: bool) -> None:
    assert is_upload_key(key, "2") is expected
