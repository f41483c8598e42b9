"""Cancel a request's work when its client disconnects."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Receive


class ClientDisconnectedError(Exception):
    """The client closed its connection before it was answered."""


@asynccontextmanager
async def cancel_on_disconnect(receive: Receive) -> AsyncIterator[None]:
    """Cancels the block when the client leaves. The request's body must have been read before.

    Raises:
        ClientLeftError: The client has left, and the block has ended.
    """
    work = asyncio.current_task()
    assert work is not None  # noqa: S101 - a coroutine runs in a task.
    left = False

    async def watch() -> None:
        nonlocal left
        while (await receive())["type"] != "http.disconnect":
            pass
        left = True
        work.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        # Somebody else may have cancelled it too, such as a server that ends; that stands.
        if left and work.uncancel() == 0:
            raise ClientDisconnectedError from None
        raise
    finally:
        watching.cancel()
