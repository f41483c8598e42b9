"""Adaptive rate limiting (AIMD) of AWS calls, per account, region and operation."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from concurrency.priority import Priority, current_priority

# SageMaker's list operations are reported to allow two calls a second for an account; no operation is known to allow
# less than one in two seconds.
_MIN_RATE = 0.5
# A throttle multiplies the rate by the factor; each second without a throttle adds the increase, in calls per second.
_DECREASE_FACTOR = 0.5
_INCREASE_PER_SECOND = 0.5
# At this rate the limiter is switched off again.
_UNLIMITED_RATE = 200.0


@dataclass(slots=True)
class _Waiter:
    priority: Priority
    admitted: asyncio.Future[None]


class AdaptiveRateLimiter:
    """Limits the rate of calls by additive increase and multiplicative decrease, from the first throttle on.

    Args:
        now: Gives the time of the event loop, in seconds.
        share: Gives the number of live processes that share the account's rate; each takes its part.

    Attributes:
        throttled: The number of calls that AWS has throttled.
    """

    def __init__(self, now: Callable[[], float], share: Callable[[], int] = lambda: 1) -> None:
        self._now = now
        self._processes = share
        self._rate: float | None = None
        self._raised_at = 0.0
        self._next_at = 0.0
        self._recent: deque[float] = deque(maxlen=400)
        self._waiting: list[_Waiter] = []
        self._timer: asyncio.TimerHandle | None = None
        self.throttled = 0

    @property
    def rate(self) -> float | None:
        """The calls a second that are admitted now; None if there is no limit."""
        return self._rate

    @property
    def waiting(self) -> int:
        """The number of calls that wait now."""
        return len(self._waiting)

    @property
    def holds_back(self) -> bool:
        """True if the next call has to wait."""
        return self._rate is not None or bool(self._waiting)

    async def acquire(self) -> None:
        """Return when the call may be made: interactive calls first, then in order of arrival."""
        if not self.holds_back:
            self._recent.append(self._now())
            return
        waiter = _Waiter(current_priority.get(), asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._arm()
        try:
            await waiter.admitted
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            raise

    def on_throttled(self) -> None:
        """Slow down, because AWS has throttled a call."""
        self.throttled += 1
        now = self._now()
        if self._rate is not None and now < self._raised_at:
            # Calls that were under way at the last throttle are throttled with it, and count once.
            return
        current_rate = self._rate if self._rate is not None else float(sum(moment > now - 1 for moment in self._recent))
        self._rate = max(_MIN_RATE, current_rate * _DECREASE_FACTOR) / (self._processes() if self._rate is None else 1)
        self._raised_at = now + 1
        self._next_at = max(self._next_at, now + 1 / self._rate)

    def on_success(self) -> None:
        """Speed up a little for each second without a throttle."""
        now = self._now()
        if self._rate is None or now <= self._raised_at:
            return
        self._rate += _INCREASE_PER_SECOND * (now - self._raised_at) / self._processes()
        self._raised_at = now
        if self._rate >= _UNLIMITED_RATE:
            self._rate = None

    def _arm(self) -> None:
        if self._timer is None and self._waiting:
            delay = max(0.0, self._next_at - self._now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._admit_next)

    def _admit_next(self) -> None:
        self._timer = None
        if self._waiting:
            chosen = next((waiter for waiter in self._waiting if waiter.priority.interactive), self._waiting[0])
            self._waiting.remove(chosen)
            now = self._now()
            self._recent.append(now)
            self._next_at = max(self._next_at, now) + (1 / self._rate if self._rate is not None else 0)
            if not chosen.admitted.done():
                chosen.admitted.set_result(None)
        self._arm()


class RateLimiters:
    """The rate limiters of a process, one for each account, region and operation, for all scopes.

    Attributes:
        share: The number of live processes that share the accounts' rates; it changes as they come and go.
    """

    def __init__(self, share: int = 1) -> None:
        self.share = share
        self._limiters: dict[tuple[str, str, str], AdaptiveRateLimiter] = {}

    def get(self, account_id: str, region: str, operation: str) -> AdaptiveRateLimiter:
        """The rate limiter of one operation in an account and region; created on first use."""
        key = (account_id, region, operation)
        if key not in self._limiters:
            self._limiters[key] = AdaptiveRateLimiter(asyncio.get_running_loop().time, lambda: self.share)
        return self._limiters[key]

    def __iter__(self) -> Iterator[tuple[tuple[str, str, str], AdaptiveRateLimiter]]:
        """Each limiter with its account, region and operation."""
        return iter(self._limiters.items())
