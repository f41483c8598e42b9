"""Single-flight: concurrent callers of one key share one call."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from concurrency.priority import Priority, current_priority

Result = TypeVar("Result")


class SharedCounter(Protocol):
    """Counts the answers that a caller got from a call that another one had begun.

    Attributes:
        shared: The number of such answers so far.
    """

    shared: int


@dataclass(frozen=True, slots=True)
class _Call:
    """A task, its priority, and the counter of the caller that began it."""

    task: asyncio.Task[Any]
    priority: Priority
    opener: SharedCounter | None


class SingleFlight:
    """Calls under way by key. Each runs in a task of its own, so that no waiter's cancellation ends it.

    A call keeps the context variables (credentials, account of calls) of the caller that began it.

    Args:
        seconds: The most seconds that one call may take; None for no limit.
        counter: Gives the current caller's counter; None counts nothing.
        closed_error: Makes the error that callers get once the group is closed. None leaves a closed group usable.
    """

    def __init__(
        self,
        seconds: float | None = 600,
        *,
        counter: Callable[[], SharedCounter | None] = lambda: None,
        closed_error: Callable[[], Exception] | None = None,
    ) -> None:
        self._seconds = seconds
        self._counter = counter
        self._closed_error = closed_error
        self._is_closed = False
        self._calls: dict[Hashable, _Call] = {}

    def do(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Result]]) -> Coroutine[Any, Any, Result]:
        """Return the result, to be awaited, of the call under `key`; `start` begins one if none is under way.

        An interactive caller that joins a background call makes it interactive, and with it all that it has begun.

        Raises:
            TimeoutError: The call took longer than the limit.
            Exception: The error of the call, or `closed_error` if the group is closed.
        """
        call = self._in_flight(key)
        if call is None:
            return self._outcome(self.start(key, start))
        if current_priority.get().interactive:
            call.priority.interactive = True
        counter = self._counter()
        if counter is not None and counter is not call.opener:
            counter.shared += 1
        return self._outcome(call.task)

    def start(
        self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Result]], *, priority: Priority | None = None
    ) -> asyncio.Task[Result]:
        """Return the task of the call under `key`; `start` begins one if none is under way. Nobody needs to await it.

        Args:
            key: Identifies the call.
            start: Makes the coroutine of a new call.
            priority: The priority of a new call; None takes the current caller's.

        Raises:
            Exception: `closed_error`: the group is closed.
        """
        if (call := self._in_flight(key)) is not None:
            return call.task
        if self._is_closed and self._closed_error is not None:
            raise self._closed_error()
        priority = priority or current_priority.get()
        context = copy_context()
        context.run(current_priority.set, priority)
        task = asyncio.get_running_loop().create_task(self._run(start), context=context)
        self._calls[key] = _Call(task, priority, self._counter())
        task.add_done_callback(lambda done: self._on_done(key, done))
        return task

    def is_running(self, key: Hashable) -> bool:
        """Tell whether a call under this key is under way."""
        return self._in_flight(key) is not None

    async def close(self) -> None:
        """Cancel every call and wait until it has ended."""
        self._is_closed = True
        tasks = [call.task for call in self._calls.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _in_flight(self, key: Hashable) -> _Call | None:
        """The call under this key, unless it has ended and its done callback is yet to run.

        A caller that joined an ended call for something newer would get its result without yielding to the loop, and
        would ask again for ever: the callback would never run.
        """
        call = self._calls.get(key)
        return None if call is None or call.task.done() else call

    async def _run(self, start: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        async with asyncio.timeout(self._seconds):
            return await start()

    async def _outcome(self, task: asyncio.Task[Result]) -> Result:
        if self._closed_error is None:
            return await asyncio.shield(task)
        await asyncio.wait([task])
        if task.cancelled():
            raise self._closed_error()
        return task.result()

    def _on_done(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        if (call := self._calls.get(key)) is not None and call.task is task:
            del self._calls[key]
        if not task.cancelled():
            # Retrieve the error: every waiter may be gone, and asyncio would report it as never retrieved.
            task.exception()
