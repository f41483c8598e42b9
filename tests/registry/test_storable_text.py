"""registry.storable_text: what a database can keep of a text."""

import pytest

from registry.errors import UnstorableTextError
from registry.storable_text import is_storable, replace_unstorable, require_storable


@pytest.mark.parametrize("text", ["", "plain", "é 漢 🙂", "\n\t", "\ufffd"])
def test_what_can_be_kept(text: str) -> None:
    assert is_storable(text)
    assert require_storable(text, "A name") == replace_unstorable(text) == text


@pytest.mark.parametrize(("text", "mend"), [("a\x00b", "a\ufffdb"), ("\ud800", "\ufffd"), ("x\udfff", "x\ufffd")])
def test_what_cannot(text: str, mend: str) -> None:
    assert not is_storable(text)
    assert replace_unstorable(text) == mend
    with pytest.raises(UnstorableTextError, match=r"^A name holds a NUL or half of a surrogate pair; leave it out\.$"):
        require_storable(text, "A name")


def test_what_is_too_long() -> None:
    assert require_storable("x" * 5, "A name", 5) == "x" * 5
    with pytest.raises(UnstorableTextError, match=r"^A name may have 5 characters, not 6\.$"):
        require_storable("x" * 6, "A name", 5)
