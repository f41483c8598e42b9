"""The sandbox's own time: real, faster than real, or stood still and moved by hand."""

import threading
import time
from datetime import UTC, datetime


class Clock:
    """The sandbox's current time.

    Starts as the real time. ``speed`` says how many sandbox seconds pass in one real second: 1 is real, 60 turns
    a minute's wait into a second's, 0 stands still.
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
        """The same, as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    @property
    def speed(self) -> float:
        """Sandbox seconds per real second."""
        return self._speed

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds at once: whatever falls due on the way happens."""
        with self._lock:
            self._shown = self._read() + seconds
            self._since = time.monotonic()

    def set(self, to: datetime | float) -> None:
        """Show this time from now on."""
        with self._lock:
            self._shown = to.timestamp() if isinstance(to, datetime) else to
            self._since = time.monotonic()

    def run(self, speed: float = 1.0) -> None:
        """Go on from the time shown, at this speed."""
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
        """Stand still until told otherwise."""
        self.run(speed=0.0)

    def _read(self) -> float:
        return self._shown + (time.monotonic() - self._since) * self._speed
