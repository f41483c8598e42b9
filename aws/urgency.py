"""Whether a person waits for a call, or nobody does: people go first."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Urgency:
    """Of one flight; a person who joins background work makes all of it urgent, also what already waits its turn."""

    person_waits: bool = True


_A_PERSON = Urgency()
# Set for each flight; what is called outside of one is called for somebody who waits.
current_urgency: ContextVar[Urgency] = ContextVar("current_urgency", default=_A_PERSON)
