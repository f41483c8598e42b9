"""The ids of the gateway's own things: opaque outside, a word for the kind and the row's key inside."""

import base64
import binascii
import re
import secrets
import time

_KEY = re.compile(r"[0-9a-f]{32}")
_TYPE_NAME = re.compile(r"[A-Za-z]{1,30}")


def new_key() -> str:
    """A fresh key of a row, 32 hexadecimal digits; later ones sort behind earlier ones, to the millisecond."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def encode_own_id(type_name: str, key: str) -> str:
    """The opaque id of a row: `type_name` is the name of its type in the schema."""
    return base64.urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("=")


def decode_own_id(encoded: str) -> tuple[str, str] | None:
    """The word and the key of an id; None for what is no id of the gateway's own things."""
    if len(encoded) > 100:
        return None
    try:
        plain = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        return None
    word, _, key = plain.partition(":")
    if not _TYPE_NAME.fullmatch(word) or not _KEY.fullmatch(key) or encode_own_id(word, key) != encoded:
        return None
    return word, key


def key_of(encoded: str, type_name: str) -> str | None:
    """The key in an id of this kind; None for any other id, and for what is none."""
    found = decode_own_id(encoded)
    return found[1] if found is not None and found[0] == type_name else None
