"""Cancel a request's work when its client disconnects."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.types import Receive

WATCH_AFTER_SECONDS: Final = 0.05
"""Most requests are answered before this, and nobody has to watch their clients: that takes a task for each."""


class ClientDisconnectedError(Exception):
    """The client closed its connection before it was answered."""


@asynccontextmanager
async def cancel_on_disconnect(receive: Receive) -> AsyncIterator[None]:
    """Cancel the block when the client leaves. The request's body must have been read before.

    Raises:
        ClientDisconnectedError: The client has left, and the block has ended.
    """
    work = asyncio.current_task()
    assert work is not None  # noqa: S101 - a coroutine runs in a task.
    left = False
    watching: asyncio.Task[None] | None = None

    async def watch() -> None:
        nonlocal left
        while (await receive())["type"] != "http.disconnect":
            pass
        left = True
        work.cancel()

    def start() -> None:
        nonlocal watching
        watching = asyncio.create_task(watch())

    timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, start)
    try:
        yield
    except asyncio.CancelledError:
        # Somebody else may have cancelled it too, such as a server that ends; that stands.
        if left and work.uncancel() == 0:
            raise ClientDisconnectedError from None
        raise
    finally:
        timer.cancel()
        if watching is not None:
            watching.cancel()
