"""auth.lookalikes: names that a reader takes for one, and characters that nobody sees."""

import unicodedata

import pytest

from auth import lookalikes
from auth.lookalikes import is_blank, look_alike, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann", "ann"),
        ("ann", "Ann"),
        ("ann", "\u0430nn"),
        ("sagegraph", "\u0455\u0430g\u0435gr\u0430\u0440h"),
        ("mark", "rnark"),
        ("lan", "Ian"),
        ("ann1", "annl"),
        ("ann", "a\u3164nn"),
        ("ann", "\U0001d41a\U0001d427\U0001d427"),
        ("ann@example.com", "\u0430nn@ex\u0430mple.com"),
        ("jos\u00e9", "jose\u0301"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert look_alike(one, other)
    assert look_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("ann", "anne"), ("ann", "bob"), ("jose", "jos\u00e9"), ("ian", "lan"), ("", "a"), ("1", "2")]
)
def test_not_alike(one: str, other: str) -> None:
    assert not look_alike(one, other)


def test_a_skeleton_of_a_skeleton_is_itself() -> None:
    for text in ("ann", "m\u0430x", "rnark", "\u2800x", "\U0001d41a"):
        assert skeleton(skeleton(text)) == skeleton(text)


@pytest.mark.parametrize(
    "character", ["\u2800", "\u3164", "\u115f", "\uffa0", "\u034f", "\ufe0f", "\U000e0100", "\u00ad"]
)
def test_blank_characters(character: str) -> None:
    assert is_blank(character)
    assert look_alike("ann", f"an{character}n")


def test_no_letter_of_a_name_is_blank() -> None:
    """Nothing that people write their names with, but for the fillers, is refused."""
    letters = [chr(code) for code in range(0x20, 0x2800) if unicodedata.category(chr(code)) in {"Lu", "Ll", "Lo", "Nd"}]
    assert [letter for letter in letters if is_blank(letter)] == ["\u115f", "\u1160"]


def test_a_prepared_table_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lookalikes.prepare()
    monkeypatch.setattr(lookalikes, "json", None)
    assert look_alike("ann", "\u0430nn")
