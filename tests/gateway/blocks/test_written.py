"""gateway.blocks.written: looking into a file whatever stands in it."""

import pytest

from gateway.blocks.written import ABSENT, UNKNOWN, RawNode


def test_a_place_knows_its_key_and_its_text() -> None:
    place = RawNode({"permissions": [{"group": "risk"}]})["permissions"].items()[0]["group"]
    assert (place.key, place.text(), place.is_present) == ("permissions[0].group", "risk", True)


@pytest.mark.parametrize("value", ["text", None, [], 5, ABSENT])
def test_below_what_is_no_mapping_there_is_nothing(value: object) -> None:
    place = RawNode(value)["a"]["b"]
    assert place.value is ABSENT
    assert not place.is_present
    assert place.text("default") == "default"


def test_below_the_unknown_all_is_unknown() -> None:
    place = RawNode({"a": UNKNOWN})["a"]["b"]
    assert place.value is UNKNOWN
    assert place.text("default") is None


@pytest.mark.parametrize("value", ["text", None, {}, 5, ABSENT, UNKNOWN])
def test_what_is_no_list_has_no_items(value: object) -> None:
    assert RawNode(value).items() == []


@pytest.mark.parametrize("value", [None, "", 5, [], UNKNOWN])
def test_what_is_no_text_takes_no_default(value: object) -> None:
    assert RawNode({"a": value})["a"].text("default") is None
