"""Turns of an event loop: the order in which pieces of work get their slices."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count
from typing import Final

HANDICAP: Final = 4.0
"""Seconds that each used second adds to the rank of work: shorter work passes, and none starves."""


class Share:
    """The time of the event loop that one piece of work, such as an answer, has used; all of its jobs add to it.

    Args:
        begun: The moment at which the work began, in seconds of `time.perf_counter`; None for now.

    Attributes:
        used: The seconds that its jobs have taken.
    """

    __slots__ = ("_begun", "used")

    def __init__(self, begun: float | None = None) -> None:
        self._begun = time.perf_counter() if begun is None else begun
        self.used = 0.0

    @property
    def rank(self) -> float:
        """The place of the work among others: the smallest is served first."""
        return self._begun + HANDICAP * self.used


_current_share: ContextVar[Share | None] = ContextVar("_current_share", default=None)


def current_share() -> Share:
    """Give the share of the current task; a new one if it has none."""
    return _current_share.get() or Share()


def begin_share() -> None:
    """Make all jobs of the current task, and of those that it begins, use one new share from now on."""
    _current_share.set(Share())


class Turn:
    """The right to the next slice. Of the jobs that wait for it, the one with the smallest rank gets it.

    Work therefore ends before work that began later, so that little is half done at any time.
    """

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def taken(self, share: Share) -> AsyncIterator[None]:
        """Wait for the turn by the rank of `share`, and hold it for as long as the block runs."""
        if self._is_taken:
            slot: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (share.rank, next(self._numbers), slot))
            try:
                await slot
            except asyncio.CancelledError:
                if slot.done() and not slot.cancelled():
                    self._release()
                raise
        self._is_taken = True
        try:
            yield
        finally:
            self._release()

    def stays_with(self, share: Share) -> bool:
        """Tell whether no waiting job comes before `share`, which has the turn."""
        return not self._waiting or share.rank <= self._waiting[0][0]

    def _release(self) -> None:
        while self._waiting:
            _, _, slot = heappop(self._waiting)
            if not slot.done():
                slot.set_result(None)
                return
        self._is_taken = False
