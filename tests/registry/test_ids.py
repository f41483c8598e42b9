"""registry.ids: keys that sort by time, and ids that tell nobody but us what they are."""

import pytest

from registry.ids import decode_own_id, encode_own_id, key_of, new_key


def test_a_key() -> None:
    keys = [new_key() for _ in range(1000)]
    assert len(set(keys)) == 1000
    assert {len(key) for key in keys} == {32}
    assert [key[:12] for key in keys] == sorted(key[:12] for key in keys)


def test_an_id_comes_back() -> None:
    key = new_key()
    encoded = encode_own_id("Registration", key)
    assert decode_own_id(encoded) == ("Registration", key)
    assert key_of(encoded, "Registration") == key
    assert key_of(encoded, "Asset") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "é",
        "x" * 101,
        encode_own_id("Registration", "short"),
        encode_own_id("Regis:tration", "0" * 32),
        encode_own_id("", "0" * 32),
        encode_own_id("Registration", "G" * 32),
        encode_own_id("Registration", "0" * 32) + "=",
        encode_own_id("Registration", "0" * 32) + "\n",
    ],
)
def test_what_is_no_id(text: str) -> None:
    assert decode_own_id(text) is None
    assert key_of(text, "Registration") is None
