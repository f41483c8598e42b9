"""Single-flight: one task serves all who wait for it, and outlives their cancellation."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from auth.errors import CredentialsUnavailableError

Result = TypeVar("Result")


class TaskOwner:
    """Owns the tasks of all flights, so that none of them outlives the store."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    def start(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> asyncio.Task[Result]:
        """Begin the work.

        Raises:
            CredentialsUnavailableError: The flights are closed.
        """
        if self._is_closed:
            raise CredentialsUnavailableError("The gateway is shutting down.")
        task = asyncio.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    async def close(self) -> None:
        """Stop what is under way, and begin nothing more."""
        self._is_closed = True
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Everyone who waited may have gone away; a failure that nobody hears of is no defect.
            task.exception()


class SharedTask(Generic[Result]):
    """One piece of work: whoever comes while it is under way gets its outcome, good or bad.

    Args:
        owner: Who owns the task.
        work: What to do.
    """

    def __init__(self, owner: TaskOwner, work: Callable[[], Coroutine[Any, Any, Result]]) -> None:
        self._owner = owner
        self._work = work
        self._task: asyncio.Task[Result] | None = None

    def start(self) -> asyncio.Task[Result]:
        """Give the task that is under way, or a new one."""
        if self._task is None or self._task.done():
            self._task = self._owner.start(self._work)
        return self._task

    async def wait(self) -> Result:
        """Await the outcome of the work under way, or of new work. Being cancelled here leaves the work running.

        Raises:
            CredentialsUnavailableError: The flights were closed meanwhile.
        """
        task = self.start()
        await asyncio.wait([task])
        if task.cancelled():
            raise CredentialsUnavailableError("The gateway is shutting down.")
        return task.result()
