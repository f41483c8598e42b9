"""Value types of settings: text, numbers, URLs, ARNs and secrets. No error repeats a value."""

import ipaddress
import math
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr

from gateway.settings.errors import InvalidValueError
from gateway.settings.model import ValueType
from registry.addresses import UNENCODED_ADDRESS_FAULT, has_unencoded_password

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_OWN_DOMAINS = (".localhost", ".local", ".internal", ".svc")


def printable(raw: object) -> str:
    """Read a raw value as text without control characters. Raises InvalidValueError."""
    if not isinstance(raw, str):
        raise InvalidValueError("is not text; write one value, in quotes")
    if not raw.isprintable():
        raise InvalidValueError("holds a line break or another control character; remove it")
    return raw


def text(raw: object) -> str:
    """Read a raw value as printable text without white space at its ends, such as a secret's stray newline.

    Raises:
        InvalidValueError: The value is not such a text.
    """
    if isinstance(raw, str) and raw != raw.strip():
        raise InvalidValueError("begins or ends with white space; remove it")
    return printable(raw)


def secret(raw: object) -> SecretStr:
    """Read a raw text as a secret, which `repr` and logs hide. Raises InvalidValueError."""
    return SecretStr(text(raw))


def matching(pattern: str) -> Callable[[object], str]:
    """Make a reader for text that matches the whole pattern, in ASCII; the reader raises ValueError."""
    compiled = re.compile(pattern, re.ASCII)

    def read(written: object) -> str:
        if compiled.fullmatch(text(written)) is None:
            raise ValueError
        return str(written)

    return read


def secret_matching(pattern: str) -> Callable[[object], SecretStr]:
    """Make a reader for text that matches the whole pattern, as a secret; the reader raises ValueError."""
    read_text = matching(pattern)
    return lambda written: SecretStr(read_text(written))


def whole_number(minimum: int, maximum: int | None = None) -> Callable[[object], int]:
    """Make a reader for whole numbers from `minimum` to `maximum`, both included.

    Raises:
        ValueError: By the reader, for a number out of these bounds.
        InvalidValueError: By the reader, for anything but a whole number.
    """

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
    """Read a raw number of seconds above zero. Raises ValueError, and InvalidValueError if it is no number."""
    length = seconds_or_none(raw)
    if not length:
        raise ValueError
    return length


def seconds_or_none(raw: object) -> float:
    """Read a raw number of seconds, 0 for none. Raises ValueError, and InvalidValueError if it is no number."""
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", raw):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise InvalidValueError("is not a number of seconds; write it in digits, such as 30 or 0.5")
    if not math.isfinite(raw) or raw < 0:
        raise ValueError
    return float(raw)


def byte_size(raw: object) -> int:
    """Read a raw number of bytes: a whole number, alone or of KiB, MiB or GiB.

    Raises:
        ValueError: It is less than 1 MiB.
        InvalidValueError: The value is of another form.
    """
    units = {"": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    match = re.fullmatch("([0-9]{1,15}) ?([KMG]iB)?", str(raw), re.ASCII)
    if isinstance(raw, bool) or not isinstance(raw, str | int) or match is None:
        raise InvalidValueError("is not a number of bytes; write one such as 512MiB")
    size = int(match[1]) * units[match[2] or ""]
    if size < 2**20:
        raise ValueError
    return size


def switch(raw: object) -> bool:
    """Read a raw boolean: true, false, or `on`, `off` and their kin. Raises ValueError."""
    if isinstance(raw, bool):
        return raw
    words = {"on": True, "true": True, "off": False, "false": False}
    word = raw.lower() if isinstance(raw, str) else ""
    if word not in words:
        raise ValueError
    return words[word]


def one_of(*words: str) -> Callable[[object], str]:
    """Make a reader for one of the words, spelled exactly; the reader raises ValueError."""

    def read(written: object) -> str:
        if written not in words:
            raise ValueError
        return str(written)

    return read


def url(raw: object) -> str:
    """Read a raw http or https address with a host and without credentials. Raises ValueError and InvalidValueError."""
    address = text(raw)
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        raise InvalidValueError("holds a user or password; remove them from the address")
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in address or parts.port == 0:
        raise ValueError
    return address


def key_url(raw: object) -> str:
    """Read the raw address of public keys: https, or http within one's own network. Raises InvalidValueError."""
    address = url(raw)
    parts = urlsplit(address)
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        raise InvalidValueError("is plain HTTP, over which keys can be replaced; write https")
    return address


def _is_near(host: str) -> bool:
    """Tell whether a host is on this machine or in a network of one's own, by its address or its name."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(_OWN_DOMAINS)


def origin(raw: object) -> str:
    """Read a raw origin as browsers send it: scheme, host and port in lower case. Raises InvalidValueError."""
    address = url(raw)
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment or address != address.lower():
        raise InvalidValueError(
            "is an address, not an origin; write scheme, host and port, such as https://app.example"
        )
    if parts.port == {"https": 443, "http": 80}[parts.scheme]:
        raise InvalidValueError(f"names the default port of {parts.scheme}, which browsers leave out; remove it")
    return address


def database_url(raw: object) -> SecretStr:
    """Read a raw address of a database as a secret. Raises ValueError for another form.

    Raises:
        InvalidValueError: Its password is not percent-encoded.
    """
    address = secret_matching(DATABASE_PATTERN)(raw)
    if has_unencoded_password(address.get_secret_value()):
        raise InvalidValueError(UNENCODED_ADDRESS_FAULT)
    return address


def network(raw: object) -> Network:
    """Read a raw IP network without host bits; a single address is a network of one. Raises ValueError."""
    if isinstance(raw, Network):
        return raw
    return ipaddress.ip_network(text(raw), strict=True)


def header_name(raw: object) -> str:
    """Read a raw token of RFC 9110, 5.6.2, without underscores, which proxies rewrite. Raises InvalidValueError."""
    if isinstance(raw, str) and "_" in raw:
        raise InvalidValueError("holds an underscore, which proxies rewrite or drop; write hyphens")
    return matching(r"[!#$%&'*+\-.^`|~0-9A-Za-z]+")(raw)


def absolute_path(raw: object) -> str:
    """Read a raw path, which must be absolute. Raises ValueError."""
    path = text(raw)
    if not PurePosixPath(path).is_absolute():
        raise ValueError
    return path


def not_empty(raw: object) -> object:
    """Refuse a raw key without a value if leaving it out has a meaning of its own. Raises InvalidValueError."""
    if raw is None:
        raise InvalidValueError("is empty; give it a value, or remove the line")
    return raw


PARTITION_PATTERN = "aws(?:-cn|-us-gov|-iso(?:-[bef])?|-eusc)?"
REGION_PATTERN = "[a-z]{2,4}(?:-[a-z]+){1,2}-[0-9]{1,2}"
BUCKET_PATTERN = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# The name and the path as IAM's API reference for Role has them.
ROLE_ARN_PATTERN = rf"arn:{PARTITION_PATTERN}:iam::[0-9]{{12}}:role/(?:[!-~]{{1,510}}/)?[\w+=,.@-]{{1,64}}"
LOAD_BALANCER_ARN_PATTERN = (
    rf"arn:{PARTITION_PATTERN}:elasticloadbalancing:{REGION_PATTERN}:[0-9]{{12}}:loadbalancer/app/[\w-]+/[\w]+"
)
DATABASE_PATTERN = r"sqlite\+aiosqlite:///[^\s?]\S*|postgresql\+psycopg://\S+"

T = TypeVar("T")
Omittable = Annotated[T | None, BeforeValidator(not_empty)]
"""A key that may be left out, but not left empty."""

Text = Annotated[str, ValueType("a text", text)]
Separator = Annotated[str, ValueType('one character or more, such as ","', printable)]
Group = Annotated[str, ValueType("the name of one group", matching(r"(?!\*$).+"))]
GroupOrEveryone = Annotated[str, ValueType('the name of a group, or "*" for every authenticated caller', text)]
Secret = Annotated[SecretStr, ValueType("the secret, best as ${VARIABLE}", secret)]
ExternalId = Annotated[
    SecretStr, ValueType("2 to 1224 letters, digits or any of +=,.@:/-_", secret_matching(r"[\w+=,.@:/-]{2,1224}"))
]
Switch = Annotated[bool, ValueType("on or off (or true or false)", switch)]
Positive = Annotated[int, ValueType("a whole number of at least 1", whole_number(1))]
AuditDays = Annotated[int, ValueType("a whole number of days of at least 30", whole_number(30))]
PageSize = Annotated[int, ValueType("a whole number from 1 to 100", whole_number(1, 100))]
HeadBytes = Annotated[int, ValueType("a whole number from 4096 to 1048576", whole_number(4096, 1_048_576))]
Port = Annotated[int, ValueType("a port from 0 to 65535, where 0 is any free one", whole_number(0, 65535))]
ByteSize = Annotated[int, ValueType("a number of bytes of at least 1MiB, such as 512MiB", byte_size)]
Seconds = Annotated[float, ValueType("a number of seconds above 0", seconds)]
SecondsOrNone = Annotated[float, ValueType("a number of seconds, or 0", seconds_or_none)]
Url = Annotated[str, ValueType("an address such as https://example.com/path", url)]
KeyUrl = Annotated[str, ValueType("an address such as https://example.com/path", key_url)]
Origin = Annotated[str, ValueType("an origin such as https://app.example.com", origin)]
Region = Annotated[str, ValueType("the name of an AWS region, such as us-east-2", matching(REGION_PATTERN))]
RoleArn = Annotated[
    str, ValueType("the ARN of a role, such as arn:aws:iam::111111111111:role/name", matching(ROLE_ARN_PATTERN))
]
LoadBalancerArn = Annotated[
    str,
    ValueType(
        "the ARN of an application load balancer, arn:aws:elasticloadbalancing:…", matching(LOAD_BALANCER_ARN_PATTERN)
    ),
]
HeaderName = Annotated[str, ValueType("the name of a header, such as X-Forwarded-User", header_name)]
TrustedNetwork = Annotated[
    Network, ValueType("a network such as 10.0.0.0/8, with no bit set after the prefix", network)
]
AbsolutePath = Annotated[str, ValueType("an absolute path, beginning with /", absolute_path)]
InstanceType = Annotated[str, ValueType("an instance type such as ml.m5.large", matching(r"ml\.[a-z0-9-]+\.[a-z0-9]+"))]
Bucket = Annotated[str, ValueType("the name of a bucket, without s3://", matching(BUCKET_PATTERN))]
S3Uri = Annotated[str, ValueType("an address such as s3://bucket/prefix/", matching(rf"s3://{BUCKET_PATTERN}(?:/.*)?"))]
DatabaseUrl = Annotated[
    SecretStr,
    ValueType("sqlite+aiosqlite:///FILE or postgresql+psycopg://USER@HOST/NAME", database_url),
]
