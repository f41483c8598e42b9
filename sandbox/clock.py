"""The sandbox's own time: real, faster than real, or stood still and moved by hand."""

import threading
import time
from datetime import UTC, datetime


class Clock:
    """The sandbox's current time, which starts as the real time.

    Args:
        speed: Sandbox seconds that pass in one real second: 1 is real, 60 makes a minute's wait take a second, 0 stands
            still.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._speed = speed
        self._shown = time.time()
        self._since = time.monotonic()

    def now(self) -> float:
        """Seconds since the epoch, to the millisecond, as SageMaker gives them."""
        with self._lock:
            return round(self._read(), 3)

    def at(self) -> datetime:
        """The current time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    @property
    def speed(self) -> float:
        """Sandbox seconds per real second."""
        return self._speed

    def advance(self, seconds: float) -> None:
        """Move on by sandbox seconds at once; everything that falls due on the way happens."""
        with self._lock:
            self._shown = self._read() + seconds
            self._since = time.monotonic()

    def set(self, to: datetime | float) -> None:
        """Show this time from now on: an aware datetime, or seconds since the epoch."""
        with self._lock:
            self._shown = to.timestamp() if isinstance(to, datetime) else to
            self._since = time.monotonic()

    def run(self, speed: float = 1.0) -> None:
        """Go on from the time shown, at this speed (sandbox seconds per real second)."""
        with self._lock:
            self._shown = self._read()
            self._since = time.monotonic()
            self._speed = speed

    def reset(self) -> None:
        """Show the real time again, at its own speed."""
        with self._lock:
            self._shown = time.time()
            self._since = time.monotonic()
            self._speed = 1.0

    def freeze(self) -> None:
        """Stand still until the clock is set, moved or run."""
        self.run(speed=0.0)

    def _read(self) -> float:
        return self._shown + (time.monotonic() - self._since) * self._speed
