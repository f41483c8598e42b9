"""Exponential back-off: how long to wait before something is tried again."""

import random
from dataclasses import dataclass

# No float holds 2 to the power of 1,024; far fewer doublings reach any limit.
_MAX_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds between tries, doubled each time up to a limit.

    Attributes:
        first: Seconds before the second try.
        most: The most seconds between two tries.
        jitter: True waits a random part of that instead, which keeps concurrent callers apart.
    """

    first: float
    most: float
    jitter: bool = False

    def seconds(self, attempt: int) -> float:
        """Seconds to wait after the attempt of this number; the first attempt is 1."""
        bounded: float = min(self.first * 2 ** min(attempt - 1, _MAX_DOUBLINGS), self.most)
        return random.uniform(0, bounded) if self.jitter else bounded

    def waits(self, count: int) -> tuple[float, ...]:
        """The seconds after each of the first `count` attempts."""
        return tuple(self.seconds(attempt) for attempt in range(1, count + 1))
