"""Single-flight: concurrent callers of one key share one call."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from aws.client.call_stats import CallStats, current_call_stats
from concurrency.priority import Priority, current_priority

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Call:
    """A task, whether somebody waits for it, and on whose account it is."""

    task: asyncio.Task[Any]
    priority: Priority
    opener: CallStats | None


class SingleFlight:
    """What is under way, each in a task of its own that belongs to the scope: one waiter's end ends nothing.

    A flight is signed by, and put on the account of, whoever opened it.

    Args:
        seconds: How long one flight may take; there is no caller's deadline to end it.
    """

    def __init__(self, seconds: float = 600) -> None:
        self._seconds = seconds
        self._calls: dict[Hashable, _Call] = {}

    def do(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Result]]) -> Awaitable[Result]:
        """The answer of the flight under this key, begun with `start` if none is under way.

        Whoever joins for a person makes a background flight urgent, and with it all that it has opened.
        """
        flight = self._in_flight(key)
        if flight is None:
            return asyncio.shield(self.start(key, start))
        if current_priority.get().interactive:
            flight.priority.interactive = True
        tally = current_call_stats.get()
        if tally is not None and tally is not flight.opener:
            tally.shared += 1
        return asyncio.shield(flight.task)

    def start(
        self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Result]], *, priority: Priority | None = None
    ) -> asyncio.Task[Result]:
        """The flight under this key, begun if none is under way, for which nobody needs to wait."""
        if (flight := self._in_flight(key)) is not None:
            return flight.task
        priority = priority or current_priority.get()
        context = copy_context()
        context.run(current_priority.set, priority)
        task = asyncio.get_running_loop().create_task(self._run(start), context=context)
        self._calls[key] = _Call(task, priority, current_call_stats.get())
        task.add_done_callback(lambda done: self._on_done(key, done))
        return task

    def _in_flight(self, key: Hashable) -> _Call | None:
        """The flight under this key, unless it has ended and its end is yet to be noted.

        Whoever joined that one for something newer would have its answer at once, without the loop going on, and would
        ask for it again for ever: the note of its end would never come.
        """
        flight = self._calls.get(key)
        return None if flight is None or flight.task.done() else flight

    async def _run(self, start: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        async with asyncio.timeout(self._seconds):
            return await start()

    def _on_done(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        if (flight := self._calls.get(key)) is not None and flight.task is task:
            del self._calls[key]
        if not task.cancelled():
            # Every waiter may have gone by now; a failure nobody waits for is not worth a warning of asyncio's.
            task.exception()

    async def close(self) -> None:
        """Ends every flight and waits until it has ended."""
        tasks = [flight.task for flight in self._calls.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
