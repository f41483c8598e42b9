"""Slots for calls under way: a bound on their number, with interactive callers first."""

import asyncio
from collections import deque

from concurrency.priority import Priority, current_priority


class PrioritySlots:
    """A semaphore that gives a free slot to an interactive caller first, and otherwise to the one that has waited
    longest.

    A caller counts by its priority at the moment when a slot becomes free, not when it came.

    Args:
        count: The number of slots.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        # Few priorities are shared by many callers, so that the first interactive one is found in few steps.
        self._waiting: dict[int, tuple[Priority, deque[asyncio.Future[None]]]] = {}

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        priority = current_priority.get()
        slot: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(id(priority), (priority, deque()))[1].append(slot)
        try:
            await slot
        except asyncio.CancelledError:
            if slot.done() and not slot.cancelled():
                self._release()
            raise

    async def __aexit__(self, *_error: object) -> None:
        self._release()

    def _release(self) -> None:
        """Give the slot to the next caller that still waits."""
        while self._waiting:
            first = next(iter(self._waiting))
            key = next((key for key, (priority, _) in self._waiting.items() if priority.interactive), first)
            slots = self._waiting[key][1]
            slot = slots.popleft()
            if not slots:
                del self._waiting[key]
            if not slot.done():
                slot.set_result(None)
                return
        self._free += 1
