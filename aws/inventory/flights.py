"""One flight for each thing that is being asked for: whoever asks again meanwhile joins it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, TypeVar

from aws.tally import current_tally

Answer = TypeVar("Answer")


class Flights:
    """The calls under way, each in a task of its own, so that one waiter's end does not end it for the others."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[Any]] = {}

    def join(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Answer]]) -> Awaitable[Answer]:
        """The answer of the flight under this key, begun with `start` if none is under way."""
        if key in self._tasks and (tally := current_tally.get()) is not None:
            tally.shared += 1
        return asyncio.shield(self.begin(key, start))

    def begin(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Answer]]) -> asyncio.Task[Answer]:
        """The flight under this key, begun if none is under way, for which nobody needs to wait."""
        task: asyncio.Task[Answer] | None = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(start())
            task.add_done_callback(lambda done: self._landed(key, done))
        return task

    def _landed(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled():
            # Every waiter may have gone by now; a failure nobody waits for is not worth a warning of asyncio's.
            task.exception()

    async def close(self) -> None:
        """Ends every flight and waits until it has ended."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
