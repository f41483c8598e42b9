"""Time slices: long synchronous work runs on the event loop in pieces, and other tasks run between them.

A thread is no remedy: it holds the interpreter's lock, and at each turn the loop waits for it, the longer the more
threads there are.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from greenlet import GreenletExit, getcurrent, greenlet

from concurrency.turns import Turn, current_share

Result = TypeVar("Result")

SLICE_SECONDS: Final = 0.001
"""Length of one slice; a step between two checkpoints comes on top of it."""


class TimeSlices:
    """Jobs that take turns on an event loop: one slice in each turn of the loop, however many jobs there are.

    Args:
        seconds: The length of one slice.
        clock: Gives the time in seconds.
        at_once: The number of jobs that take turns; a later one waits until one of these is done, and holds no memory
            before.
    """

    def __init__(
        self, seconds: float = SLICE_SECONDS, clock: Callable[[], float] = time.perf_counter, at_once: int = 8
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._at_once = at_once
        self._rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return the result of `work`, which is synchronous and calls `checkpoint` often; cancellation ends the work.

        Raises:
            Exception: The error of the work.
        """
        around = self._round()
        async with around.places:
            job = _Job(work, self._clock, copy_context())
            try:
                return await self._run_slices(job, around.turn)
            finally:
                job.end()

    async def run_async(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return the result of `work`, a coroutine; each stretch between two of its waits is run in slices.

        Stretches that need no wait would otherwise join into one long turn of the loop. Cancellation reaches the work
        at a checkpoint or a wait.

        Raises:
            Exception: The error of the work.
        """
        try:
            return await _Driver(work, self._clock, self._run_stretch)
        finally:
            work.close()

    def _round(self) -> "_Round":
        loop = asyncio.get_running_loop()
        return self._rounds.setdefault(loop, _Round(Turn(), asyncio.Semaphore(self._at_once)))

    async def _run_slices(self, job: "_Job[Result]", turn: Turn) -> Result:
        while True:
            result = await self._run_turn(job, turn)
            if job.is_done:
                return result

    async def _run_turn(self, job: "_Job[Result]", turn: Turn) -> Result:
        """Run slices for as long as nothing else comes first; give the result, or None if the job is not done."""
        async with turn.taken(job.share):
            while True:
                result = job.run_for(self._seconds)
                if job.is_done or result is not None:
                    return result
                await asyncio.sleep(0)
                if not turn.stays_with(job.share):
                    return result

    async def _run_stretch(self, job: "_Job[_Stretch | None]") -> "_Stretch":
        """Run a job to its next wait or its end; it raises nothing, and a cancellation is thrown into it."""
        turn = self._round().turn
        while True:
            try:
                stretch = await self._run_turn(job, turn)
            except asyncio.CancelledError as cancelled:
                if not job.is_begun:
                    raise
                stretch = job.throw(cancelled, self._seconds)
            if stretch is not None:
                return stretch


@dataclass(frozen=True, slots=True)
class _Round:
    """The jobs of one event loop: whose turn it is, and how many take turns."""

    turn: Turn
    places: asyncio.Semaphore


class _Job(Generic[Result]):
    """Work that can be left in the middle and taken up again: a greenlet, in the context of its caller."""

    def __init__(self, work: Callable[[], Result], clock: Callable[[], float], context: Context) -> None:
        self._greenlet = greenlet(work)
        self._context = context
        self._context.run(_current_job.set, self)
        self._greenlet.gr_context = self._context
        self._clock = clock
        self._until = 0.0
        self.share = current_share()

    @property
    def is_begun(self) -> bool:
        """Tell whether the work has begun, and has not ended."""
        return bool(self._greenlet)

    @property
    def is_done(self) -> bool:
        """Tell whether the work has ended."""
        return bool(self._greenlet.dead)

    def run_for(self, seconds: float) -> Result:
        """Run the work for a time; the value is the result only if the work is done by then."""
        return self._switch(seconds, self._greenlet.switch)

    def throw(self, error: BaseException, seconds: float) -> Result:
        """Raise an error at the checkpoint at which the work is paused, and run its handler for a time."""
        return self._switch(seconds, partial(self._greenlet.throw, error))

    def _switch(self, seconds: float, switch: Callable[[], Any]) -> Result:
        begun = self._clock()
        self._greenlet.parent, self._until = getcurrent(), begun + seconds
        try:
            return cast("Result", switch())
        finally:
            self.share.used += self._clock() - begun

    def pause_if_over(self) -> None:
        """Go back to the loop if the slice is over; do nothing in a task that the work has begun."""
        if self._clock() >= self._until and getcurrent() is self._greenlet:
            self._greenlet.parent.switch(None)

    def end(self) -> None:
        """End work that is under way at its checkpoint; leave no cycle of references."""
        if not self.is_done:
            self._greenlet.throw()
        self._context.run(_current_job.set, None)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of a coroutine between two waits: the awaitable at its end, or its result or error."""

    waits_for: Any = None
    result: Any = None
    error: BaseException | None = None
    is_last: bool = True


class _Driver(Generic[Result]):
    """Runs a coroutine in one greenlet, which gives each wait to the event loop and takes its outcome.

    One greenlet for each stretch would break SQLAlchemy: its own greenlets last over waits, and return to the greenlet
    in which they were begun.
    """

    def __init__(
        self,
        work: Coroutine[Any, Any, Result],
        clock: Callable[[], float],
        run: Callable[["_Job[_Stretch | None]"], Coroutine[Any, Any, _Stretch]],
    ) -> None:
        self._work = work
        self._run = run
        self._job: _Job[_Stretch | None] = _Job(self._stretches, clock, copy_context())
        self._error: BaseException | None = None

    def __await__(self) -> Generator[Any, Any, Result]:
        try:
            stretch = yield from self._run(self._job).__await__()
            while not stretch.is_last:
                self._error = yield from _outcome(stretch.waits_for)
                stretch = yield from self._run(self._job).__await__()
        finally:
            self._job.end()
        if stretch.error is None:
            return cast("Result", stretch.result)
        try:
            raise stretch.error
        finally:
            # The error refers to this frame.
            del stretch

    def _stretches(self) -> _Stretch:
        """Run the coroutine to its end, and switch to the parent greenlet with each wait before that."""
        while True:
            error, self._error = self._error, None
            stretch = _run_stretch(self._work, error)
            del error
            if stretch.is_last:
                try:
                    return stretch
                finally:
                    # Its error refers to this frame.
                    del stretch
            try:
                getcurrent().parent.switch(stretch)
            except GreenletExit:
                self._work.close()
                raise
            except BaseException as thrown:  # noqa: BLE001 - a cancellation, which came while the next turn was waited for.
                self._error = thrown


def _outcome(waited_for: Any) -> Generator[Any, Any, BaseException | None]:
    """Wait, and give the error with which the wait ends; None if it succeeds."""
    try:
        yield waited_for
    except GeneratorExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the work must see every error, also a cancellation.
        return error
    return None


def _run_stretch(work: Coroutine[Any, Any, Any], error: BaseException | None) -> _Stretch:
    """Run a coroutine until it waits for something."""
    try:
        waits_for = work.send(None) if error is None else work.throw(error)
    except StopIteration as end:
        return _Stretch(result=end.value)
    except GreenletExit:
        raise
    except BaseException as raised:  # noqa: BLE001 - it is raised to those who wait for the coroutine.
        return _Stretch(error=raised)
    finally:
        # An error refers to this frame.
        error = None
    return _Stretch(waits_for, is_last=False)


_current_job: ContextVar[_Job[Any] | None] = ContextVar("_current_job", default=None)


def checkpoint() -> None:
    """Let others run if the slice of the present job is over; do nothing outside a job."""
    job = _current_job.get()
    if job is not None:
        job.pause_if_over()
