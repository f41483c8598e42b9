"""Reads who is asking from the headers that a trusted proxy sets; anything doubtful is refused, never guessed."""

from dataclasses import dataclass

from auth.caller import Caller
from auth.names import group, groups, not_ours
from auth.trust import Headers, Trust, check_trust, identity_headers, name_in, text_in


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRules(Trust):
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
        Trust.__post_init__(self)
        if self.trusted_peers is None:
            raise ValueError("Identity headers may not count from everyone; name the trusted peers.")
        if not self.groups_separator:
            raise ValueError("The groups separator may not be empty.")


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
    given = identity_headers(headers, (rules.user, rules.groups, rules.acting_group, rules.secret_header))
    if given:
        check_trust(given, peer, rules)
    subject = name_in(given, rules.user)
    named = groups(text_in(given, rules.groups).split(rules.groups_separator), rules.groups)
    asked = group(text_in(given, rules.acting_group), rules.acting_group)
    if not subject:
        return None
    return Caller(subject=not_ours(subject), groups=named, asked_group=asked or None)
