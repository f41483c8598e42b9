"""Turns of an event loop, one after the other: which work has the next slice."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count
from typing import Final

HANDICAP: Final = 4.0
"""Work counts as begun this much later for each second that it has taken: it lets shorter work pass, never starving."""


class Share:
    """The share of one piece of work, such as an answer, in the time of the loop; all of its jobs take from it.

    Args:
        begun: When it began, in seconds; None for now.

    Attributes:
        used: The seconds that it has taken.
    """

    __slots__ = ("_begun", "used")

    def __init__(self, begun: float | None = None) -> None:
        self._begun = time.perf_counter() if begun is None else begun
        self.used = 0.0

    @property
    def rank(self) -> float:
        """Its place among others: the smallest is served first."""
        return self._begun + HANDICAP * self.used


_current_share: ContextVar[Share | None] = ContextVar("_current_share", default=None)


def current_share() -> Share:
    """Give the share of the current task; a new one if it has none."""
    return _current_share.get() or Share()


def begin_share() -> None:
    """Let all jobs of the current task, and of those that it begins, take from one share from now on."""
    _current_share.set(Share())


class Turn:
    """The right to the next slice. Of those that wait for it, the one with the smallest rank gets it.

    Work goes on to its end before what began later, so that little is half done at any time.
    """

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def taken(self, share: Share) -> AsyncIterator[None]:
        """Wait for the turn, and hold it for as long as the block runs."""
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
        """Tell whether nothing that waits comes before this share, which has the turn."""
        return not self._waiting or share.rank <= self._waiting[0][0]

    def _release(self) -> None:
        while self._waiting:
            _, _, slot = heappop(self._waiting)
            if not slot.done():
                slot.set_result(None)
                return
        self._is_taken = False
