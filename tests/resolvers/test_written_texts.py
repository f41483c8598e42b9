"""Texts that people write: what is kept of them, and what is told of those that cannot be."""

import pytest

from resolvers.user_errors import UserErrorCode, UserFaultError
from resolvers.written_texts import checked_display_name, checked_text


def test_what_is_kept() -> None:
    assert checked_display_name(None) is None
    assert checked_display_name("  A model\t") == "A model"
    assert checked_display_name("m" * 256) == "m" * 256
    assert checked_text("", 10, "description") == ""
    assert checked_text("añ🙂", 3, "description") == "añ🙂"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The display name is empty; give one, or leave it out."),
        (" \n", "The display name is empty; give one, or leave it out."),
        ("m" * 257, "This may have 256 characters, not 257."),
        ("a\0", "This holds a NUL or half of a surrogate pair; leave it out."),
        ("\ud800", "This holds a NUL or half of a surrogate pair; leave it out."),
    ],
)
def test_what_is_not(text: str, told: str) -> None:
    with pytest.raises(UserFaultError) as caught:
        checked_display_name(text)
    (error,) = caught.value.errors
    assert (error.message, error.code, error.field) == (told, UserErrorCode.INVALID, ("displayName",))
