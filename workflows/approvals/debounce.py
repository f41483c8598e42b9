"""Debounce triggers: run a function once for many calls, with a minimum interval."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

_log = logging.getLogger("sagegraph.approvals")


class Debouncer:
    """Calls a function soon after a trigger, while the block runs: many triggers during a call or its pause are one.

    Args:
        function: The function; its errors are logged.
        min_interval: Seconds after each call before the next one.
    """

    def __init__(self, function: Callable[[], Awaitable[None]], min_interval: float = 2) -> None:
        self._function = function
        self._min_interval = min_interval
        self._triggered = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="approvals/debounce")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def trigger(self) -> None:
        """Have the function called soon; returns at once."""
        self._triggered.set()

    async def _run(self) -> None:
        while True:
            await self._triggered.wait()
            self._triggered.clear()
            try:
                await self._function()
            except Exception:  # noqa: BLE001 - it is triggered again after any error.
                _log.exception("A poll that a webhook triggered failed; the next poll is not affected.")
            await asyncio.sleep(self._min_interval)
