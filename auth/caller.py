"""Who is asking: the identity that a request carries, before anything is looked up for it."""

from dataclasses import dataclass
from typing import Final

GATEWAY_SUBJECT: Final = "sagegraph"
"""The name under which the gateway's own background work signs; no caller may bear it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller. An anonymous request has none: it is `None`, never a caller without a name.

    Attributes:
        subject: The caller's name as the trusted proxy or the token gives it.
        groups: The groups that the identity has, in the order given, each once; may be empty.
        requested_group: The group that this request asks to act for (the acting-group header), or None.
    """

    subject: str
    groups: tuple[str, ...]
    requested_group: str | None = None
