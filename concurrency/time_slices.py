"""Time slices: long synchronous work runs on the event loop in pieces, between which everyone else is served.

A thread would not do: it holds the interpreter's lock, and the loop waits for it at each turn, the longer the more
threads there are.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from greenlet import getcurrent, greenlet

Result = TypeVar("Result")

SLICE_SECONDS: Final = 0.001
"""The time of one slice; a step between two checkpoints comes on top of it."""


class TimeSlices:
    """Round robin of jobs on an event loop: one slice in each turn of the loop, however many jobs there are.

    Args:
        seconds: The time of one slice.
        clock: Gives the time in seconds.
        at_once: Jobs that take turns; later ones wait until one of these is done, and hold no memory before.
    """

    def __init__(
        self, seconds: float = SLICE_SECONDS, clock: Callable[[], float] = time.perf_counter, at_once: int = 8
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._at_once = at_once
        self._rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return the result of synchronous work that calls `checkpoint` often; its cancellation ends the work.

        Raises:
            Exception: The error of the work.
        """
        around = self._round()
        async with around.places:
            job = _Job(work, self._clock)
            try:
                return await self._run_slices(job, around.turn)
            finally:
                job.end()

    async def begin(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return the result of work that waits for others; its first step has a turn of the loop for itself.

        What is known already is worked out in that step, and many at once would make one long turn.
        """
        task: asyncio.Task[Result] | None = None
        try:
            async with self._round().turn:
                task = asyncio.create_task(work)
                await asyncio.sleep(0)
            return await task
        finally:
            if task is None:
                work.close()
            else:
                task.cancel()

    def _round(self) -> "_Round":
        loop = asyncio.get_running_loop()
        return self._rounds.setdefault(loop, _Round(asyncio.Lock(), asyncio.Semaphore(self._at_once)))

    async def _run_slices(self, job: "_Job[Result]", turn: asyncio.Lock) -> Result:
        while True:
            async with turn:
                result = job.run_until(self._clock() + self._seconds)
                if job.is_done:
                    return result
                await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class _Round:
    """The jobs of one event loop: whose turn it is, and how many take turns."""

    turn: asyncio.Lock
    places: asyncio.Semaphore


class _Job(Generic[Result]):
    """Work that can be left in the middle and taken up again: a greenlet, in the context of its caller."""

    def __init__(self, work: Callable[[], Result], clock: Callable[[], float]) -> None:
        self._greenlet = greenlet(work)
        self._context = copy_context()
        self._context.run(_current_job.set, self)
        self._greenlet.gr_context = self._context
        self._clock = clock
        self._until = 0.0

    @property
    def is_done(self) -> bool:
        """Tell whether the work has ended."""
        return bool(self._greenlet.dead)

    def run_until(self, until: float) -> Result:
        """Run the work up to a time; what this gives is the result if the work is done by then."""
        self._greenlet.parent, self._until = getcurrent(), until
        return cast("Result", self._greenlet.switch())

    def pause_if_over(self) -> None:
        """Go back to the loop if the slice is over."""
        if self._clock() >= self._until:
            self._greenlet.parent.switch()

    def end(self) -> None:
        """End work that is under way where it is; leave no cycle of references."""
        if not self.is_done:
            self._greenlet.throw()
        self._context.run(_current_job.set, None)


_current_job: ContextVar[_Job[Any] | None] = ContextVar("_current_job", default=None)


def checkpoint() -> None:
    """Let others run if the slice of the present job is over; do nothing outside a job."""
    job = _current_job.get()
    if job is not None:
        job.pause_if_over()
