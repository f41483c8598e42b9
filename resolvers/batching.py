"""Gathers the parents of one level of a query, so that a relation is answered for all of them in one call."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any

from concurrency.deadlines import until
from resolvers.errors import DeadlineError
from resolvers.views.resource_view import ViewedList

# A batch function: parents and the field's arguments in, one answer each out, an exception standing for a failed one.
BatchFunction = Callable[..., Awaitable[Sequence[Any]]]


class Batcher:
    """Collects (function, arguments) → parents until the event loop has nothing more to add, then asks once.

    Args:
        deadline: The loop's time at which every answer that is still missing becomes a DeadlineError.
    """

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._waiting: dict[Hashable, _Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def load(self, function: BatchFunction, owner: object, parent: object, *arguments: Hashable) -> asyncio.Future[Any]:
        """A future of the answer for one parent.

        Args:
            function: Called as `function(owner, parents, *arguments)`.
            owner: The object that the parents share (a view); parents of different owners are asked for separately.
            parent: The value whose relation is wanted.
            arguments: The field's arguments; equal ones are asked for together.
        """
        key = (function, id(owner), arguments)
        batch = self._waiting.get(key)
        if batch is None:
            batch = self._waiting[key] = _Batch(function, owner, arguments)
            asyncio.get_running_loop().call_soon(self._dispatch_when_quiet, key, 0)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        batch.parents.append(parent)
        batch.futures.append(future)
        return future

    def _dispatch_when_quiet(self, key: Hashable, seen_parents: int) -> None:
        """Send the batch off once a whole turn of the loop has added nobody to it."""
        batch = self._waiting[key]
        if len(batch.parents) != seen_parents:
            asyncio.get_running_loop().call_soon(self._dispatch_when_quiet, key, len(batch.parents))
            return
        del self._waiting[key]
        task = asyncio.create_task(self._answer(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, batch: "_Batch") -> None:
        try:
            answers = await until(self._deadline, batch.function(batch.owner, batch.parents, *batch.arguments))
            _check_count(batch, answers)
        except TimeoutError:
            answers = [late_error()] * len(batch.futures)
        except Exception as error:  # noqa: BLE001 - each waiting field must get its error, of any type.
            answers = [error] * len(batch.futures)
        for future, answer in zip(batch.futures, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def close(self) -> None:
        """Cancel the calls that are under way, because nobody waits for their answers any more."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


def late_error() -> DeadlineError:
    """The error of an answer that AWS did not give within the request's time."""
    return DeadlineError("The request's time was up before AWS had answered this part.")


async def answers_by_view(function: BatchFunction, parents: Sequence[Any], *arguments: Hashable) -> Sequence[Any]:
    """The answers of a batch function to parents beside their views, which is called once for each view.

    Args:
        function: Called as `function(view, values, *arguments)`.
        parents: The parents, each with its `view` and its `value`.
        arguments: The field's arguments.

    Returns:
        One answer for each parent; the exception of a failed call stands for each of its answers.
    """
    if isinstance(parents, ViewedList):
        return await function(parents.view, parents.values, *arguments)
    view = parents[0].view
    if all(parent.view is view for parent in parents):
        return await function(view, [parent.value for parent in parents], *arguments)
    places: dict[int, list[int]] = {}
    for index, parent in enumerate(parents):
        places.setdefault(id(parent.view), []).append(index)
    calls = [
        function(parents[indices[0]].view, [parents[i].value for i in indices], *arguments)
        for indices in places.values()
    ]
    answers: list[Any] = [None] * len(parents)
    for indices, result in zip(places.values(), await asyncio.gather(*calls, return_exceptions=True), strict=True):
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
        known = [result] * len(indices) if isinstance(result, Exception) else result
        for index, answer in zip(indices, known, strict=True):
            answers[index] = answer
    return answers


def _check_count(batch: "_Batch", answers: Sequence[Any]) -> None:
    """Raise ValueError for too few answers: a defect, which the waiting fields must hear of instead of waiting on."""
    if len(answers) != len(batch.futures):
        raise ValueError(f"{batch.function!r} gave {len(answers)} answers to {len(batch.futures)} parents.")


class _Batch:
    """The parents that wait for one call, and the futures of their answers."""

    __slots__ = ("arguments", "function", "futures", "owner", "parents")

    def __init__(self, function: BatchFunction, owner: object, arguments: tuple[Hashable, ...]) -> None:
        self.function = function
        self.owner = owner
        self.arguments = arguments
        self.parents: list[Any] = []
        self.futures: list[asyncio.Future[Any]] = []
