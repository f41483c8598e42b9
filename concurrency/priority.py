"""Priority of a call: interactive callers go before background work."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Priority:
    """Priority of one call under way, shared by all calls that it has begun.

    Attributes:
        interactive: True if somebody waits. A caller who joins the call sets it, and thereby raises those calls too.
    """

    interactive: bool = True


_INTERACTIVE = Priority()
# Set for each call under way. Outside of a call, work counts as interactive.
current_priority: ContextVar[Priority] = ContextVar("current_priority", default=_INTERACTIVE)
