"""Timeouts of the engine of durable work."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EngineTimings:
    """The engine's timeouts, in seconds.

    Attributes:
        lease: How long a process's lease lasts; it is renewed three times in that.
        dead_after: How long after the end of its lease a process is held to be dead.
        close_timeout: What running steps have to end when the process ends; less than half of `lease`.
        start_timeout: How long a start waits for a process that has lost its lease to get a new one.
    """

    lease: float = 30
    dead_after: float = 60
    close_timeout: float = 5
    start_timeout: float = 10


USUAL_TIMINGS: Final = EngineTimings()
"""The timeouts of a gateway."""
