"""Clock that a test advances by hand."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Any

from aws.client.rate_limit import AdaptiveRateLimiter, RateLimiters


class ManualClock:
    """A clock at 1,000 seconds, and what is to happen by it.

    Brakes that live by it are armed through `call_later`, which takes the loop's place for them alone.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def __call__(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object]) -> object:
        heapq.heappush(self._due, (self.now + delay, next(self._order), callback))
        return object()

    async def advance(self, seconds: float) -> None:
        """Lets time pass: whatever falls due happens at its own moment, and whoever waits for it goes on."""
        until = self.now + seconds
        await settle()
        while self._due and self._due[0][0] <= until + 1e-9:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
            await settle()
        self.now = until

    @property
    def idle(self) -> bool:
        """Whether nothing is to happen."""
        return not self._due

    async def advance_to_next(self) -> None:
        """Lets time pass until the next thing has happened."""
        if self._due:
            await self.advance(max(0.0, self._due[0][0] - self.now))

    def take_over(self, monkeypatch: Any) -> None:
        """Lets the running loop's rate limiters live by this clock; everything else keeps to the loop's own."""
        loop = asyncio.get_running_loop()
        original = loop.call_later

        def call_later(delay: float, callback: Any, *args: Any, **more: Any) -> Any:
            if isinstance(getattr(callback, "__self__", None), AdaptiveRateLimiter):
                return self.call_later(delay, callback)
            return original(delay, callback, *args, **more)

        monkeypatch.setattr(loop, "call_later", call_later)


class ManualRateLimiters(RateLimiters):
    """Real rate limiters on a manual clock."""

    def __init__(self, manual_clock: ManualClock, share: int = 1) -> None:
        super().__init__(share)
        self._manual_clock = manual_clock
        self.made: dict[tuple[str, str, str], AdaptiveRateLimiter] = {}

    def get(self, account_id: str, region: str, operation: str) -> AdaptiveRateLimiter:
        key = (account_id, region, operation)
        if key not in self.made:
            self.made[key] = AdaptiveRateLimiter(self._manual_clock, lambda: self.share)
        return self.made[key]


async def settle() -> None:
    """Lets every task that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)
