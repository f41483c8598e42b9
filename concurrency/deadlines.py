"""Deadlines that cost nothing until something is waited for."""

import asyncio
from collections.abc import Awaitable, Generator
from typing import Any, Generic, TypeVar, cast

Result = TypeVar("Result")


async def until(deadline: float | None, awaitable: Awaitable[Result]) -> Result:
    """Give the result of an awaitable; it is cancelled if it still waits at the deadline.

    `asyncio.timeout_at` sets a timer, and takes it back, even if nothing is ever waited for.

    Args:
        deadline: A moment of the event loop's clock, in seconds; None waits for as long as it takes.
        awaitable: The work; it is begun here even if the deadline has passed.

    Raises:
        TimeoutError: The deadline came first.
    """
    steps = awaitable.__await__()
    try:
        waits_for = next(steps)
    except StopIteration as end:
        return cast(Result, end.value)
    async with asyncio.timeout_at(deadline):
        return await _Begun(steps, waits_for)


class _Begun(Generic[Result]):
    """An awaitable that has begun, and waits for something.

    Args:
        steps: The rest of the awaitable.
        waits_for: The future that it has given to the event loop.
    """

    def __init__(self, steps: Generator[Any, Any, Result], waits_for: Any) -> None:
        self._steps = steps
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, Result]:
        waits_for = self._waits_for
        while True:
            try:
                sent = yield waits_for
            except GeneratorExit:
                self._steps.close()
                raise
            except BaseException as error:  # noqa: BLE001 - it is raised at the wait itself.
                try:
                    waits_for = self._steps.throw(error)
                except StopIteration as end:
                    return cast(Result, end.value)
            else:
                try:
                    waits_for = self._steps.send(sent)
                except StopIteration as end:
                    return cast(Result, end.value)
