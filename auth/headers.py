"""Reads who is asking from the headers that a trusted proxy sets; anything doubtful is refused, never guessed."""

import hmac
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from auth.caller import GATEWAY, Caller
from auth.errors import InvalidIdentityError, MalformedIdentityError

Headers = Sequence[tuple[bytes, bytes]]

LONGEST_NAME: Final = 512
"""Characters in a user or a group. E-mail addresses and OpenID subjects end at 255; directory names run longer."""

MOST_GROUPS: Final = 1000
"""Groups in one identity. Directories give some people hundreds; more than this is no group list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRules:
    """How identity headers are named, and from whom they count.

    Attributes:
        user: The header with the caller's name.
        groups: The header with the caller's groups.
        groups_separator: What stands between two groups.
        acting_group: The header with the group that the request asks to act for.
        trusted_peers: The networks whose socket peers may set these headers.
        secret_header: The header with the secret that the proxy shares with the gateway, or None.
        secret_value: That secret. Given exactly when `secret_header` is.
    """

    user: str = "X-Forwarded-User"
    groups: str = "X-Forwarded-Groups"
    groups_separator: str = ","
    acting_group: str = "X-Acting-Group"
    trusted_peers: tuple[IPv4Network | IPv6Network, ...] = ()
    secret_header: str | None = None
    secret_value: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.secret_header is None) == bool(self.secret_value):
            raise ValueError("A shared secret needs both its header and a value that is not empty, or neither.")
        if not self.groups_separator:
            raise ValueError("The groups separator may not be empty.")

    def names(self) -> tuple[str, ...]:
        """The names of all headers that belong to the identity, in lower case."""
        names = (self.user, self.groups, self.acting_group, self.secret_header)
        return tuple(name.lower() for name in names if name is not None)


def identify(headers: Headers, peer: str | None, rules: HeaderRules) -> Caller | None:
    """Give the caller whom these headers name, or None for an anonymous request.

    Args:
        headers: The request's headers as the server received them, repeated ones included.
        peer: The address of the socket's other end; None on a unix socket, which is never trusted.
        rules: The names of the headers, and who may set them.

    Raises:
        MalformedIdentityError: Headers that no honest proxy sends.
        InvalidIdentityError: Identity headers from a peer that may not set them, or without the right secret.
    """
    given = _identity_headers(headers, rules)
    if given:
        _check_trust(given, peer, rules)
    subject = _name(given.get(rules.user.lower(), b""), rules.user)
    groups = _groups(given.get(rules.groups.lower(), b""), rules)
    asked = _name(given.get(rules.acting_group.lower(), b""), rules.acting_group)
    if "*" in {asked, *groups}:
        raise MalformedIdentityError("A group cannot be named `*`: in the settings this stands for everyone.")
    if not subject:
        return None
    if subject == GATEWAY:
        raise InvalidIdentityError(f"The name `{GATEWAY}` is the gateway's own; no caller may bear it.")
    return Caller(subject=subject, groups=groups, asked_group=asked or None)


def _identity_headers(headers: Headers, rules: HeaderRules) -> dict[str, bytes]:
    """The headers that belong to the identity, by name in lower case; each must be the only one of its kind."""
    names = {_alike(name): name for name in rules.names()}
    given: dict[str, bytes] = {}
    for raw_name, value in headers:
        spelled = raw_name.decode("latin-1").lower()
        name = names.get(_alike(spelled))
        if spelled == "connection":
            _check_connection(value, names)
        if name is None:
            continue
        if spelled != name:
            raise MalformedIdentityError(
                f"A header that reads like `{name}` is spelled otherwise; some servers merge them."
            )
        if name in given:
            raise MalformedIdentityError(f"The identity header `{name}` is given more than once.")
        given[name] = value
    return given


def _alike(name: str) -> str:
    """The name as servers that do not tell `_` from `-` read it."""
    return name.replace("_", "-")


def _check_connection(value: bytes, names: Iterable[str]) -> None:
    """Refuse a Connection header that would make a proxy on the way drop an identity header."""
    tokens = {_alike(token.strip()) for token in value.decode("latin-1").lower().split(",")}
    if not tokens.isdisjoint(names):
        raise MalformedIdentityError(
            "The Connection header names an identity header, which would remove it on the way."
        )


def _check_trust(given: dict[str, bytes], peer: str | None, rules: HeaderRules) -> None:
    """Refuse identity headers that do not come from a trusted peer with the right secret.

    The peer goes first: an untrusted one must not learn from the answer whether it has guessed the secret.
    """
    if not _is_trusted(peer, rules):
        raise InvalidIdentityError("Identity headers came from a peer that is not among `identity.trustedPeers`.")
    if rules.secret_header is None or rules.secret_value is None:
        return
    secret = given.get(rules.secret_header.lower(), b"")
    if not hmac.compare_digest(secret, rules.secret_value.encode()):
        raise InvalidIdentityError(f"The shared secret in `{rules.secret_header}` is missing or wrong.")


def _is_trusted(peer: str | None, rules: HeaderRules) -> bool:
    """Whether this socket peer may set identity headers; an IPv4 peer on an IPv6 socket counts as itself."""
    try:
        address: IPv4Address | IPv6Address = ip_address(peer or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(address in network or (mapped is not None and mapped in network) for network in rules.trusted_peers)


def _groups(value: bytes, rules: HeaderRules) -> tuple[str, ...]:
    """The groups in a header's value: trimmed, without empty ones, each once, in the order given."""
    pieces = _text(value, rules.groups).split(rules.groups_separator)
    groups = tuple(dict.fromkeys(filter(None, (_checked(piece, rules.groups) for piece in pieces))))
    if len(groups) > MOST_GROUPS:
        raise MalformedIdentityError(f"`{rules.groups}` names more than {MOST_GROUPS} groups.")
    return groups


def _name(value: bytes, header: str) -> str:
    """The one name in a header's value, trimmed; empty where the header is empty or missing."""
    return _checked(_text(value, header), header)


def _text(value: bytes, header: str) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedIdentityError(f"`{header}` is not valid UTF-8.") from None


def _checked(text: str, header: str) -> str:
    """The text without the white space around it; all of it must be visible, and not too long."""
    name = text.strip(" \t")
    if len(name) > LONGEST_NAME:
        raise MalformedIdentityError(f"`{header}` holds a name of more than {LONGEST_NAME} characters.")
    if not all(map(_is_visible, name)):
        raise MalformedIdentityError(f"`{header}` holds a character that cannot be seen.")
    return name


def _is_visible(character: str) -> bool:
    """Whether names that differ in this character look different: no control, no format, no space but the plain one."""
    return character == " " or unicodedata.category(character)[0] not in "CZ"
