"""Cancel a request's work when its client disconnects."""

import asyncio
from typing import Final

from starlette.types import Receive

WATCH_AFTER_SECONDS: Final = 0.05
"""Most requests are answered before this, so that their clients need not be watched: that takes a task for each."""


class ClientDisconnectedError(Exception):
    """The client closed its connection before it was answered."""


class cancel_on_disconnect:  # noqa: N801 - it is used as a function: each request enters it, and generators are slow.
    """Cancel the block when the client leaves. The request's body must have been read before.

    Args:
        receive: The ASGI function that gives the client's messages.

    Raises:
        ClientDisconnectedError: The client has left, and the block has ended.
    """

    __slots__ = ("_left", "_receive", "_timer", "_watching", "_work")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = False
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        work = asyncio.current_task()
        assert work is not None  # noqa: S101 - a coroutine runs in a task.
        self._work = work
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, self._start)

    async def __aexit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if kind is not None and issubclass(kind, asyncio.CancelledError):
            # Another cancellation, such as by a server that ends, still counts.
            left, work = self._left, self._work
            if left and work.uncancel() == 0:
                raise ClientDisconnectedError from None

    def _start(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        self._work.cancel()
