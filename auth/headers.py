"""Reads who is asking from the headers that a trusted proxy sets; anything doubtful is refused, never guessed."""

from dataclasses import dataclass

from auth.caller import Caller
from auth.names import parse_group, parse_groups, reject_gateway_subject
from auth.trust import (
    IdentityConfig,
    RawHeaders,
    collect_identity_headers,
    header_name,
    header_text,
    require_trusted_peer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderIdentityConfig(IdentityConfig):
    """How identity headers are named, and from whom they count.

    Attributes:
        user: The header with the caller's name.
        groups: The header with the caller's groups.
        groups_separator: What stands between two groups.
    """

    user: str = "X-Forwarded-User"
    groups: str = "X-Forwarded-Groups"
    groups_separator: str = ","

    def __post_init__(self) -> None:
        # Not super(): with slots, the decorator makes a second class, which the first one's super() does not know.
        IdentityConfig.__post_init__(self)
        if self.trusted_peers is None:
            raise ValueError("Identity headers may not count from everyone; name the trusted peers.")
        if not self.groups_separator:
            raise ValueError("The groups separator may not be empty.")


def identify(headers: RawHeaders, peer: str | None, config: HeaderIdentityConfig) -> Caller | None:
    """Give the caller whom these headers name, or None for an anonymous request.

    Args:
        headers: The request's headers as the server received them, repeated ones included.
        peer: The address of the socket's other end; None on a unix socket, which is never trusted.
        config: The names of the headers, and who may set them.

    Raises:
        MalformedIdentityError: Headers that no honest proxy sends.
        InvalidIdentityError: Identity headers from a peer that may not set them, or without the right secret.
    """
    given = collect_identity_headers(headers, (config.user, config.groups, config.acting_group, config.secret_header))
    if given:
        require_trusted_peer(given, peer, config)
    subject = header_name(given, config.user)
    named = parse_groups(header_text(given, config.groups).split(config.groups_separator), config.groups)
    asked = parse_group(header_text(given, config.acting_group), config.acting_group)
    if not subject:
        return None
    return Caller(subject=reject_gateway_subject(subject), groups=named, requested_group=asked or None)
