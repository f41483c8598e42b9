"""Debounce triggers: run a function once for many calls, with a minimum interval."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

_log = logging.getLogger("sagegraph.jira")


class Debouncer:
    """Calls a function when woken, while the block runs: once for however many calls come while it runs or rests.

    Args:
        function: What is called. An error of its own is logged.
        min_interval: Seconds after each call in which it is not called again, however often it is woken.
    """

    def __init__(self, function: Callable[[], Awaitable[None]], min_interval: float = 2) -> None:
        self._function = function
        self._min_interval = min_interval
        self._triggered = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="jira/waking")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def trigger(self) -> None:
        """Has the function called soon; returns at once."""
        self._triggered.set()

    async def _run(self) -> None:
        while True:
            await self._triggered.wait()
            self._triggered.clear()
            try:
                await self._function()
            except Exception:  # noqa: BLE001 - it is woken again, whatever the function meets.
                _log.exception("What Jira has woken failed; the next look comes all the same.")
            await asyncio.sleep(self._min_interval)
