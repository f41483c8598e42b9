"""Waits a moment for a run that goes on in this process, so that a quick one is answered whole."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager


class RunCompletion:
    """Who waits for the end of which run, here."""

    def __init__(self) -> None:
        self._events: dict[str, set[asyncio.Event]] = defaultdict(set)

    def notify(self, run_key: str) -> None:
        """Tells everybody who waits for this run."""
        for event in self._events.get(run_key, ()):
            event.set()

    def is_awaited(self, run_key: str) -> bool:
        """Whether anybody waits for this run."""
        return run_key in self._events

    @contextmanager
    def waiter(self, run_key: str) -> Iterator[Callable[[float], Awaitable[None]]]:
        """What waits for so many seconds at most: returns when the run ends in this process, or ended in this block."""
        event = asyncio.Event()
        self._events[run_key].add(event)
        try:
            yield lambda seconds: _wait_for(event, seconds)
        finally:
            self._events[run_key].discard(event)
            if not self._events[run_key]:
                del self._events[run_key]


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
