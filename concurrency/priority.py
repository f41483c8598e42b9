"""Priority of a call: interactive callers go before background work."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Priority:
    """Of one flight; a person who joins background work makes all of it urgent, also what already waits its turn."""

    interactive: bool = True


_INTERACTIVE = Priority()
# Set for each flight; what is called outside of one is called for somebody who waits.
current_priority: ContextVar[Priority] = ContextVar("current_urgency", default=_INTERACTIVE)
