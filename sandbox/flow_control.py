"""Hold requests until released, and limit their rate with token buckets."""

import asyncio
import threading
import time
from dataclasses import dataclass, field


class RequestHold:
    """Keeps requests waiting until it is released; made by :meth:`sandbox.fault_injection.FaultInjection.block`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._released = False
        self._arrived = threading.Semaphore(0)
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def release(self) -> None:
        """Release the waiting requests and all later ones."""
        with self._lock:
            self._released = True
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def wait_for_requests(self, requests: int = 1, seconds: float = 30.0) -> bool:
        """Wait until more requests have arrived; False if they did not in time.

        It blocks: a coroutine calls it with ``asyncio.to_thread``.

        Args:
            requests: The number of requests, beyond those that earlier calls waited for.
            seconds: The longest wait, in real seconds.
        """
        until = time.monotonic() + seconds
        return all(self._arrived.acquire(timeout=max(0.0, until - time.monotonic())) for _ in range(requests))

    async def wait(self) -> None:
        """Keep the calling request waiting until the release."""
        event = asyncio.Event()
        with self._lock:
            if self._released:
                event.set()
            else:
                self._waiting.append((asyncio.get_running_loop(), event))
        self._arrived.release()
        await event.wait()


@dataclass
class TokenBucket:
    """A token bucket for each key.

    Attributes:
        per_second: Tokens that each bucket gets per real second.
        burst: The most tokens of a bucket, with which it starts.
    """

    per_second: float
    burst: int
    _levels: dict[tuple[str, ...], tuple[float, float]] = field(default_factory=dict)

    def take(self, key: tuple[str, ...]) -> bool:
        """Take a token from the bucket of this key; False if it has none."""
        now = time.monotonic()
        level, since = self._levels.get(key, (float(self.burst), now))
        level = min(float(self.burst), level + (now - since) * self.per_second)
        self._levels[key] = (level - 1 if level >= 1 else level, now)
        return level >= 1
