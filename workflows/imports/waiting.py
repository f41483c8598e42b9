"""Waits a moment for a run that goes on in this process, so that a quick one is answered whole."""

import asyncio
from collections import defaultdict


class Waiting:
    """Who waits for the end of which run, here."""

    def __init__(self) -> None:
        self._events: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ended(self, run_key: str) -> None:
        """Tells everybody who waits for this run."""
        for event in self._events.get(run_key, ()):
            event.set()

    async def wait(self, run_key: str, seconds: float) -> None:
        """Returns when the run ends in this process, or after so many seconds."""
        event = asyncio.Event()
        self._events[run_key].add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._events[run_key].discard(event)
            if not self._events[run_key]:
                del self._events[run_key]
