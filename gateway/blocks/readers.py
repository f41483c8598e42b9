"""How each kind of value is read from what is written; a reader raises ValueError, and never says what it was given.

Every scalar of the file arrives as text, so that YAML's own guesses (`no` as false, `012` as ten) never happen, and a
value means the same whether the file or the environment gives it. Numbers and switches are accepted as such from code.
"""

import ipaddress
import math
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pydantic import SecretStr

from gateway.blocks.faults import InvalidValueError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def printable(raw: object) -> str:
    """Text without control characters. Raises RefusedValueError."""
    if not isinstance(raw, str):
        raise InvalidValueError("is not text; write one value, in quotes")
    if not raw.isprintable():
        raise InvalidValueError("holds a line break or another control character; take it out")
    return raw


def text(raw: object) -> str:
    """Printable text that neither begins nor ends with white space, which is how a secret's stray newline shows."""
    if isinstance(raw, str) and raw != raw.strip():
        raise InvalidValueError("begins or ends with white space; take it away")
    return printable(raw)


def secret(raw: object) -> SecretStr:
    """Text that hides itself."""
    return SecretStr(text(raw))


def matching(pattern: str) -> Callable[[object], str]:
    """A reader for text that matches the whole pattern, in ASCII."""
    compiled = re.compile(pattern, re.ASCII)

    def read(written: object) -> str:
        if compiled.fullmatch(text(written)) is None:
            raise ValueError
        return str(written)

    return read


def secret_matching(pattern: str) -> Callable[[object], SecretStr]:
    """A reader for text that matches the whole pattern and hides itself."""
    read_text = matching(pattern)
    return lambda written: SecretStr(read_text(written))


def whole_number(minimum: int, maximum: int | None = None) -> Callable[[object], int]:
    """A reader for whole numbers between two bounds, both included."""

    def read(written: object) -> int:
        if isinstance(written, str) and re.fullmatch("-?[0-9]{1,15}", written):
            written = int(written)
        if isinstance(written, bool) or not isinstance(written, int):
            raise InvalidValueError("is not a whole number; write one in digits, such as 100")
        number = written
        if number < minimum or (maximum is not None and number > maximum):
            raise ValueError
        return number

    return read


def seconds(raw: object) -> float:
    """A length of time above zero."""
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", raw):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise InvalidValueError("is not a number of seconds; write it in digits, such as 30 or 0.5")
    if not math.isfinite(raw) or raw <= 0:
        raise ValueError
    return float(raw)


def switch(raw: object) -> bool:
    """On or off."""
    if isinstance(raw, bool):
        return raw
    words = {"on": True, "true": True, "off": False, "false": False}
    word = raw.lower() if isinstance(raw, str) else ""
    if word not in words:
        raise ValueError
    return words[word]


def one_of(*words: str) -> Callable[[object], str]:
    """A reader for one of these words, spelled exactly so."""

    def read(written: object) -> str:
        if written not in words:
            raise ValueError
        return str(written)

    return read


def url(raw: object) -> str:
    """An http or https address with a host and without credentials."""
    address = text(raw)
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        raise InvalidValueError("holds a user or password; take them out of the address")
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in address or parts.port == 0:
        raise ValueError
    return address


def network(raw: object) -> Network:
    """An IP network without host bits; a single address is a network of one."""
    if isinstance(raw, Network):
        return raw
    return ipaddress.ip_network(text(raw), strict=True)


def header_name(raw: object) -> str:
    """A token of RFC 9110, section 5.6.2, without underscores: servers before us may turn those into hyphens."""
    if isinstance(raw, str) and "_" in raw:
        raise InvalidValueError("holds an underscore, which proxies rewrite or drop; use hyphens")
    return matching(r"[!#$%&'*+\-.^`|~0-9A-Za-z]+")(raw)


def absolute_path(raw: object) -> str:
    """A path from the root."""
    path = text(raw)
    if not PurePosixPath(path).is_absolute():
        raise ValueError
    return path


def not_empty(raw: object) -> object:
    """Refuse a key that stands there with nothing after it, where leaving it out means something."""
    if raw is None:
        raise InvalidValueError("is empty; give it a value, or take the line out")
    return raw
