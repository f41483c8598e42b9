"""Identity headers: their names, the peers that may send them, and the caller that they name."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from auth.caller import Caller, parse_group, parse_groups, parse_name, reject_gateway_subject, split_groups
from auth.errors import InvalidIdentityError, MalformedIdentityError

RawHeaders = Sequence[tuple[bytes, bytes]]

MAX_KEPT_NAME: Final = 64
MAX_KEPT_IDENTITY: Final = 2_000
MAX_KEPT_CALLERS: Final = 1_000
"""Bounds of caches: bytes of a header's name, bytes of an identity's headers, and the number of identities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityConfig:
    """Settings of every identity mode: the acting group, and the peers whose identity headers count.

    Attributes:
        acting_group: The header with the group that the request asks to act for.
        trusted_peers: The networks whose socket peers may set identity headers; None trusts every peer, which is safe
            only with a signed identity.
        secret_header: The header with the secret that the proxy shares with the gateway; None asks for no secret.
        secret_value: That secret. Set exactly if `secret_header` is.
    """

    acting_group: str = "X-Acting-Group"
    trusted_peers: tuple[IPv4Network | IPv6Network, ...] | None = ()
    secret_header: str | None = None
    secret_value: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.secret_header is None) == bool(self.secret_value):
            raise ValueError("A shared secret needs both its header and a value that is not empty, or neither.")


def collect_identity_headers(headers: RawHeaders, names: Iterable[str | None]) -> dict[str, bytes]:
    """Give the identity headers of a request, by name in lower case; each may be sent once only.

    Args:
        headers: The request's headers as the server received them, repeated ones included.
        names: The names of the identity headers, in any case; None entries are skipped.

    Raises:
        MalformedIdentityError: One is repeated, spelled with `_` for `-`, or named in `Connection`, as no honest proxy
            does.
    """
    identity_names = tuple(names)
    identity_headers: dict[str, bytes] = {}
    for raw_name, value in headers:
        read = _read_name if len(raw_name) <= MAX_KEPT_NAME else _read_name.__wrapped__
        spelled, known = read(raw_name, identity_names)
        if spelled == "connection":
            _reject_hop_by_hop_removal(value, _identity_names(identity_names))
        if known is None:
            continue
        if spelled != known:
            raise MalformedIdentityError(
                f"A header is spelled almost like `{known}`, and some servers merge the two; send only one."
            )
        if known in identity_headers:
            raise MalformedIdentityError(f"The identity header `{known}` is given more than once.")
        identity_headers[known] = value
    return identity_headers


def require_trusted_peer(identity_headers: dict[str, bytes], peer: str | None, config: IdentityConfig) -> None:
    """Refuse identity headers that do not come from a trusted peer with the right secret.

    The peer is checked first: an untrusted one must not learn from the answer whether it has guessed the secret.

    Args:
        identity_headers: The headers from `collect_identity_headers`.
        peer: The address of the socket's other end; None on a unix socket, which is never trusted.
        config: The trusted networks and the secret.

    Raises:
        InvalidIdentityError: The peer is not trusted, or the secret is missing or wrong.
    """
    if not _is_trusted(peer, config.trusted_peers):
        raise InvalidIdentityError("Identity headers came from a peer that is not among `identity.trustedPeers`.")
    if config.secret_header is None or config.secret_value is None:
        return
    secret = identity_headers.get(config.secret_header.lower(), b"")
    if not hmac.compare_digest(secret, config.secret_value.encode()):
        raise InvalidIdentityError(f"The shared secret in `{config.secret_header}` is missing or wrong.")


def header_text(identity_headers: dict[str, bytes], header: str) -> str:
    """Give the text of the identity header `header`; empty if it is missing.

    Raises:
        MalformedIdentityError: It is not UTF-8.
    """
    try:
        return identity_headers.get(header.lower(), b"").decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedIdentityError(f"`{header}` is not valid UTF-8.") from None


def header_name(identity_headers: dict[str, bytes], header: str) -> str:
    """Give the one name in the identity header `header`, trimmed; empty if the header is empty or missing.

    Raises:
        MalformedIdentityError: It is not a valid name.
    """
    return parse_name(header_text(identity_headers, header), header)


@lru_cache(maxsize=1024)
def _read_name(raw_name: bytes, names: tuple[str | None, ...]) -> tuple[str, str | None]:
    """A header's name in lower case, and the identity header that servers may take it for; None for any other."""
    spelled = raw_name.decode("latin-1").lower()
    return spelled, _identity_names(names).get(_normalize_header_name(spelled))


@lru_cache(maxsize=64)
def _identity_names(names: tuple[str | None, ...]) -> Mapping[str, str]:
    """The names in lower case, by the form in which servers that do not tell `_` from `-` read them."""
    return {_normalize_header_name(known.lower()): known.lower() for known in names if known is not None}


def _normalize_header_name(raw_name: str) -> str:
    """A header's name in the form in which servers that do not tell `_` from `-` read it."""
    return raw_name.replace("_", "-")


def _reject_hop_by_hop_removal(value: bytes, names: Iterable[str]) -> None:
    """Refuse a Connection header that would make a proxy on the way drop an identity header."""
    tokens = {_normalize_header_name(token.strip()) for token in value.decode("latin-1").lower().split(",")}
    if not tokens.isdisjoint(names):
        raise MalformedIdentityError(
            "The Connection header names an identity header, which would remove it on the way."
        )


@lru_cache(maxsize=4096)
def _is_trusted(peer: str | None, networks: tuple[IPv4Network | IPv6Network, ...] | None) -> bool:
    """Tell whether this socket peer may set identity headers; an IPv4 peer on an IPv6 socket counts as itself."""
    if networks is None:
        return True
    try:
        address: IPv4Address | IPv6Address = ip_address(peer or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(address in network or (mapped is not None and mapped in network) for network in networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderIdentityConfig(IdentityConfig):
    """Names of the identity headers, and the peers whose headers count.

    Attributes:
        user: The header with the caller's name.
        groups: The header with the caller's groups.
        groups_separator: The text between two groups.
    """

    user: str = "X-Forwarded-User"
    groups: str = "X-Forwarded-Groups"
    groups_separator: str = ","

    def __post_init__(self) -> None:
        # Not super(): with slots, the decorator makes a second class, which the first one's super() does not know.
        IdentityConfig.__post_init__(self)
        if self.trusted_peers is None:
            raise ValueError("Identity headers from everyone must not be trusted; name the trusted peers.")
        if not self.groups_separator:
            raise ValueError("The groups separator may not be empty.")


def identify(headers: RawHeaders, peer: str | None, config: HeaderIdentityConfig) -> Caller | None:
    """Give the caller that these headers name, or None for an anonymous request; see `HeaderIdentity.identify`."""
    return HeaderIdentity(config).identify(headers, peer)


class HeaderIdentity:
    """Reads callers from identity headers; equal header values are parsed once.

    Args:
        config: The names of the headers, and the peers that may set them.
    """

    def __init__(self, config: HeaderIdentityConfig) -> None:
        self._config = config
        self._names = (config.user, config.groups, config.acting_group, config.secret_header)
        self._keys = (config.user.lower(), config.groups.lower(), config.acting_group.lower())
        self._callers: dict[tuple[bytes | None, ...], Caller | None] = {}

    def identify(self, headers: RawHeaders, peer: str | None) -> Caller | None:
        """Give the caller that these headers name, or None for an anonymous request.

        Args:
            headers: The request's headers as the server received them, repeated ones included.
            peer: The address of the socket's other end; None on a unix socket, which is never trusted.

        Raises:
            MalformedIdentityError: Headers that no honest proxy sends, or an invalid name.
            InvalidIdentityError: Identity headers from a peer that may not set them, or without the right secret; or
                the gateway's own name.
        """
        identity_headers = collect_identity_headers(headers, self._names)
        if identity_headers:
            require_trusted_peer(identity_headers, peer, self._config)
        key = tuple(map(identity_headers.get, self._keys))
        if key in self._callers:
            return self._callers[key]
        caller = _caller_of(identity_headers, self._config)
        if sum(len(value) for value in key if value) <= MAX_KEPT_IDENTITY:
            if len(self._callers) >= MAX_KEPT_CALLERS:
                self._callers.clear()
            self._callers[key] = caller
        return caller


def _caller_of(identity_headers: dict[str, bytes], config: HeaderIdentityConfig) -> Caller | None:
    subject = header_name(identity_headers, config.user)
    names = split_groups(header_text(identity_headers, config.groups), config.groups_separator, config.groups)
    groups = parse_groups(names, config.groups)
    asked = parse_group(header_text(identity_headers, config.acting_group), config.acting_group)
    if not subject:
        return None
    return Caller(subject=reject_gateway_subject(subject), groups=groups, requested_group=asked or None)
