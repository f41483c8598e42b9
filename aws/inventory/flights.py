"""One flight for each thing that is being asked for: whoever asks again meanwhile joins it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from aws.tally import Tally, current_tally
from aws.urgency import Urgency, current_urgency

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Flight:
    """A task, whether somebody waits for it, and on whose account it is."""

    task: asyncio.Task[Any]
    urgency: Urgency
    opener: Tally | None


class Flights:
    """What is under way, each in a task of its own that belongs to the scope: one waiter's end ends nothing.

    A flight is signed by, and put on the account of, whoever opened it.

    Args:
        seconds: How long one flight may take; there is no caller's deadline to end it.
    """

    def __init__(self, seconds: float = 600) -> None:
        self._seconds = seconds
        self._flights: dict[Hashable, _Flight] = {}

    def join(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Answer]]) -> Awaitable[Answer]:
        """The answer of the flight under this key, begun with `start` if none is under way.

        Whoever joins for a person makes a background flight urgent, and with it all that it has opened.
        """
        flight = self._under_way(key)
        if flight is None:
            return asyncio.shield(self.begin(key, start))
        if current_urgency.get().person_waits:
            flight.urgency.person_waits = True
        tally = current_tally.get()
        if tally is not None and tally is not flight.opener:
            tally.shared += 1
        return asyncio.shield(flight.task)

    def begin(
        self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Answer]], *, urgency: Urgency | None = None
    ) -> asyncio.Task[Answer]:
        """The flight under this key, begun if none is under way, for which nobody needs to wait."""
        if (flight := self._under_way(key)) is not None:
            return flight.task
        urgency = urgency or current_urgency.get()
        context = copy_context()
        context.run(current_urgency.set, urgency)
        task = asyncio.get_running_loop().create_task(self._fly(start), context=context)
        self._flights[key] = _Flight(task, urgency, current_tally.get())
        task.add_done_callback(lambda done: self._landed(key, done))
        return task

    def _under_way(self, key: Hashable) -> _Flight | None:
        """The flight under this key, unless it has ended and its end is yet to be noted.

        Whoever joined that one for something newer would have its answer at once, without the loop going on, and would
        ask for it again for ever: the note of its end would never come.
        """
        flight = self._flights.get(key)
        return None if flight is None or flight.task.done() else flight

    async def _fly(self, start: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        async with asyncio.timeout(self._seconds):
            return await start()

    def _landed(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        if (flight := self._flights.get(key)) is not None and flight.task is task:
            del self._flights[key]
        if not task.cancelled():
            # Every waiter may have gone by now; a failure nobody waits for is not worth a warning of asyncio's.
            task.exception()

    async def close(self) -> None:
        """Ends every flight and waits until it has ended."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
