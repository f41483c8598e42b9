"""Priority of a call: interactive callers go before background work."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Priority:
    """Priority of one call under way; an interactive caller that joins it raises everything that it has begun."""

    interactive: bool = True


_INTERACTIVE = Priority()
# Set for each call under way; anything outside of one is called for somebody who waits.
current_priority: ContextVar[Priority] = ContextVar("current_priority", default=_INTERACTIVE)
