"""Ids of the gateway's own records: opaque outside, a type name and the row's key inside."""

import base64
import binascii
import re
import secrets
import time

_KEY = re.compile(r"[0-9a-f]{32}")
_TYPE_NAME = re.compile(r"[A-Za-z]{1,30}")


def new_key() -> str:
    """Make a key for a new row: 32 hexadecimal digits that sort by time, to the millisecond."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def encode_base64url(plain: bytes) -> str:
    """Give `plain` in base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def decode_base64url(encoded: str) -> bytes | None:
    """Give the bytes of `encoded`, base64url without padding; None for any other text."""
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def encode_own_id(type_name: str, key: str) -> str:
    """Give the opaque id of a row; `type_name` is the name of its type in the schema."""
    return encode_base64url(f"{type_name}:{key}".encode())


def decode_own_id(encoded: str) -> tuple[str, str] | None:
    """Give the type name and the key in the id `encoded`; None if it is not an id of the gateway's own records."""
    plain = None if len(encoded) > 100 else decode_base64url(encoded)
    if plain is None or not plain.isascii():
        return None
    type_name, _, key = plain.decode("ascii").partition(":")
    if not _TYPE_NAME.fullmatch(type_name) or not _KEY.fullmatch(key) or encode_own_id(type_name, key) != encoded:
        return None
    return type_name, key


def key_of(encoded: str, type_name: str) -> str | None:
    """Give the key in the id `encoded` of the type `type_name`; None for any other id or text."""
    decoded = decode_own_id(encoded)
    return decoded[1] if decoded is not None and decoded[0] == type_name else None
